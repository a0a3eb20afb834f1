/// How often something that failed is tried again, and how long it waits before that.
package struct RetryPolicy: Sendable, Hashable {
    /// The most attempts, the first included, at least 1: 4.
    package var maximumAttempts = 4
    /// The longest wait before the second attempt, which doubles with each further one: 200 ms.
    package var firstDelay = Duration.milliseconds(200)
    /// The longest wait before any: 5 s.
    package var maximumDelay = Duration.seconds(5)

    /// A policy with every default.
    package init() {}

    /// How long to wait after `attempts` failures: anything between nothing and a bound that doubles each time, so
    /// that many clients of a store that comes back do not come back together ("full jitter").
    func delay(after attempts: Int) -> Duration {
        var bound = firstDelay
        for _ in 1..<max(attempts, 1) where bound < maximumDelay { bound *= 2 }
        return min(bound, maximumDelay) * Double.random(in: 0..<1)
    }
}
