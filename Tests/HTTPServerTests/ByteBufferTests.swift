import Testing

@testable import HTTPServer

@Suite struct ByteBufferTests {
    private func contents(_ buffer: borrowing ByteBuffer) -> [UInt8] {
        Array(buffer.readable)
    }

    @Test("what goes in comes out, whatever is consumed in between")
    func queue() {
        var random = SystemRandomNumberGenerator()
        var buffer = ByteBuffer()
        var expected: [UInt8] = []
        for round in 0..<2000 {
            var bytes = [UInt8](
                repeating: UInt8(truncatingIfNeeded: round), count: Int.random(in: 0...90, using: &random))
            bytes.withUnsafeMutableBufferPointer { buffer.append($0) }
            expected += bytes
            let count = Int.random(in: 0...min(expected.count, 100), using: &random)
            buffer.consume(count)
            expected.removeFirst(count)
            if round % 100 == 99 {
                buffer.truncate(to: expected.count / 2)
                expected.removeLast(expected.count - expected.count / 2)
            }
            #expect(contents(buffer) == expected)
        }
    }

    @Test("a buffer has no memory before its first byte, and gives it back when asked")
    func memory() {
        var buffer = ByteBuffer()
        var capacity = buffer.capacity
        #expect(capacity == 0)
        buffer.reserve(10_000)
        capacity = buffer.capacity
        #expect(capacity == 16384)
        buffer.removeAll(keeping: 16384)
        capacity = buffer.capacity
        #expect(capacity == 16384)
        buffer.removeAll(keeping: 4096)
        capacity = buffer.capacity
        #expect(capacity == 0)
    }

    @Test("numbers are written in decimal", arguments: [0, 7, 10, 200, 99_999, Int.max])
    func decimal(number: Int) {
        var buffer = ByteBuffer()
        buffer.append(decimal: number)
        #expect(contents(buffer) == Array("\(number)".utf8))
    }
}
