import Testing

@testable import HTTPServer

@Suite struct RouterTests {
    /// What `router` finds: the handler's number and its parameters, `resource` or `nothing`.
    private func find(_ router: Router, _ method: Method, _ path: String) -> String {
        var segments = PathSegments()
        let bytes = Array(path.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            segments.split(bytes, hasEscapes: bytes.contains(UInt8(ascii: "%")))
            return withUnsafeTemporaryAllocation(of: ByteRange.self, capacity: PathSegments.maximumDepth) {
                parameters in
                switch router.match(segments, method, parameters: parameters.baseAddress!) {
                case .handler(let handler, let count):
                    let values = (0..<count).map { segments.path[parameters[$0].range] }
                    return (["\(handler)"] + values.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
                case .resource(let resource): return "resource \(router.allow(resource))"
                case .nothing: return "nothing"
                }
            }
        }
    }

    private func router(_ routes: (Method, String)...) -> Router {
        var router = Router()
        for (method, template) in routes { router.on(method, template) { _, _ in } }
        return router
    }

    @Test(
        "a path finds its handler",
        arguments: [
            (Method.get, "/", "0"), (.get, "/api/models", "1"), (.get, "/api/models/iris/metadata", "2 iris"),
            (.post, "/api/models/iris/prediction", "3 iris"), (.head, "/api/models", "1"),
            (.get, "/api/models/a%2Fb/metadata", "2 a/b"), (.get, "/api/m%6fdels", "1"),
            (.get, "/api%2Fmodels", "nothing"), (.get, "/api", "nothing"), (.get, "/api/models/iris", "nothing"),
            (.get, "/API/models", "nothing"), (.get, "/api//models", "nothing"), (.get, "//", "nothing"),
            (.get, "//api/models", "nothing"), (.get, "/api/models//metadata", "nothing"),
            (.get, "/api/models/special/metadata", "2 special"), (.get, "/api/models/special/other", "4"),
            (.post, "/api/models", "resource GET, HEAD, OPTIONS"),
            (.get, "/api/models/iris/prediction", "resource POST, OPTIONS"),
            (.options, "/api/models", "resource GET, HEAD, OPTIONS"),
            (.get, "/api/models/", "1"),
        ])
    func match(method: Method, path: String, result: String) {
        let router = router(
            (.get, "/"), (.get, "/api/models"), (.get, "/api/models/{name}/metadata"),
            (.post, "/api/models/{name}/prediction"), (.get, "/api/models/special/other"))
        #expect(find(router, method, path) == result)
    }

    @Test("literals win over parameters, in whatever order they were registered")
    func precedence() {
        for router in [
            router((.get, "/a/{x}"), (.get, "/a/b"), (.get, "/{y}/b")), router((.get, "/a/b"), (.get, "/a/{x}")),
        ] {
            #expect(find(router, .get, "/a/c").hasSuffix(" c"))
            #expect(!find(router, .get, "/a/b").contains(" "))
        }
    }

    @Test("a parameter's resource answers the methods that the literal one does not have")
    func methodDecides() {
        let router = router((.post, "/a/b"), (.get, "/a/{x}"))
        #expect(find(router, .get, "/a/b") == "1 b")
        #expect(find(router, .put, "/a/b") == "resource POST, OPTIONS")
    }

    @Test("a path that is too deep has no resource")
    func depth() {
        let deep = String(repeating: "/a", count: PathSegments.maximumDepth)
        let router = router((.get, deep))
        #expect(find(router, .get, deep) == "0")
        #expect(find(router, .get, deep + "/a") == "nothing")
        #expect(find(router, .get, deep + "/%41") == "nothing")
    }

    @Test("the whole server allows what any of its resources does")
    func allowAll() {
        #expect(router((.get, "/"), (.patch, "/a")).allow(nil) == "GET, HEAD, OPTIONS, PATCH")
    }
}

@Suite struct PathSegmentsTests {
    @Test(
        "a path is split before its escapes are decoded",
        arguments: [
            ("/", [], false, false), ("", [], false, false), ("/a", ["a"], false, false),
            ("/a/b", ["a", "b"], false, false), ("/a/", ["a"], true, false), ("//", [""], true, true),
            ("/a//b", ["a", "", "b"], false, true), ("/%61%2fb/c", ["a/b", "c"], false, false),
            ("/%2F/", ["/"], true, false), ("/%25/%c3%a4", ["%", "\u{e4}"], false, false),
        ] as [(String, [String], Bool, Bool)])
    func split(path: String, segments: [String], trailing: Bool, unroutable: Bool) {
        let bytes = Array(path.utf8)
        // A second time in the same storage: nothing is left of the first.
        var value = PathSegments()
        for _ in 0..<2 {
            bytes.withUnsafeBufferPointer { bytes in
                value.split(bytes, hasEscapes: bytes.contains(UInt8(ascii: "%")))
                let found = (0..<value.count).map { String(decoding: value[$0], as: UTF8.self) }
                #expect(found == segments)
            }
            let (hasTrailingSlash, isUnroutable) = (value.hasTrailingSlash, value.isUnroutable)
            #expect(hasTrailingSlash == trailing)
            #expect(isUnroutable == unroutable)
        }
    }
}
