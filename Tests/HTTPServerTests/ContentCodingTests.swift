import Testing

@testable import HTTPServer

@Suite("The content codings that a client takes")
struct ContentCodingTests {
    @Test(
        "have gzip among them when Accept-Encoding says so, as RFC 9110 §12.5.3 has it",
        arguments: [
            ([], false), (["gzip"], true), (["gzip, deflate, br, zstd"], true), (["br", "GZip"], true),
            (["x-gzip"], true),
            (["identity"], false), (["br"], false), ([""], false), (["*"], true), (["gzip;q=0"], false),
            (["gzip ; q=0.000"], false), (["gzip;q=0.001"], true), (["gzip;Q=1"], true), (["*;q=0"], false),
            (["*, gzip;q=0"], false), (["gzip;q=0.5, *;q=0"], true), (["gzip;q=high"], false),
            (["gzip;level=9"], false),
            ([" ,\tgzip\t,"], true), (["gzipped"], false),
        ] as [([String], Bool)])
    func gzip(lines: [String], isAccepted: Bool) async throws {
        let routes = Routes { router in
            router.on(.get, "/") { request, response in
                response.body.append(contentsOf: "\(request.acceptsGzip)".utf8)
            }
        }
        try await withServer(routes: routes) { _, address in
            let client = try Client(address)
            let fields = lines.map { "Accept-Encoding: \($0)\r\n" }.joined()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
            #expect(try client.response().body == "\(isAccepted)")
        }
    }
}
