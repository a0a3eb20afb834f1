import Synchronization

/// What happened, in order, from any thread.
final class Log: Sendable {
    private let state = Mutex<[Int]>([])

    var values: [Int] { state.withLock { $0 } }

    func append(_ value: Int) {
        state.withLock { $0.append(value) }
    }
}
