internal import Synchronization

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
    private let counts: UnsafeSendableCounts

    package init() {
        counts = UnsafeSendableCounts(count: Outcome.allCases.count)
    }

    package func count(_ outcome: Outcome) {
        counts.add(at: outcome.rawValue)
    }

    package subscript(outcome: Outcome) -> Int { counts[outcome.rawValue] }

    /// Every outcome by its name, in lower case and with `_` between words.
    package var byName: [(outcome: String, count: Int)] {
        Outcome.allCases.map { outcome in
            let name = "\(outcome)".map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
            return (name, self[outcome])
        }
    }
}

/// Counters at fixed addresses.
///
/// `@unchecked Sendable`: each is atomic, and they live as long as this does.
private final class UnsafeSendableCounts: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Atomic<Int>>
    private let count: Int

    init(count: Int) {
        self.count = count
        base = .allocate(capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    func add(at index: Int) {
        precondition(index < count)
        base[index].wrappingAdd(1, ordering: .relaxed)
    }

    subscript(index: Int) -> Int {
        precondition(index < count)
        return base[index].load(ordering: .relaxed)
    }
}
