/// Where packages are kept, by name.
package protocol PackageStore: Sendable {
    /// The place as messages name it: a folder, or `s3://bucket/prefix`.
    var location: String { get }

    /// The objects whose names begin with `prefix`, ordered by their names' bytes.
    func list(prefix: String) async throws(StoreError) -> [StoredObject]

    /// What the store knows of an object without its content.
    func head(_ name: String) async throws(StoreError) -> StoredObject

    /// Fetches an object.
    ///
    /// - Parameters:
    ///   - ifNoneMatch: the entity tag of the content that the caller has, which is not fetched again.
    ///   - limit: the most bytes that are taken; of a larger object the sink gets no more.
    ///   - progress: told how many bytes have come, and how many there will be where that is known; it starts again
    ///     from nothing when the transfer does.
    ///   - sink: takes the content in order.
    func get(
        _ name: String, ifNoneMatch entityTag: String?, limit: Int, progress: StoreProgress?, into sink: any StoreSink
    ) async throws(StoreError) -> FetchResult

    /// Stores an object: whole, or not at all.
    ///
    /// - Parameter progress: told how many bytes have gone, of how many.
    func put(_ name: String, from source: StoreSource, progress: StoreProgress?) async throws(StoreError)
}

/// Is told how far a transfer is, in bytes; on any thread.
package typealias StoreProgress = @Sendable (_ byteCount: Int, _ expectedByteCount: Int?) -> Void

extension PackageStore {
    /// Fetches an object that the caller does not have, without progress.
    package func get(_ name: String, limit: Int, into sink: any StoreSink) async throws(StoreError) -> FetchResult {
        try await get(name, ifNoneMatch: nil, limit: limit, progress: nil, into: sink)
    }

    /// An object's bytes.
    ///
    /// - Parameter limit: the most bytes that are taken; a larger object is refused.
    package func contents(of name: String, limit: Int) async throws(StoreError) -> [UInt8] {
        let sink = MemorySink(limit: limit)
        _ = try await get(name, limit: limit, into: sink)
        return sink.takeBytes()
    }

    /// Stores an object without progress.
    package func put(_ name: String, from source: StoreSource) async throws(StoreError) {
        try await put(name, from: source, progress: nil)
    }
}

/// An object of a store.
package struct StoredObject: Sendable, Hashable {
    package let name: String
    package let byteCount: Int
    /// Another one for other content; `nil` where the store tells none.
    package let entityTag: String?
    /// When it was stored, in seconds since 1970 (UTC); `nil` where the store tells no time.
    package let modified: Int?

    package init(name: String, byteCount: Int, entityTag: String?, modified: Int? = nil) {
        self.name = name
        self.byteCount = byteCount
        self.entityTag = entityTag
        self.modified = modified
    }
}

/// What a fetch came to.
package enum FetchResult: Sendable, Hashable {
    /// The caller has the present content; the sink got nothing.
    case notModified
    case fetched(entityTag: String?)
}

/// Takes an object's content, on a thread of the store's.
package protocol StoreSink: Sendable {
    /// The content begins: called once before the first piece, and once more whenever the store has to start over
    /// because a transfer broke off; what came before is void then.
    ///
    /// - Parameter byteCount: how many bytes will come, where that is known.
    func begin(byteCount: Int?) throws
    /// The next piece.
    func write(_ piece: RawSpan) throws
}

/// What is to be stored.
package enum StoreSource: Sendable {
    case bytes([UInt8])
    /// The path of a regular file, which is read in pieces, and may be read twice.
    case file(String)
}
