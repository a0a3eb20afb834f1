import Glibc

/// The lines of a file, read in pieces of 64 KiB.
final class LineReader {
    /// The most bytes of a line, or of a record over several lines: 1 MiB.
    static let byteLimit = 1 << 20

    /// The number of the line that was read last, from 1.
    private(set) var lineNumber = 0
    /// How many bytes of the file have been taken.
    private(set) var byteCount = 0

    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var available = 0..<0

    /// Reads `descriptor`, which stays the caller's to close.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line with its end, if it has one; `nil` at the end of the file.
    ///
    /// - Throws: ``Failure`` for a line longer than ``byteLimit``, and when the file can't be read.
    func next() throws -> [UInt8]? {
        var line: [UInt8] = []
        repeat {
            let rest = buffer[available]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            line += rest[..<(end.map { $0 + 1 } ?? rest.endIndex)]
            guard line.count <= Self.byteLimit else {
                throw Failure(message: "line \(lineNumber + 1) has more than \(Self.byteLimit) bytes")
            }
            if let end {
                available = end + 1..<available.upperBound
                return taken(line)
            }
        } while try fill()
        return line.isEmpty ? nil : taken(line)
    }

    private func taken(_ line: [UInt8]) -> [UInt8] {
        lineNumber += 1
        byteCount += line.count
        return line
    }

    /// Reads on; false at the end of the file.
    private func fill() throws -> Bool {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(message: String(cString: strerror(errno))) }
            available = 0..<count
            return count > 0
        }
    }
}

extension [UInt8] {
    /// Whether there is nothing but white space.
    var isBlank: Bool { allSatisfy { " \t\r\n".utf8.contains($0) } }
}
