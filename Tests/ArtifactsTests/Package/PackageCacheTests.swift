import TestSupport
import Testing

@testable import Artifacts

@Suite("A cache of packages")
struct PackageCacheTests {
    private let folder = TemporaryFolder()
    private let first = "a_model-1.0.0-1.zip"
    private let second = "a_model-1.0.0-2.zip"
    private let other = "b_model-1.0.0-1.zip"

    @Test("keeps the last package of each model, and its entity tag")
    func last() throws {
        let cache = PackageCache(folder: folder.path + "/cache")
        #expect(cache.names().isEmpty && cache.entry(first, limit: 10) == nil)
        try cache.keep([1], as: first, of: "a_model", entityTag: "\"1\"")
        try cache.keep([2], as: other, of: "b_model", entityTag: nil)
        #expect(cache.names().sorted() == [first, other])
        try cache.keep([3], as: second, of: "a_model", entityTag: "\"3\"")
        #expect(cache.names().sorted() == [second, other])
        #expect(cache.entry(first, limit: 10) == nil)
        #expect(cache.entry(second, limit: 10)?.archive == [3])
        #expect(cache.entry(second, limit: 10)?.entityTag == "\"3\"")
        #expect(cache.entry(other, limit: 10)?.entityTag == nil)
        // Without a tag, the one of what was there before is not left beside the new content.
        try cache.keep([4], as: second, of: "a_model", entityTag: nil)
        #expect(cache.entry(second, limit: 10)?.archive == [4])
        #expect(cache.entry(second, limit: 10)?.entityTag == nil)
        #expect(cache.entry(second, limit: 0) == nil, "more than the limit")
        cache.remove(second)
        #expect(cache.names() == [other])
    }

    @Test("in a place that is no folder keeps nothing, and says where")
    func noFolder() {
        let cache = PackageCache(folder: folder.write("cache", "a file"))
        #expect(cache.names().isEmpty)
        let error = #expect(throws: FileError.self) { try cache.keep([1], as: first, of: "a_model", entityTag: nil) }
        #expect(error?.description.hasPrefix(folder.path + "/cache/") == true)
    }
}

@Suite("A source of packages")
struct PackageSourceTests {
    private let folder = TemporaryFolder()

    private func source(allowsUnsigned: Bool = false) throws -> PackageSource {
        let verifier = PackageVerifier(
            keyRing: try KeyRing([SamplePackage.key()]), allowsUnsigned: allowsUnsigned)
        return PackageSource(store: FileStore(folder.path), folder: folder.path, verifier: verifier)
    }

    private func complaint(_ request: PackageRequest, allowsUnsigned: Bool = false) async throws -> String {
        do {
            _ = try await source(allowsUnsigned: allowsUnsigned).fetch(request)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("passes over files that are no packages of the model")
    func otherFiles() async throws {
        for name in [
            "price_model-1.0.zip", "price_model-2.0.0-1.txt", "price_model_two-9.0.0-1.zip", "price_model-.zip",
        ] {
            folder.write(name, "no zip")
        }
        let request = PackageRequest(qualifiedName: "price_model")
        #expect(try await complaint(request).contains("there is no package price_model-VERSION-PARAMETERS.zip"))
        folder.write(SamplePackage.identity.fileName, try SamplePackage.signed())
        let fetched = try await source().fetch(request)
        #expect(fetched.package.identity == SamplePackage.identity && fetched.warnings.isEmpty)
        #expect(fetched.location == "\(folder.path)/\(SamplePackage.identity.fileName)")
    }

    @Test("fetches nothing that is known and still there, and asks the keys of now about it")
    func known() async throws {
        let name = SamplePackage.identity.fileName
        folder.write(name, try SamplePackage.signed())
        let request = PackageRequest(qualifiedName: "price_model")
        let first = try await source().fetch(request)
        let known = try #require(first.known)
        #expect(try await source().fetch(request, unless: known) == nil)
        #expect(try await source().fetch(request, unless: nil) != nil)
        // What is known of a package elsewhere says nothing of this one.
        let elsewhere = KnownPackage(
            location: "elsewhere", entityTag: known.entityTag, manifest: known.manifest)
        #expect(try await source().fetch(request, unless: elsewhere) != nil)
        // No key trusts it any more: the bytes are not fetched, and refused all the same.
        let without = PackageSource(store: FileStore(folder.path), verifier: PackageVerifier(keyRing: try KeyRing([])))
        let error = await #expect(throws: PackageSourceError.self) { try await without.fetch(request, unless: known) }
        #expect(error?.description.hasPrefix("\(folder.path)/\(name): ") == true, "\(error?.description ?? "")")
        // The same bytes in another file are fetched, and are the same.
        folder.write(name, try SamplePackage.signed())
        let again = try await source().fetch(request, unless: known)
        #expect(again?.package.provenance.digest == first.package.provenance.digest && again?.known != known)
    }

    @Test("knows the newest package that is meant without fetching it")
    func newest() async throws {
        let request = PackageRequest(qualifiedName: "price_model")
        #expect(try await source().newest(request) == nil)
        for name in ["price_model-0.9.0-1.zip", "price_model-0.10.0-1.zip", "price_model-0.10.0-x-1.zip"] {
            folder.write(name, "no zip")
        }
        let newest = try #require(try await source().newest(request))
        #expect(newest.location == "\(folder.path)/price_model-0.10.0-1.zip")
        let object = try FileStore(folder.path).head("price_model-0.10.0-1.zip")
        #expect(newest.entityTag == object.entityTag)
        let pinned = PackageRequest(qualifiedName: "price_model", version: "0.9.0")
        #expect(try await source().newest(pinned)?.location == "\(folder.path)/price_model-0.9.0-1.zip")
        let both = PackageRequest(qualifiedName: "price_model", version: "0.9.0", parametersVersion: "1")
        #expect(try await source().newest(both) == nil, "there is no other than the one that is asked for")
    }

    @Test("takes a folder where unsigned packages are allowed, and tells of it where they are not")
    func folders() async throws {
        for entry in SamplePackage.entries { folder.write("price_model/\(entry.path)", entry.content) }
        let request = PackageRequest(qualifiedName: "price_model")
        #expect(try await complaint(request).hasPrefix("\(folder.path)/price_model: it is not signed; sign it"))
        #expect(try await complaint(request, allowsUnsigned: true) == "")
        // With a package beside the folder, the folder is nobody's business.
        folder.write(SamplePackage.identity.fileName, try SamplePackage.signed())
        #expect(try await complaint(request) == "")
        let missing = PackageRequest(qualifiedName: "price_model", version: "9.0.0")
        #expect(
            try await complaint(missing).hasPrefix(
                "\(folder.path): there is no package price_model-9.0.0-PARAMETERS.zip"))
    }
}
