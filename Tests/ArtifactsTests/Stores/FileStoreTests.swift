import Artifacts
import Glibc
import TestSupport
import Testing

@Suite("A store in a folder")
struct FileStoreTests {
    private let folder = TemporaryFolder()
    private var store: FileStore { FileStore(folder.path) }

    @Test("gives back what was stored, and says how big and how old it is")
    func roundTrip() async throws {
        for content in [[], [1], [UInt8](repeating: 7, count: 1_000_000)] as [[UInt8]] {
            try await store.put("model.zip", from: .bytes(content))
            #expect(try await store.contents(of: "model.zip", limit: content.count) == content)
            let object = try store.head("model.zip")
            #expect(object.byteCount == content.count)
            #expect(abs((object.modified ?? 0) - time(nil)) < 60)
        }
    }

    @Test("stores a file, with progress")
    func file() async throws {
        let source = folder.write("source.txt", String(repeating: "0123456789", count: 100_000))
        let progress = Pieces()
        try store.put("copy.txt", from: .file(source)) { count, total in progress.append(count, total) }
        #expect(try Repository.bytes(of: folder.path + "/copy.txt") == Repository.bytes(of: source))
        #expect(progress.counts.last == 1_000_000)
        #expect(progress.counts == progress.counts.sorted())
        #expect(progress.totals.allSatisfy { $0 == 1_000_000 })
    }

    @Test("does not send what the caller has, and knows when it has changed")
    func entityTag() async throws {
        try await store.put("a", from: .bytes([1]))
        let sink = MemorySink(limit: 10)
        guard case .fetched(let tag?) = try await store.get("a", limit: 10, into: sink) else {
            Issue.record("there is no tag")
            return
        }
        #expect(try store.get("a", ifNoneMatch: tag, limit: 10, progress: nil, into: sink) == .notModified)
        #expect(sink.takeBytes() == [1])
        // Replaced by as many bytes, maybe within the clock's grain: the file is another one.
        try await store.put("a", from: .bytes([2]))
        #expect(try store.get("a", ifNoneMatch: tag, limit: 10, progress: nil, into: sink) != .notModified)
        #expect(sink.takeBytes() == [2])
    }

    @Test("lists files by their names, without folders, hidden files and what has another prefix")
    func list() async throws {
        for name in ["b-2", "b-10", "a-1", "c"] { try await store.put(name, from: .bytes([1, 2])) }
        folder.write(".hidden", "x")
        folder.write("b-folder/x", "x")
        #expect(try store.list(prefix: "").map(\.name) == ["a-1", "b-10", "b-2", "c"])
        #expect(try store.list(prefix: "b").map(\.name) == ["b-10", "b-2"])
        #expect(try store.list(prefix: "b").allSatisfy { $0.byteCount == 2 && $0.entityTag != nil })
        #expect(try store.list(prefix: "nothing").isEmpty)
    }

    @Test(
        "refuses a name that is no file's of the folder",
        arguments: ["", ".", "..", "../a", "a/b", "/etc/passwd", ".hidden", "a\0b", String(repeating: "x", count: 250)])
    func names(name: String) async throws {
        let error = await #expect(throws: StoreError.self) { try await store.put(name, from: .bytes([])) }
        #expect(error?.description.contains("can't be the name of an object") == true)
        #expect(error?.isUnavailable == false)
        await #expect(throws: StoreError.self) { try await store.contents(of: name, limit: 10) }
        #expect(throws: StoreError.self) { try store.head(name) }
    }

    @Test("says what is wrong with a file")
    func failures() async throws {
        let path = folder.path
        var error = await #expect(throws: StoreError.self) { try await store.contents(of: "a", limit: 10) }
        #expect(error?.description == "\(path)/a: there is no such object; check its name and the bucket or folder")

        try await store.put("a", from: .bytes([1, 2, 3]))
        error = await #expect(throws: StoreError.self) { try await store.contents(of: "a", limit: 2) }
        #expect(error?.description == "\(path)/a: the object has more than 2 bytes, the most that are taken")

        mkdir(path + "/folder", 0o755)
        error = await #expect(throws: StoreError.self) { try await store.contents(of: "folder", limit: 2) }
        #expect(error?.description == "\(path)/folder: this is not a regular file")

        // Opening a pipe that nobody writes to must not wait.
        mkfifo(path + "/pipe", 0o644)
        error = await #expect(throws: StoreError.self) { try await store.contents(of: "pipe", limit: 2) }
        #expect(error?.description == "\(path)/pipe: this is not a regular file")

        error = #expect(throws: StoreError.self) { try FileStore("/no/such/folder").list(prefix: "") }
        #expect(error?.description == "/no/such/folder: cannot list: No such file or directory")
    }

    @Test("leaves the old object and no rubbish when storing fails")
    func failedPut() async throws {
        try await store.put("a", from: .bytes([1]))
        // A source that can be opened and not read: the failure comes after the temporary file was made.
        let error = await #expect(throws: StoreError.self) { try await store.put("a", from: .file("/proc/self/mem")) }
        #expect(error?.description.contains("/proc/self/mem") == true)
        #expect(try await store.contents(of: "a", limit: 10) == [1])
        #expect(try entries(of: folder.path) == ["a"])
    }

    @Test("says that a disk is full")
    func fullDisk() {
        let error = StoreError.fileFailed(path: "/cache/a", operation: "write", errno: ENOSPC)
        #expect(error.description == "/cache/a: cannot write: the disk is full; make room and try again")
    }

    private struct Refusal: Error {}

    private struct RefusingSink: StoreSink {
        func begin(byteCount: Int?) {}
        func write(_ piece: RawSpan) throws { throw Refusal() }
    }

    @Test("passes on the error of a sink")
    func sink() async throws {
        try await store.put("a", from: .bytes([1]))
        let error = await #expect(throws: StoreError.self) { try await store.get("a", limit: 1, into: RefusingSink()) }
        guard case .sinkFailed(_, is Refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private func entries(of folder: String) throws -> [String] {
        let directory = try #require(opendir(folder))
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
