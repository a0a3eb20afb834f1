/// The keys that a service trusts.
///
/// What algorithm a signature has is said here, and by nothing that comes with a package.
package struct KeyRing: Sendable {
    package let keys: [SigningKey]

    /// - Throws: ``KeyError`` for two keys with the same id, and for two primary ones.
    package init(_ keys: [SigningKey]) throws(KeyError) {
        var primary: SigningKey?
        var ids: Set<String> = []
        for key in keys {
            guard ids.insert(key.id).inserted else { throw .repeatedID(key.id) }
            guard key.status == .primary else { continue }
            if let primary { throw .twoPrimaries(primary.id, key.id) }
            primary = key
        }
        self.keys = keys
    }

    /// The key that may verify what `id` signed.
    ///
    /// - Throws: ``KeyError`` for an unknown and for a disabled key.
    package func verifyingKey(id: String) throws(KeyError) -> SigningKey {
        guard let key = keys.first(where: { $0.id == id }) else {
            throw .unknown(id: id, known: keys.filter { $0.status != .disabled }.map(\.id))
        }
        guard key.status != .disabled else { throw .disabled(id: id) }
        return key
    }

    /// The key that signs.
    package func signingKey() throws(KeyError) -> SigningKey {
        guard !keys.isEmpty else { throw .noKeys }
        guard let key = keys.first(where: { $0.status == .primary }) else { throw .noPrimary }
        return key
    }

    /// The keys that may have made a signature that names none, in the ring's order.
    func verifyingKeys(_ algorithm: SignatureAlgorithm) -> [SigningKey] {
        keys.filter { $0.algorithm == algorithm && $0.status != .disabled }
    }
}
