import Glibc
import Synchronization

/// A bar on a terminal's standard error while a package is on its way.
final class TransferProgress: Sendable {
    private let name: String
    private let bar = Mutex(ProgressBar())

    init(_ name: String) {
        self.name = name
    }

    /// Shows that `byteCount` bytes have gone.
    @Sendable func show(_ byteCount: Int, of total: Int?) {
        guard let total, total > 0 else { return }
        bar.withLock { $0.show(Double(byteCount) / Double(total)) { name } }
    }

    /// Removes the bar.
    func finish() {
        bar.withLock { $0.clear() }
    }
}
