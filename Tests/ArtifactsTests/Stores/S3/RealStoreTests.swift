import Cryptography
import Glibc
import HTTPClient
import TestSupport
import Testing

@testable import Artifacts

@Suite("An S3 store that checks signatures", .enabled(if: RealServer.isThere, "\(RealServer.isMissing)"))
struct RealStoreTests {
    @Test("gives back what was stored, and says how big and how old it is", arguments: [0, 1, 100_000, 3_000_000])
    func roundTrip(byteCount: Int) async throws {
        let store = try RealServer.shared().store()
        let name = "round-trip-\(byteCount)"
        let content = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (sent, received) = (Pieces(), Pieces())
        try await store.put(name, from: .bytes(content)) { sent.append($0, $1) }
        let sink = CheckingSink { UInt8(truncatingIfNeeded: $0 &* 31) }
        let result = try await store.get(
            name, ifNoneMatch: nil, limit: byteCount, progress: { received.append($0, $1) }, into: sink)
        guard case .fetched(.some) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(sink.result.byteCount == byteCount && sink.result.isRight)
        #expect(sink.result.beginnings == [byteCount])
        for pieces in [sent, received] {
            #expect(pieces.counts.last ?? 0 == byteCount)
            #expect(pieces.counts == pieces.counts.sorted())
            #expect(pieces.totals.allSatisfy { $0 == byteCount })
        }
        let object = try await store.head(name)
        #expect(object.byteCount == byteCount)
        #expect(object.entityTag?.isEmpty == false)
        #expect(abs((object.modified ?? 0) - time(nil)) < 3600)
        if byteCount > 0 {
            let error = await #expect(throws: StoreError.self) {
                try await store.contents(of: name, limit: byteCount - 1)
            }
            #expect(error?.description.contains("the object has more than \(byteCount - 1) bytes") == true)
        }
    }

    @Test(
        "takes names of all kinds",
        arguments: [
            "plain", "a b", "a+b", "a%20b", "a/b//c", "ä ü/日本", "a&b=c?d#e", "'\"<>&amp;", "~-._!*()", "a:b,c;d@e$",
            "trailing.", ".hidden", "[brackets]{braces}|\\^`",
        ])
    func names(name: String) async throws {
        let store = try RealServer.shared().store { $0.prefix = "names of all kinds/" }
        try await store.put(name, from: .bytes(Array(name.utf8)))
        #expect(try await store.contents(of: name, limit: 1000) == Array(name.utf8))
        #expect(try await store.head(name).byteCount == name.utf8.count)
        #expect(try await store.list(prefix: name).map(\.name).contains(name))
    }

    @Test(
        "refuses names that lists could not show",
        arguments: ["", "a\nb", "\u{7F}", String(repeating: "x", count: 1025)])
    func refusedNames(name: String) async throws {
        let store = try RealServer.shared().store()
        await #expect(throws: StoreError.self) { try await store.put(name, from: .bytes([])) }
        await #expect(throws: StoreError.self) { try await store.contents(of: name, limit: 1) }
        await #expect(throws: StoreError.self) { try await store.head(name) }
    }

    @Test("does not send what the caller has, and knows when it has changed")
    func entityTag() async throws {
        let store = try RealServer.shared().store()
        try await store.put("tagged", from: .bytes([1]))
        let sink = MemorySink(limit: 10)
        guard case .fetched(let tag?) = try await store.get("tagged", limit: 10, into: sink) else {
            Issue.record("there is no tag")
            return
        }
        #expect(sink.takeBytes() == [1])
        var result = try await store.get("tagged", ifNoneMatch: tag, limit: 10, progress: nil, into: sink)
        #expect(result == .notModified)
        #expect(sink.takeBytes() == [])
        try await store.put("tagged", from: .bytes([2]))
        result = try await store.get("tagged", ifNoneMatch: tag, limit: 10, progress: nil, into: sink)
        #expect(result != .notModified)
        #expect(sink.takeBytes() == [2])
    }

    @Test("gives a part of an object")
    func range() async throws {
        let store = try RealServer.shared().store()
        try await store.put("ranged", from: .bytes(Array("0123456789".utf8)))
        #expect(try await store.get("ranged", range: 3..<6) == Array("345".utf8))
        #expect(try await store.get("ranged", range: 8..<100) == Array("89".utf8))
        let error = await #expect(throws: StoreError.self) { try await store.get("ranged", range: 10..<11) }
        #expect(error?.description.contains("416") == true, "\(String(describing: error))")
    }

    @Test("lists more than one page of objects, and those with a prefix")
    func list() async throws {
        let store = try RealServer.shared().store { $0.bucket = "many" }
        let names = (0..<1005).map { "object-" + String(String($0 + 10_000).dropFirst()) }
        #expect(try await store.list(prefix: "").map(\.name) == names)
        #expect(try await store.list(prefix: "object-100").map(\.name) == Array(names[1000...]))
        #expect(try await store.list(prefix: "object-100").allSatisfy { $0.byteCount == 1 && $0.modified != nil })
        #expect(try await store.list(prefix: "nothing").isEmpty)
    }

    @Test("refuses a wrong secret and an unknown key")
    func credentials() async throws {
        let server = try RealServer.shared()
        for (accessKey, secretKey, code) in [
            (server.accessKey, server.secretKey + "x", "SignatureDoesNotMatch"),
            ("AKIAUNKNOWN000000000", server.secretKey, "InvalidAccessKeyId"),
        ] {
            let store = try server.store {
                $0.credentials = try? S3Credentials(accessKey: accessKey, secretKey: Secret(secretKey))
            }
            for operation in [
                { _ = try await store.contents(of: "a", limit: 1) }, { try await store.put("a", from: .bytes([1])) },
                { _ = try await store.list(prefix: "") },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: StoreError.self) { try await operation() }
                guard case .credentialsRefused(_, code) = error else { throw try #require(error) }
                #expect(error?.description.contains(server.secretKey) == false)
            }
        }
    }

    @Test("says what is not there: the object or the bucket")
    func missing() async throws {
        let server = try RealServer.shared()
        let store = try server.store()
        var error = await #expect(throws: StoreError.self) { try await store.contents(of: "nothing", limit: 1) }
        #expect(error?.description.hasPrefix("s3://models/nothing: there is no such object") == true)
        error = await #expect(throws: StoreError.self) { try await store.head("nothing") }
        guard case .notFound = error else { throw try #require(error) }
        let nowhere = try server.store { $0.bucket = "nowhere" }
        error = await #expect(throws: StoreError.self) { try await nowhere.contents(of: "a", limit: 1) }
        #expect(error?.description.hasPrefix("s3://nowhere/a: there is no bucket 'nowhere'") == true)
        error = await #expect(throws: StoreError.self) { try await nowhere.put("a", from: .bytes([])) }
        guard case .noSuchBucket = error else { throw try #require(error) }
    }

    @Test("takes and gives 100 MB in memory that stays small")
    func large() throws {
        let server = try RealServer.shared()
        // In a process of its own, whose memory is nobody else's.
        let outcome = try ChildProcess.run(
            program: "martletPackageTests.xctest",
            ["--testing-library", "swift-testing", "--filter", "StreamingTests"],
            environment: [streamingVariable: "\(server.endpoint) \(server.accessKey) \(server.secretKey)"],
            patience: 120)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("streamed 104857600 bytes"), "\(outcome.output)\(outcome.errors)")
    }
}

@Suite(
    "A strict S3 store",
    .enabled(if: RealServer.isStrict, "moto does not check contents and dates; 'make test-s3' runs one that does"))
struct StrictStoreTests {
    @Test("refuses a content that was altered on the way")
    func alteredContent() async throws {
        let server = try RealServer.shared()
        let response = try await server.answer("PUT", "/models/altered", content: "hellO", signedContent: "hello")
        #expect(response.status == 400)
        guard case .contentAltered = S3Refusal(response, object: "a", .init(bucket: "models")).error(1) else {
            Issue.record("\(String(decoding: response.body, as: UTF8.self))")
            return
        }
    }

    @Test("refuses an old date")
    func oldDate() async throws {
        let server = try RealServer.shared()
        let response = try await server.answer("GET", "/models/a", time: .init(text: "20240101T000000Z"))
        #expect(response.status == 403)
        guard case .clockSkewed = S3Refusal(response, object: "a", .init(bucket: "models")).error(1) else {
            Issue.record("\(String(decoding: response.body, as: UTF8.self))")
            return
        }
    }

    @Test("refuses who does not sign")
    func anonymous() async throws {
        let store = try RealServer.shared().store { $0.credentials = nil }
        let error = await #expect(throws: StoreError.self) { try await store.contents(of: "a", limit: 1) }
        guard case .accessDenied = error else { throw try #require(error) }
    }
}
