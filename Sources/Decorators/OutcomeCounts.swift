internal import EventLoop
package import Modeling

/// A decorator that counts what it does.
package protocol OutcomeReporting: Sendable {
    /// How often it did what, by names in lower case, `hit` and `allowed_unasked`.
    var outcomes: [(outcome: String, count: Int)] { get }
}

/// How often a decorator did what, by an outcome's name: `hit`, `denied`.
///
/// Counted by any thread without a lock.
package final class OutcomeCounts<Outcome: CaseIterable & RawRepresentable & Sendable>: Sendable
where Outcome.RawValue == Int {
    private let cells = CounterCells(count: Outcome.allCases.count)

    private let names: [String] = Outcome.allCases.map { outcome in
        "\(outcome)".map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    }

    package init() {}

    /// Counts what a prediction came to, and tells its span.
    package func count(_ outcome: Outcome, in context: PredictionContext) {
        count(outcome)
        // Without a trace there is nobody to tell.
        if context.trace != nil { context.outcome = names[outcome.rawValue] }
    }

    package func count(_ outcome: Outcome) {
        cells.addFromAnyThread(1, at: outcome.rawValue)
    }

    package subscript(outcome: Outcome) -> Int { Int(cells[outcome.rawValue]) }

    /// Every outcome by its name, in lower case and with `_` between words.
    package var byName: [(outcome: String, count: Int)] {
        Outcome.allCases.map { (names[$0.rawValue], self[$0]) }
    }
}
