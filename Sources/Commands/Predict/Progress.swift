import Glibc

/// What a person sees of a long run on standard error: a bar while it lasts, and at its end how fast it was.
struct Progress {
    private let total: Int?
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private(set) var records = 0
    private(set) var refused = 0

    /// How often the bar is drawn anew.
    private static let interval = Duration.milliseconds(100)
    private static let width = 30

    /// - Parameter total: the bytes of the whole input; `nil` when nobody knows, and then there is no bar.
    init(total: Int?) {
        self.total = total
        // Predictions that go to the same terminal show how far it is, and a bar would stand in their way.
        isShown = total != nil && isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0
    }

    /// Counts records, and draws the bar when it is time.
    mutating func advance(to byteCount: Int, records count: Int, refused refusedCount: Int) {
        records += count
        refused += refusedCount
        guard isShown, let total else { return }
        let now = ContinuousClock.now
        guard lastDrawn.map({ now - $0 >= Self.interval }) ?? true else { return }
        lastDrawn = now
        let share = total > 0 ? min(Double(byteCount) / Double(total), 1) : 1
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        Terminal.write("\r\(bar) \(Int(share * 100)) %  \(records) records, \(rate) a second", to: STDERR_FILENO)
    }

    /// Removes the bar, so that a line of another kind can be printed in its place.
    mutating func clear() {
        guard lastDrawn != nil, isShown else { return }
        Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
        lastDrawn = nil
    }

    /// Says how many records there were and how fast they went; nothing for a single one.
    mutating func finish() {
        clear()
        guard records > 1 else { return }
        Terminal.printError("\(records) records, \(refused) refused, \(rate) a second")
    }

    private var rate: Int {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Int(Double(records) / max(Double(seconds) + Double(attoseconds) / 1e18, 1e-6))
    }
}
