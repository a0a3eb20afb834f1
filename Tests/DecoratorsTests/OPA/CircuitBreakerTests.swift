import EventLoop
import Testing

@testable import Decorators

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private let start = Moment(nanoseconds: 1_000_000_000_000)
    /// When one that opened at `start` lets a request through.
    private var end: Moment { start + CircuitBreaker.openDuration.clampedNanoseconds }

    /// One that has just opened.
    private func opened() -> CircuitBreaker {
        let breaker = CircuitBreaker()
        for failure in 1...CircuitBreaker.failureLimit {
            #expect(breaker.admit(at: start) == .regular)
            #expect(breaker.fail(.regular, at: start) == (failure == CircuitBreaker.failureLimit ? .opened : nil))
        }
        return breaker
    }

    @Test("lets everything through until so many requests in a row have failed")
    func opening() {
        #expect(opened().admit(at: start) == nil)
    }

    @Test("begins to count anew after a success")
    func success() {
        let breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.failureLimit { #expect(breaker.fail(.regular, at: start) == nil) }
        #expect(breaker.succeed(.regular) == nil)
        for _ in 1..<CircuitBreaker.failureLimit { #expect(breaker.fail(.regular, at: start) == nil) }
        #expect(breaker.fail(.regular, at: start) == .opened)
    }

    @Test("lets one request probe after its time, and no other meanwhile")
    func probe() {
        let breaker = opened()
        #expect(breaker.admit(at: Moment(nanoseconds: end.nanoseconds - 1)) == nil)
        #expect(breaker.admit(at: end) == .probe)
        #expect(breaker.admit(at: end) == nil)
        #expect(breaker.succeed(.probe) == .closed)
        #expect(breaker.admit(at: end) == .regular)
    }

    @Test("stays open for as long again when the probe fails")
    func failedProbe() {
        let breaker = opened()
        #expect(breaker.admit(at: end) == .probe)
        #expect(breaker.fail(.probe, at: end) == nil)
        #expect(breaker.admit(at: end) == nil)
        #expect(breaker.admit(at: end + CircuitBreaker.openDuration.clampedNanoseconds) == .probe)
    }

    @Test("lets the next request probe when the probe was given up")
    func abandonedProbe() {
        let breaker = opened()
        #expect(breaker.admit(at: end) == .probe)
        breaker.abandon(.probe)
        #expect(breaker.admit(at: end) == .probe)
        // One that was sent long before says nothing of the probe.
        breaker.abandon(.regular)
        #expect(breaker.fail(.regular, at: end) == nil)
        #expect(breaker.admit(at: end) == nil)
    }

    @Test("closes when a request that was sent before it opened succeeds after all")
    func lateSuccess() {
        let breaker = opened()
        #expect(breaker.fail(.regular, at: start) == nil)
        #expect(breaker.succeed(.regular) == .closed)
        #expect(breaker.admit(at: start) == .regular)
    }
}
