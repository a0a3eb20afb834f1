/// Which package: what its file is called, and what its signature says.
package struct PackageIdentity: Sendable, Hashable {
    package let qualifiedName: String
    /// The version of the model's interface, such as `0.1.0`.
    package let version: String
    /// Which training the parameters come from, such as `2026_11_20`.
    package let parametersVersion: String

    package init(qualifiedName: String, version: String, parametersVersion: String) {
        self.qualifiedName = qualifiedName
        self.version = version
        self.parametersVersion = parametersVersion
    }

    /// The most characters of each version, 64.
    package static let longestVersion = 64

    /// Whether a text can be a version: a part of a file name without `-`, which separates.
    package static func isValid(version: String) -> Bool {
        (1...longestVersion).contains(version.utf8.count)
            && version.first != "."
            && version.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"):
                    true
                default: false
                }
            }
    }

    /// `{qualified_name}-{version}-{parameters_version}.zip`.
    package var fileName: String { "\(qualifiedName)-\(version)-\(parametersVersion).zip" }

    /// Reads a file's name; `nil` for one of another form.
    package init?(fileName: String) {
        guard fileName.hasSuffix(".zip") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, parts[1...].allSatisfy(Self.isValid) else { return nil }
        self.init(qualifiedName: parts[0], version: parts[1], parametersVersion: parts[2])
    }
}

extension PackageIdentity: CustomStringConvertible {
    package var description: String { "\(qualifiedName) \(version) (parameters \(parametersVersion))" }
}

extension PackageIdentity: Comparable {
    /// Older before newer: numbers in versions count as numbers, `0.9.1` before `0.10.0`.
    package static func < (a: PackageIdentity, b: PackageIdentity) -> Bool {
        for (mine, other) in [(a.version, b.version), (a.parametersVersion, b.parametersVersion)] where mine != other {
            return Self.isOlder(mine, than: other)
        }
        return false
    }

    private static func isOlder(_ a: String, than b: String) -> Bool {
        let (a, b) = (parts(of: a), parts(of: b))
        for (mine, other) in zip(a, b) where mine != other {
            if let mine = Int(mine), let other = Int(other), mine != other { return mine < other }
            return mine < other
        }
        return a.count < b.count
    }

    /// `1.10_rc2` as `1`, `10`, `rc`, `2`.
    private static func parts(of version: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = version[...]
        while let first = rest.first {
            let isNumber = first.isNumber
            let part = rest.prefix { $0.isNumber == isNumber && !"._+".contains($0) }
            rest = rest.dropFirst(max(part.count, 1))
            if !part.isEmpty { parts.append(part) }
        }
        return parts
    }
}
