import Testing

@testable import HTTPServer

enum ChunkedResult: Equatable {
    case body(String, rest: String)
    case incomplete
    case mistake(RequestMistake)
}

/// Decodes bytes that arrive in `parts`, behind a head of three bytes.
func decodeChunks(
    _ parts: [[UInt8]], bodyBytes: Int = 1000, trailerBytes: Int = 100, trailerFields: Int = 4
) -> ChunkedResult {
    let limits = ChunkedDecoder.Limits(
        bodyBytes: bodyBytes, trailerBytes: trailerBytes, trailerFields: trailerFields)
    var decoder = ChunkedDecoder(at: 3)
    var message = Array("abc".utf8)
    for (index, part) in parts.enumerated() {
        message += part
        var end = message.count
        do throws(RequestMistake) {
            let next = try message.withUnsafeMutableBufferPointer { (bytes) throws(RequestMistake) in
                try decoder.decode(bytes.baseAddress!, to: &end, limits)
            }
            if let next {
                let rest = message[next...] + parts.dropFirst(index + 1).joined()
                return .body(
                    String(decoding: message[decoder.bodyStart..<decoder.bodyEnd], as: UTF8.self),
                    rest: String(decoding: rest, as: UTF8.self))
            }
        } catch {
            return .mistake(error)
        }
        message.removeSubrange(end...)
    }
    return .incomplete
}

@Suite struct ChunkedDecoderTests {
    static let cases: [(String, ChunkedResult)] = [
        ("0\r\n\r\n", .body("", rest: "")),
        ("5\r\nhello\r\n0\r\n\r\n", .body("hello", rest: "")),
        ("5\r\nhello\r\n00000000000000000000006\r\n world\r\n000\r\n\r\nGET", .body("hello world", rest: "GET")),
        ("a;name=value;\"x\" \t; y=\"\u{e4}\"\r\n0123456789\r\n0 ;z\r\n\r\n", .body("0123456789", rest: "")),
        ("1\r\n\r\r\n1\r\n\n\r\n0\r\nTrailer: x\r\nOther:\r\n\r\n\r\n", .body("\r\n", rest: "\r\n")),
        ("\r\n", .mistake(.badChunk)),
        ("g\r\n", .mistake(.badChunk)),
        ("-1\r\nx\r\n", .mistake(.badChunk)),
        ("+1\r\nx\r\n", .mistake(.badChunk)),
        (" 1\r\nx\r\n", .mistake(.badChunk)),
        ("1 \r\nx\r\n", .mistake(.badChunk)),
        ("0x1\r\nx\r\n", .mistake(.badChunk)),
        ("1\nx\r\n", .mistake(.badChunk)),
        ("1\rx\r\n", .mistake(.badChunk)),
        ("1;a\nx\r\n", .mistake(.badChunk)),
        ("1;a\rb\r\nx\r\n", .mistake(.badChunk)),
        ("1;\u{0}\r\nx\r\n", .mistake(.badChunk)),
        ("1\r\nxy\r\n", .mistake(.badChunk)),
        ("1\r\nx\n0\r\n\r\n", .mistake(.badChunk)),
        ("1\r\nx\r0\r\n\r\n", .mistake(.badChunk)),
        ("ffffffffffffffff\r\n", .mistake(.badChunk)),
        ("10000000000000000\r\n", .mistake(.badChunk)),
        ("7fffffffffffffff\r\n", .mistake(.bodyTooLarge(limit: 1000))),
        ("3e9\r\n", .mistake(.bodyTooLarge(limit: 1000))),
        ("5\r\nhello\r\n3e4\r\n", .mistake(.bodyTooLarge(limit: 1000))),
        ("0\r\n folded\r\n\r\n", .mistake(.foldedField)),
        ("0\r\nA b\r\n\r\n", .mistake(.spaceBeforeColon)),
        ("0\r\nA: \u{1}\r\n\r\n", .mistake(.badFieldValue)),
        ("0\r\n\rx", .mistake(.badLineEnd)),
        ("0\r\nA: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\nA: 5\r\n\r\n", .mistake(.tooManyFields(limit: 4))),
        ("0\r\nA: " + String(repeating: "x", count: 100) + "\r\n\r\n", .mistake(.headTooLarge(limit: 100))),
        ("5\r\nhel", .incomplete),
        ("5\r\nhello\r\n0\r\nA: b\r\n", .incomplete),
    ]

    @Test("a body comes to the same end however it arrives", arguments: cases)
    func fragments(text: String, result: ChunkedResult) {
        let bytes = Array(text.utf8)
        #expect(decodeChunks([bytes]) == result)
        for cut in 0...bytes.count {
            #expect(decodeInParts(bytes, [cut]) == result, "cut at \(cut)")
        }
        for cut in stride(from: 0, to: bytes.count, by: 2) {
            #expect(decodeInParts(bytes, [cut, min(cut + 3, bytes.count)]) == result, "cut at \(cut)")
        }
        #expect(decodeInParts(bytes, Array(1..<max(bytes.count, 1))) == result, "byte by byte")
    }

    private func decodeInParts(_ bytes: [UInt8], _ cuts: [Int]) -> ChunkedResult {
        let bounds = [0] + cuts + [bytes.count]
        return decodeChunks(zip(bounds, bounds.dropFirst()).map { Array(bytes[$0..<$1]) })
    }

    @Test("a line with a size is as long as it may be, and not a byte longer")
    func longLine() {
        let padding = String(repeating: "x", count: ChunkedDecoder.maximumLineBytes - 4)
        #expect(decodeChunks([Array("0;\(padding)\r\n\r\n".utf8)]) == .body("", rest: ""))
        #expect(decodeChunks([Array("0;x\(padding)\r\n\r\n".utf8)]) == .mistake(.badChunk))
        #expect(decodeChunks([Array("0;xxx\(padding)".utf8)]) == .mistake(.badChunk))
    }

    @Test("framing without end is refused, small chunks are not")
    func excess() {
        let padding = String(repeating: "x", count: 1000)
        let padded = String(repeating: "1;\(padding)\r\nx\r\n", count: 20) + "0\r\n\r\n"
        #expect(decodeChunks([Array(padded.utf8)]) == .mistake(.excessiveChunking))
        let small = String(repeating: "1\r\nx\r\n", count: 1000) + "0\r\n\r\n"
        #expect(decodeChunks([Array(small.utf8)]) == .body(String(repeating: "x", count: 1000), rest: ""))
    }
}
