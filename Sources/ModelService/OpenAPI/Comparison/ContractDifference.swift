/// One thing in which a contract is not what it was.
package struct ContractDifference: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case added, removed, changed
    }

    package let kind: Kind
    /// Where: an operation, or a component and the way to one of its fields.
    package let place: String
    /// What about it; empty when the place says all.
    package let detail: String
    /// Whether a caller that was right before may fail now.
    package let isBreaking: Bool

    package var description: String {
        let text = (isBreaking ? "breaking  " : "          ") + kind.rawValue.padded(to: 8) + place
        let line = detail.isEmpty ? text : "\(text): \(detail)"
        // A key of a file may hold what would move a terminal's cursor.
        return String(
            String.UnicodeScalarView(line.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    }
}

/// What a change does to the set of values that a schema allows.
struct Effect: OptionSet {
    let rawValue: UInt8

    /// Values that were allowed are not any more.
    static let narrows = Effect(rawValue: 1)
    /// Values are allowed that were not.
    static let widens = Effect(rawValue: 2)
    /// Nobody knows which, so both.
    static let unknown: Effect = [.narrows, .widens]
}

/// Which way values of a schema go.
struct Direction: OptionSet {
    let rawValue: UInt8

    /// From the caller to the service.
    static let input = Direction(rawValue: 1)
    /// From the service to the caller.
    static let output = Direction(rawValue: 2)

    /// Whether a caller may fail: what it sends is refused, or it is answered what it could not expect.
    func isBroken(by effect: Effect) -> Bool {
        contains(.input) && effect.contains(.narrows) || contains(.output) && effect.contains(.widens)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count)) + " "
    }
}
