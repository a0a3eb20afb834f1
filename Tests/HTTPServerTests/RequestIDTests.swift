import EventLoop
import TestSupport
import Testing

@testable import HTTPServer

@Suite("X-Request-ID")
struct RequestIDTests {
    private static let longest = String(repeating: "x", count: RequestID.byteLimit)

    private static let routes = Routes { router in
        echoRoutes(&router)
        router.on(.get, "/id") { request, response in
            response.body.append(contentsOf: text(request.requestID).utf8)
        }
        router.on(.get, "/later") { _, response in
            response.complete { response in response.status = .ok }
        }
    }

    /// What a server without an observer answers to these fields.
    private func answer(_ target: String, _ fields: [(String, String)]) async throws -> HTTPClient.Response {
        var answers: [HTTPClient.Response] = []
        try await withServer(routes: Self.routes) { _, address in
            guard case .internet(_, let port) = address else { return }
            answers.append(try HTTPClient(port: port).request("GET", target, fields: fields))
        }
        return try #require(answers.first)
    }

    @Test(
        "is in the answer as it came, whatever that is",
        arguments: [("/echo", 200), ("/nowhere", 404), ("/echo/", 307), ("/echo/x", 405), ("/later", 200)])
    func echoed(target: String, status: Int) async throws {
        for id in ["1", #"a"b\c{}<>,;~"#, Self.longest] {
            let answer = try await answer(target, [("x-REQUEST-id", " \(id) \t")])
            #expect(answer.status == status)
            #expect(answer.fields["x-request-id"] == id)
        }
    }

    @Test("is what a handler sees")
    func seen() async throws {
        #expect(try await answer("/id", [("X-Request-ID", "r-1")]).body == "r-1")
        #expect(try await answer("/id", []).body == "")
    }

    @Test(
        "counts as none when it is anything else",
        arguments: [
            [], [""], [" "], [longest + "x"], ["a b"], ["a\tb"], ["ä"], ["\u{80}"], ["a", "a"], ["a", "b"], ["", "a"],
            ["a b", "a"], ["a", "b", "c"],
        ])
    func invalid(values: [String]) async throws {
        let answer = try await answer("/id", values.map { ("X-Request-ID", $0) })
        #expect(answer.status == 200 && answer.body == "")
        #expect(answer.fields["x-request-id"] == nil)
    }

    @Test("with a control character is no field at all", arguments: ["a\u{1}b", "a\u{7F}", "a\u{1B}[31m"])
    func control(value: String) async throws {
        let answer = try await answer("/id", [("X-Request-ID", value)])
        #expect(answer.status == 400)
        #expect(answer.fields["x-request-id"] == nil)
    }
}
