import Artifacts
import Synchronization

/// What a transfer told while it went on.
final class Pieces: Sendable {
    private let state = Mutex<[(Int, Int?)]>([])

    func append(_ count: Int, _ total: Int?) {
        state.withLock { $0.append((count, total)) }
    }

    var counts: [Int] { state.withLock { $0.map(\.0) } }
    var totals: [Int?] { state.withLock { $0.map(\.1) } }
}

/// Notes what a store does with a sink, and compares the content with what it should be instead of keeping it.
final class CheckingSink: StoreSink {
    struct State {
        var beginnings: [Int?] = []
        var byteCount = 0
        var largestPiece = 0
        var isRight = true
    }

    private let state = Mutex(State())
    private let expected: @Sendable (Int) -> UInt8

    /// - Parameter expected: the byte that belongs at an offset.
    init(_ expected: @escaping @Sendable (Int) -> UInt8) {
        self.expected = expected
    }

    var result: State { state.withLock { $0 } }

    func begin(byteCount: Int?) {
        state.withLock { state in
            state.beginnings.append(byteCount)
            state.byteCount = 0
        }
    }

    func write(_ piece: RawSpan) {
        piece.withUnsafeBytes { piece in
            state.withLock { state in
                state.largestPiece = max(state.largestPiece, piece.count)
                for (index, byte) in piece.enumerated() where byte != expected(state.byteCount + index) {
                    state.isRight = false
                }
                state.byteCount += piece.count
            }
        }
    }
}
