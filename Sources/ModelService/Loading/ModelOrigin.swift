package import Artifacts

/// Where a model comes from.
package enum ModelOrigin: Sendable, Equatable {
    /// The executable brings it along.
    case builtIn
    case package(PackageOrigin)

    /// The digest of the package's content; `nil` for a model that the executable brings along.
    var digest: String? {
        if case .package(let package) = self { "\(package.provenance.digest)" } else { nil }
    }

    /// What the log adds about the origin; nothing for a model that the executable brings along.
    var remark: String {
        guard case .package(let package) = self else { return "" }
        let provenance = package.provenance
        let signer = provenance.signer.map { "signed by \($0.keyID) (\($0.algorithm.rawValue))" } ?? "unsigned"
        return ": parameters \(package.identity.parametersVersion), \(signer), sha256 \(provenance.digest)"
    }
}

/// The package that a model was made from.
package struct PackageOrigin: Sendable, Equatable {
    /// What the parameters are, for a person: "LightGBM, 100 trees".
    package let summary: String
    package let identity: PackageIdentity
    package let provenance: PackageProvenance
    /// Where it was found.
    package let location: String
    /// What went wrong on the way and did no harm.
    package let warnings: [String]
    /// What the store calls the archive; `nil` where that is not known.
    let entityTag: String?
    /// For fetching what the store has unless it is this.
    let known: KnownPackage?

    init(_ fetched: FetchedPackage, summary: String) {
        self.summary = summary
        identity = fetched.package.identity
        provenance = fetched.package.provenance
        location = fetched.location
        warnings = fetched.warnings
        entityTag = fetched.entityTag
        known = fetched.known
    }
}
