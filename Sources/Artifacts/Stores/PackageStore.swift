/// Where packages are kept, by name.
package protocol PackageStore: Sendable {
    /// The place, for messages: `models`, `s3://bucket/prefix`.
    var location: String { get }

    /// What is there whose name begins with `prefix`, in the order of names.
    func list(prefix: String) async throws(StoreError) -> [StoredObject]

    /// What is known of an object without its content.
    func head(_ name: String) async throws(StoreError) -> StoredObject

    /// Fetches an object.
    ///
    /// - Parameters:
    ///   - entityTag: the tag of a version that the caller has: it is not fetched again.
    ///   - limit: the most bytes that are taken; a larger object is refused.
    ///   - sink: takes the content piece by piece, in order.
    func get(
        _ name: String, unless entityTag: String?, limit: Int, into sink: any StoreSink
    ) async throws(StoreError) -> FetchResult

    /// Stores an object whole or not at all.
    ///
    /// - Parameter progress: told how many bytes have gone so far.
    func put(
        _ name: String, from source: StoreSource, progress: @escaping @Sendable (Int) -> Void
    ) async throws(StoreError)
}

/// An object of a store.
package struct StoredObject: Sendable, Hashable {
    package let name: String
    package let byteCount: Int
    /// Changes with the content; `nil` where the store has none.
    package let entityTag: String?

    package init(name: String, byteCount: Int, entityTag: String?) {
        self.name = name
        self.byteCount = byteCount
        self.entityTag = entityTag
    }
}

/// How a fetch ended.
package enum FetchResult: Sendable, Hashable {
    /// The caller's version is the present one.
    case notModified
    case fetched(entityTag: String?)
}

/// What takes an object's content.
package protocol StoreSink: Sendable {
    /// Called before the first piece, and again when a transfer begins anew: what came before counts for nothing.
    ///
    /// - Parameter byteCount: How many bytes will come, where the store says it.
    func begin(byteCount: Int?) throws
    func write(_ piece: RawSpan) throws
}

/// What is stored.
package enum StoreSource: Sendable {
    case bytes([UInt8])
    /// A file that is read as it goes, twice: for its digest and for its content.
    case file(String)
}
