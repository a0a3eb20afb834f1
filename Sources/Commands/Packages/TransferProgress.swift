import Glibc
import Synchronization

/// A bar on a terminal's standard error while a package is on its way.
final class TransferProgress: Sendable {
    private struct State {
        var total: Int?
        var count = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    /// How often the bar is drawn anew.
    private static let interval = Duration.milliseconds(100)
    private static let width = 30

    private let name: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state: Mutex<State>

    init(_ name: String, total: Int? = nil) {
        self.name = name
        state = Mutex(State(total: total))
    }

    /// Begins, or begins anew.
    func begin(total: Int?) {
        state.withLock { $0 = State(total: total, lastDrawn: $0.lastDrawn) }
    }

    func advance(by byteCount: Int) {
        show(state.withLock { $0.count + byteCount })
    }

    /// Shows that `count` bytes have gone.
    func show(_ count: Int) {
        state.withLock { state in
            state.count = count
            guard isShown, let total = state.total, total > 0 else { return }
            let now = ContinuousClock.now
            guard state.lastDrawn.map({ now - $0 >= Self.interval }) ?? true else { return }
            state.lastDrawn = now
            let share = min(Double(count) / Double(total), 1)
            let filled = Int(share * Double(Self.width))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
            Terminal.write("\r\(bar) \(Int(share * 100)) %  \(name)", to: STDERR_FILENO)
        }
    }

    /// Removes the bar.
    func finish() {
        guard state.withLock({ $0.lastDrawn != nil }) else { return }
        Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
    }
}
