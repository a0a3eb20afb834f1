import Glibc

/// What a person sees of a long run on standard error: a bar while it lasts, and at its end how fast it was.
struct Progress {
    private let total: Int?
    private let start = ContinuousClock.now
    private var bar: ProgressBar
    private(set) var records = 0
    private(set) var refused = 0

    /// - Parameter total: the bytes of the whole input; `nil` when nobody knows, and then there is no bar.
    init(total: Int?) {
        self.total = total
        // Predictions that go to the same terminal show how far it is, and a bar would stand in their way.
        bar = ProgressBar(isWanted: total != nil && isatty(STDOUT_FILENO) == 0)
    }

    /// Counts records, and draws the bar when it is time.
    mutating func advance(to byteCount: Int, records count: Int, refused refusedCount: Int) {
        records += count
        refused += refusedCount
        guard let total else { return }
        let (records, rate) = (records, rate)
        bar.show(total > 0 ? Double(byteCount) / Double(total) : 1) { "\(records) records, \(rate) a second" }
    }

    /// Removes the bar, so that a line of another kind can be printed in its place.
    mutating func clear() { bar.clear() }

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
