/// The rule for the names of models.
package enum QualifiedName {
    /// Bytes that a name may have; default 100.
    package static let longest = 100

    /// Whether a name is made of lower-case letters, digits and underscores only: it stands in URLs, file names and metrics.
    package static func isValid(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == underscore }
    }

    /// The last component of a class path in snake case: `a.b.InsuranceChargesModel` gives `insurance_charges_model`,
    /// `HTTPModel2X` gives `http_model2_x`; nil when that is no valid name.
    package static func derived(fromClassPath path: String) -> String? {
        let name = Array((path.split(separator: ".").last ?? "").utf8)
        var result: [UInt8] = []
        for (index, byte) in name.enumerated() {
            if isUpper(byte), index > 0, name[index - 1] != underscore {
                let beginsWord = !isUpper(name[index - 1]) || index + 1 < name.count && isLower(name[index + 1])
                if beginsWord { result.append(underscore) }
            }
            result.append(isUpper(byte) ? byte | 0x20 : byte)
        }
        let derived = String(decoding: result, as: UTF8.self)
        return isValid(derived) ? derived : nil
    }

    private static let underscore = UInt8(ascii: "_")

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
