/// Lines for a stream, gathered so that many of them are one system call.
struct LineWriter {
    /// How many bytes are gathered before they are written: 64 KiB.
    private static let capacity = 1 << 16

    private let descriptor: Int32
    private let flushesEachLine: Bool
    private var bytes: [UInt8] = []

    init(_ descriptor: Int32, flushesEachLine: Bool) {
        self.descriptor = descriptor
        self.flushesEachLine = flushesEachLine
    }

    /// Writes the line that `body` appends; nothing when it throws.
    mutating func line(_ body: (inout [UInt8]) throws -> Void) rethrows {
        let start = bytes.count
        do {
            try body(&bytes)
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        bytes.append(UInt8(ascii: "\n"))
        if flushesEachLine || bytes.count >= Self.capacity { flush() }
    }

    /// Writes what was gathered.
    mutating func flush() {
        Terminal.write(bytes, to: descriptor)
        bytes.removeAll(keepingCapacity: true)
    }
}
