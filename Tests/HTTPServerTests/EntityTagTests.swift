import Testing

@testable import HTTPServer

@Suite("An entity tag")
struct EntityTagTests {
    private let tag = EntityTag([0xAB, 0x01])

    @Test("is written in quotes, in hexadecimal")
    func written() {
        #expect("\(tag)" == "\"ab01\"")
    }

    @Test(
        "is named by If-None-Match as RFC 9110 §13.1.2 says",
        arguments: [
            ([], false), (["\"ab01\""], true), (["W/\"ab01\""], true), (["*"], true), (["\"other\""], false),
            (["\"other\", \"ab01\""], true), (["\"a,b\",W/\"ab01\""], true), (["\"other\"", "\"ab01\""], true),
            ([" , ,\"ab01\" ,"], true), (["\"AB01\""], false), (["\"ab0\""], false), (["\"ab011\""], false),
            // Mistakes get the whole answer.
            (["ab01"], false), (["\"ab01"], false), (["w/\"ab01\""], false), (["*, \"other\""], false),
            (["junk, \"ab01\""], false), ([""], false), (["W/"], false), (["\""], false),
        ] as [([String], Bool)])
    func match(lines: [String], isNamed: Bool) async throws {
        let tag = tag
        let routes = Routes { router in
            router.on(.get, "/") { request, response in
                response.body.append(contentsOf: (request.ifNoneMatch(names: tag) ? "named" : "not named").utf8)
            }
        }
        try await withServer(routes: routes) { _, address in
            let client = try Client(address)
            let fields = lines.map { "If-None-Match: \($0)\r\n" }.joined()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
            #expect(try client.response().body == (isNamed ? "named" : "not named"))
        }
    }
}
