import Testing

@testable import HTTPServer

/// What a parsed head comes to, for comparison.
struct ParsedHead: Equatable {
    var method: Method
    var path: String
    var query: String?
    var fields: [String]
    var framing: Framing
    var keepsAlive: Bool
    var expectsContinue: Bool
}

enum HeadResult: Equatable {
    case head(ParsedHead, length: Int)
    case incomplete
    case mistake(RequestMistake)
}

/// Parses a head out of memory of exactly its size.
func parseHead(_ bytes: [UInt8], maximumBytes: Int = 16384, maximumFields: Int = 100) -> HeadResult {
    var head = RequestHead(maximumBytes: maximumBytes, maximumFields: maximumFields)
    do throws(RequestMistake) {
        let length = try bytes.withUnsafeBufferPointer { (bytes) throws(RequestMistake) in try head.parse(bytes) }
        guard let length else { return .incomplete }
        func text(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
        return .head(
            ParsedHead(
                method: head.method, path: head.isAsterisk ? "*" : text(head.path),
                query: head.query.map(text),
                fields: (0..<head.fieldCount).map { "\(text(head.fields[$0].name))=\(text(head.fields[$0].value))" },
                framing: head.framing, keepsAlive: head.keepsAlive, expectsContinue: head.expectsContinue),
            length: length)
    } catch {
        return .mistake(error)
    }
}

@Suite struct HeadParserTests {
    private func expectEveryFragment(_ text: String, _ result: HeadResult, sourceLocation: SourceLocation) {
        let bytes = Array(text.utf8)
        #expect(parseHead(bytes) == result, sourceLocation: sourceLocation)
        for count in 0..<bytes.count {
            let prefix = parseHead(Array(bytes[..<count]))
            // A part is either not enough or comes to the same end.
            #expect(prefix == .incomplete || prefix == result, "first \(count) bytes", sourceLocation: sourceLocation)
        }
    }

    @Test(
        "a valid head is read, and no part of it is enough",
        arguments: [
            (
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                ParsedHead(
                    method: .get, path: "/", query: nil, fields: ["Host=a"], framing: .none,
                    keepsAlive: true, expectsContinue: false)
            ),
            (
                "\r\nPOST /a/b?c=d?e HTTP/1.1\r\nhOST:\t[::1]:80 \t\r\nContent-Length: 12\r\n\r\n",
                ParsedHead(
                    method: .post, path: "/a/b", query: "c=d?e", fields: ["hOST=[::1]:80", "Content-Length=12"],
                    framing: .length(12), keepsAlive: true, expectsContinue: false)
            ),
            (
                "GET /%41%c3%a4? HTTP/1.1\r\nHost:\r\nConnection: foo, Close\r\n\r\n",
                ParsedHead(
                    method: .get, path: "/%41%c3%a4", query: "", fields: ["Host=", "Connection=foo, Close"],
                    framing: .none, keepsAlive: false, expectsContinue: false)
            ),
            (
                "PUT http://user-host.example:8000/x?y HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: Chunked\r\n"
                    + "Expect: 100-Continue\r\n\r\n",
                ParsedHead(
                    method: .put, path: "/x", query: "y",
                    fields: ["Host=z", "Transfer-Encoding=Chunked", "Expect=100-Continue"], framing: .chunked,
                    keepsAlive: true, expectsContinue: true)
            ),
            (
                "GET HTTPS://h HTTP/1.1\r\nHost: h\r\n\r\n",
                ParsedHead(
                    method: .get, path: "", query: nil, fields: ["Host=h"], framing: .none,
                    keepsAlive: true, expectsContinue: false)
            ),
            (
                "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
                ParsedHead(
                    method: .options, path: "*", query: nil, fields: ["Host=h"], framing: .none,
                    keepsAlive: true, expectsContinue: false)
            ),
            (
                "GET / HTTP/1.0\r\n\r\n",
                ParsedHead(
                    method: .get, path: "/", query: nil, fields: [], framing: .none, keepsAlive: false,
                    expectsContinue: false)
            ),
            (
                "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nExpect: whatever\r\n\r\n",
                ParsedHead(
                    method: .get, path: "/", query: nil,
                    fields: ["Connection=Keep-Alive", "Expect=whatever"], framing: .none, keepsAlive: true,
                    expectsContinue: false)
            ),
            (
                "M-SEARCH / HTTP/1.9\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\nX: \u{e4}\tb\r\n\r\n",
                ParsedHead(
                    method: .other, path: "/", query: nil,
                    fields: ["Host=h", "Content-Length=0", "Expect=100-continue", "X=\u{e4}\tb"], framing: .none,
                    keepsAlive: true, expectsContinue: false)
            ),
        ])
    func valid(text: String, head: ParsedHead) {
        expectEveryFragment(text, .head(head, length: text.utf8.count), sourceLocation: #_sourceLocation)
    }

    static let mistakes: [(String, RequestMistake)] = [
        // The request line.
        ("G(T / HTTP/1.1\r\nHost: h\r\n\r\n", .badMethod),
        (" GET / HTTP/1.1\r\nHost: h\r\n\r\n", .badMethod),
        ("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", .badMethod),
        ("\n\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .badMethod),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .badMethod),
        ("\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", .badLineEnd),
        ("\u{16}\u{3}\u{1}\u{2}", .badMethod),
        ("CONNECT example.org:443 HTTP/1.1\r\nHost: h\r\n\r\n", .connectUnsupported),
        ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET /\\a HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET /\u{0} HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET /\u{e4} HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET a HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET * HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("OPTIONS *a HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget),
        ("GET /% HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /%4 HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /%4g HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /%+4 HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /a?b=%zz HTTP/1.1\r\nHost: h\r\n\r\n", .badEscape),
        ("GET /\r\n\r\n", .badRequestLine),
        ("GET / \r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1\r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1.10\r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1,1\r\nHost: h\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1.1\nHost: h\n\n", .badLineEnd),
        ("GET / HTTP/1.1\rHost: h\r\n\r\n", .badLineEnd),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .badTarget),
        // Fields.
        ("GET / HTTP/1.1\r\n Host: h\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost\t: h\r\n\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\n: h\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHo(st: h\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost\u{0}: h\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nH\u{e4}: h\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", .badLineEnd),
        ("GET / HTTP/1.1\r\nHost: h\r\nA\n\r\n", .badLineEnd),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", .badLineEnd),
        ("GET / HTTP/1.1\r\nHost: h\r\n\rA: b\r\n\r\n", .badLineEnd),
        ("GET / HTTP/1.1\r\nHost: h\r\n\n", .badLineEnd),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: 12345678\u{0}2345678\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: \u{7f}\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: \u{b}\r\n\r\n", .badFieldValue),
        // Host.
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.0\r\nHost: h\r\nhost: h\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a,b\r\nHost: c\r\n\r\n", .repeatedHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: h:8o\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: :80\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", .badHost),
        // Framing.
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingFraming),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", .conflictingFraming),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .repeatedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .repeatedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1 2\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", .badContentLength),
        ("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked;q=1\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked,\r\n\r\n", .badTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n", .badTransferEncoding),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
            .badTransferEncoding
        ),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unknownTransferCoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\n\r\n", .unknownExpectation),
    ]

    @Test("a mistake is found, wherever the bytes are cut", arguments: mistakes)
    func mistake(text: String, mistake: RequestMistake) {
        expectEveryFragment(text, .mistake(mistake), sourceLocation: #_sourceLocation)
    }

    @Test("a length that no number holds is larger than every limit")
    func hugeLength() {
        let digits = String(repeating: "9", count: 60)
        guard
            case .head(let head, _) = parseHead(
                Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(digits)\r\n\r\n".utf8))
        else {
            Issue.record("refused")
            return
        }
        #expect(head.framing == .length(.max))
    }

    @Test("a head is as long as it may be, and not a byte longer, wherever it is cut")
    func limit() {
        let text = "GET / HTTP/1.1\r\nHost: h\r\nA: \(String(repeating: "x", count: 100))\r\n\r\n"
        let bytes = Array(text.utf8)
        guard case .head = parseHead(bytes, maximumBytes: bytes.count) else {
            Issue.record("refused")
            return
        }
        let limit = bytes.count - 1
        for count in 0...bytes.count {
            let result = parseHead(Array(bytes[..<count]), maximumBytes: limit)
            #expect(result == (count < limit ? .incomplete : .mistake(.headTooLarge(limit: limit))))
        }
        #expect(
            parseHead(Array(repeating: UInt8(ascii: "A"), count: 64), maximumBytes: 64)
                == .mistake(.headTooLarge(limit: 64)))
    }

    @Test("a head has as many fields as it may have, and not one more")
    func fieldLimit() {
        let fields = (1..<10).map { "F\($0): x\r\n" }.joined()
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
        guard case .head(let head, _) = parseHead(bytes, maximumFields: 10) else {
            Issue.record("refused")
            return
        }
        #expect(head.fields.count == 10)
        #expect(parseHead(bytes, maximumFields: 9) == .mistake(.tooManyFields(limit: 9)))
    }
}
