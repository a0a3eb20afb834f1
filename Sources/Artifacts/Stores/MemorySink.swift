internal import Synchronization

/// Collects an object in memory.
package final class MemorySink: StoreSink {
    private let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    /// - Parameter limit: the most bytes that are set aside because the store announces them.
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

    /// What has come; the sink is empty afterwards.
    package func takeBytes() -> [UInt8] {
        bytes.withLock { bytes in
            let taken = bytes
            bytes = []
            return taken
        }
    }
}
