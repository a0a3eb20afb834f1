internal import Synchronization

/// Gathers an object in memory.
package final class MemorySink: StoreSink {
    private let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    /// - Parameter limit: the most bytes that room is made for in advance; the store keeps to the limit itself.
    package init(limit: Int) {
        self.limit = limit
    }

    package func begin(byteCount: Int?) {
        bytes.withLock { bytes in
            bytes.removeAll(keepingCapacity: true)
            bytes.reserveCapacity(min(byteCount ?? 0, limit))
        }
    }

    package func write(_ piece: RawSpan) {
        piece.withUnsafeBytes { piece in bytes.withLock { $0.append(contentsOf: piece) } }
    }

    /// The object, which is no longer here afterwards.
    package func takeBytes() -> [UInt8] {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }
}
