import TestSupport
import Testing

@testable import ModelService

@Suite("What is watched")
struct WatchedPlaceTests {
    private let folder = TemporaryFolder()

    private func link(_ target: String, _ name: String) throws {
        _ = try ChildProcess.run(program: "/usr/bin/ln", ["-s", target, name], in: folder.path)
    }

    @Test("is every folder on the way in which another link or file can be put")
    func folders() throws {
        let root = folder.path
        folder.write("a/..one/c.yaml", "1")
        try link("..one", "a/..data")
        try link("..data/c.yaml", "a/c.yaml")
        try link("\(root)/a", "b")
        try link("loop", "loop")
        let ways: [(WatchedPlace, [String])] = [
            (.file("\(root)/a/..one/c.yaml"), ["/a/..one"]),
            (.file("\(root)/a/c.yaml"), ["/a", "/a/..one"]),
            (.file("\(root)/b/c.yaml"), ["", "/a", "/a/..one"]),
            (.file("\(root)//a/./../a/..one/c.yaml"), ["/a/..one"]),
            (.file("\(root)/a/missing/c.yaml"), ["/a"]),
            (.file("\(root)/loop"), [""]),
            (.folder("\(root)/b"), ["", "/a"]),
            (.folder("\(root)/a/"), ["/a"]),
        ]
        for (place, expected) in ways { #expect(place.folders() == expected.map { root + $0 }, "\(place)") }
    }

    @Test("of a service are its file, its keys' files and its folder of packages, when that is asked for")
    func places() throws {
        let text = """
            keys:
              - {id: a, algorithm: ed25519, file: /keys/a.pem}
              - {id: b, algorithm: hmac-sha256, secret: 0123456789abcdef0123456789abcdef}
            model_packages: {store: /packages, unsigned: allow}
            models: [{class_path: a.IrisModel}]
            reload:
            """
        #expect(try configuration(text).watchedPlaces.isEmpty)
        #expect(
            try configuration(text + " {watch: true}").watchedPlaces == [
                .file("f"): .files, .file("/keys/a.pem"): .files, .folder("/packages"): .packages,
                .folder("/packages/iris_model"): .packages,
            ])
        let bucket = "model_packages: s3://bucket\nreload: {watch: true}"
        #expect(try configuration(bucket).watchedPlaces == [.file("f"): .files])
    }
}
