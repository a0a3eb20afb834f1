import Testing

@testable import HTTPServer

@Suite struct ResponseTests {
    private func written(
        _ response: Response, _ persistence: Persistence = .keptAlive, omitsBody: Bool = false
    ) -> String {
        var buffer = ByteBuffer()
        buffer.append(response, date: Array("Date: now\r\n".utf8), persistence, omitsBody: omitsBody)
        return String(decoding: buffer.readable, as: UTF8.self)
    }

    private func response(_ configure: (inout Response) -> Void) -> Response {
        var response = Response()
        configure(&response)
        return response
    }

    @Test("a response is written with what a client needs, and no more")
    func plain() {
        let response = response {
            $0.contentType = "text/plain"
            $0.append("Vary", "Accept")
            $0.body = Array("hi".utf8)
        }
        let head =
            "HTTP/1.1 200 OK\r\nDate: now\r\nVary: Accept\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"
        #expect(written(response) == head + "hi")
        #expect(written(response, omitsBody: true) == head)
    }

    @Test("the connection's end, and HTTP/1.0's survival, are announced")
    func persistence() {
        #expect(written(Response(), .closed).contains("\r\nConnection: close\r\n"))
        #expect(written(Response(), .keptAliveExplicitly).contains("\r\nConnection: keep-alive\r\n"))
        #expect(!written(Response()).contains("Connection"))
    }

    @Test("a status that has no body has no length either", arguments: [Status.noContent, .notModified])
    func noBody(status: Status) {
        let response = response {
            $0.status = status
            $0.body = Array("dropped".utf8)
        }
        #expect(written(response) == "HTTP/1.1 \(status.code) \(status.reason)\r\nDate: now\r\n\r\n")
    }

    @Test("a value cannot end its line")
    func splitting() {
        let response = response { $0.append("Location", "/a\r\nSet-Cookie: b\u{0}\u{7f}") }
        #expect(written(response).contains("\r\nLocation: /a  Set-Cookie: b  \r\n"))
    }

    @Test("a response that was reset is as new and keeps its storage, unless it is large")
    func reset() {
        var response = response {
            $0.status = .notFound
            $0.contentType = "text/plain"
            $0.append("A", "b")
            $0.body.append(contentsOf: repeatElement(1, count: 1000))
            $0.complete { _ in }
        }
        response.reset()
        #expect(written(response) == written(Response()))
        #expect(response.takeWork() == nil)
        #expect(response.body.capacity >= 1000)
        response.body.append(contentsOf: repeatElement(1, count: Response.keptBodyCapacity + 1))
        response.reset()
        #expect(response.body.capacity == 0)
    }

    @Test(
        "a date is written as RFC 9110 wants it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ])
    func date(seconds: Int, text: String) {
        #expect(DateField.format(seconds) == text)
    }
}
