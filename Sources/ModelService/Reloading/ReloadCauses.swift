/// Why the service is to look again at what it serves.
package struct ReloadCauses: OptionSet, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Somebody asks for it: SIGHUP.
    package static let signal = ReloadCauses(rawValue: 1)
    /// A file has changed that the configuration is made of, or a key.
    static let files = ReloadCauses(rawValue: 2)
    /// Packages have changed, or newer ones are there; the configuration stays as it is.
    static let packages = ReloadCauses(rawValue: 4)

    /// Whether the configuration is read anew.
    var readsConfiguration: Bool { !isDisjoint(with: [.signal, .files]) }

    package var description: String {
        let names: [(ReloadCauses, String)] = [
            (.signal, "SIGHUP"), (.files, "a changed file"), (.packages, "changed packages"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}
