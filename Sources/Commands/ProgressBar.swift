import Glibc

/// A bar on standard error, where that is a terminal.
struct ProgressBar {
    /// How often it is drawn anew.
    private static let interval = Duration.milliseconds(100)
    private static let width = 30

    private let isShown: Bool
    private var lastDrawn: ContinuousClock.Instant?

    /// - Parameter isWanted: whether there is one at all.
    init(isWanted: Bool = true) {
        isShown = isWanted && isatty(STDERR_FILENO) == 1
    }

    /// Draws the bar when it is time.
    ///
    /// - Parameters:
    ///   - share: how much is done, 0 to 1.
    ///   - text: what stands beside it.
    mutating func show(_ share: Double, _ text: () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard lastDrawn.map({ now - $0 >= Self.interval }) ?? true else { return }
        lastDrawn = now
        let share = min(share, 1)
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        Terminal.write("\r\(bar) \(Int(share * 100)) %  \(text())", to: STDERR_FILENO)
    }

    /// Removes it, so that a line of another kind can be printed in its place.
    mutating func clear() {
        guard lastDrawn != nil else { return }
        Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
        lastDrawn = nil
    }
}
