import Testing

@testable import EventLoop

@Suite("A throttle for the log")
struct LogThrottleTests {
    private func moment(_ seconds: Double) -> Moment { Moment(nanoseconds: UInt64((1_000 + seconds) * 1e9)) }

    @Test("lets one through in each interval, with the number of those held back")
    func one() {
        let throttle = LogThrottle(every: .seconds(10))
        let times: [(Double, Int?)] = [
            (0, 0), (0, nil), (9.9, nil), (10, 2), (19, nil), (25, 1), (34, nil), (35, 1), (1_000, 0), (1_005, nil),
        ]
        for (time, passed) in times { #expect(throttle.pass(at: moment(time)) == passed, "\(time)") }
    }

    @Test("lets a burst through at once, and then as many as come back")
    func burst() {
        let throttle = LogThrottle(every: .seconds(1), burst: 3)
        let times: [(Double, Int?)] = [
            (0, 0), (0, 0), (0, 0), (0, nil), (0.5, nil), (1, 2), (1, nil), (3.5, 1), (3.5, 0), (3.5, nil), (100, 1),
            (100, 0), (100, 0), (100, nil),
        ]
        for (time, passed) in times { #expect(throttle.pass(at: moment(time)) == passed, "\(time)") }
    }

    @Test("says in a line how many there were before it")
    func remark() {
        #expect(LogThrottle.remark(0) == "")
        #expect(LogThrottle.remark(7) == " (and 7 more since the last line)")
    }
}
