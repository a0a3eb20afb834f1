/// STUB until the client branch lands
package enum StoreError: Error {
    case stub
    var isUnavailable: Bool { true }
}
package struct FileStore: PackageStore {
    let folder: String
    package init(folder: String) { self.folder = folder }
    package var location: String { folder }
    package func list(prefix: String) async throws(StoreError) -> [StoredObject] {
        PackageCache(folder: folder).names().filter { $0.hasPrefix(prefix) }.map {
            StoredObject(name: $0, byteCount: 0, entityTag: nil)
        }
    }
    package func head(_ name: String) async throws(StoreError) -> StoredObject { throw .stub }
    package func get(_ name: String, unless entityTag: String?, limit: Int, into sink: any StoreSink)
        async throws(StoreError) -> FetchResult
    {
        do {
            let bytes = try contents(ofFile: "\(folder)/\(name)", limit: limit)
            try sink.begin(byteCount: bytes.count)
            try sink.write(bytes.span.bytes)
            return .fetched(entityTag: nil)
        } catch { throw .stub }
    }
    package func put(_ name: String, from source: StoreSource, progress: @escaping @Sendable (Int) -> Void)
        async throws(StoreError)
    {}
}
