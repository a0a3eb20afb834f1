import TestSupport
import Testing

@testable import HTTPServer

/// Changes bytes at random, with a taste for what means something.
private func mutate(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    let meaningful = Array("\r\n :\t;,%/?*.0123456789abcfxHTTP\u{0}\u{7f}".utf8) + [0x80, 0xFF]
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(meaningful.randomElement(using: &random)!, at: index)
        case 1 where index < bytes.count: bytes.remove(at: index)
        case 2 where index < bytes.count: bytes[index] = meaningful.randomElement(using: &random)!
        default:
            let other = Int.random(in: 0...bytes.count, using: &random)
            let piece = Array(bytes[min(index, other)..<max(index, other)].prefix(40))
            bytes.insert(contentsOf: piece, at: index)
        }
    }
    return bytes
}

@Suite struct MutationTests {
    static let heads = [
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "\r\nPOST /a/%41b?c=%64 HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n",
        "PUT http://h:1/x HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: chunked\r\nConnection: close, x\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\nA: b\tc \r\n\r\n",
    ]

    @Test(
        "no head, however damaged, does harm, and each comes to the same end in parts",
        arguments: 0..<8 as Range<UInt64>)
    func heads(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<1500 {
            let bytes = mutate(Array(Self.heads.randomElement(using: &random)!.utf8), &random)
            let result = parseHead(bytes, maximumBytes: 90, maximumFields: 3)
            let count = Int.random(in: 0...bytes.count, using: &random)
            let part = parseHead(Array(bytes[..<count]), maximumBytes: 90, maximumFields: 3)
            #expect(part == .incomplete || part == result, "\(bytes) cut at \(count)")
        }
    }

    @Test(
        "no chunked body, however damaged, does harm, and each comes to the same end in parts",
        arguments: 0..<8 as Range<UInt64>)
    func bodies(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let body = Array("5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: x\r\n\r\nGET /".utf8)
        for _ in 0..<1500 {
            let bytes = mutate(body, &random)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let whole = decodeChunks([bytes], bodyBytes: 20, trailerBytes: 12)
            let parts = decodeChunks([Array(bytes[..<cut]), Array(bytes[cut...])], bodyBytes: 20, trailerBytes: 12)
            #expect(whole == parts, "\(bytes) cut at \(cut)")
        }
    }
}
