import Testing

@testable import EventLoop

@Suite struct MomentTests {
    @Test(
        "a duration is clamped to what nanoseconds can hold",
        arguments: [
            (Duration.seconds(2), UInt64(2_000_000_000)), (.nanoseconds(1), 1), (.zero, 0), (.seconds(-1), 0),
            (.nanoseconds(-1), 0), (.seconds(Int64.max), .max),
        ])
    func clamped(duration: Duration, nanoseconds: UInt64) {
        #expect(duration.clampedNanoseconds == nanoseconds)
    }

    @Test("a sum that does not fit is never")
    func overflow() {
        #expect(Moment(nanoseconds: 1) + UInt64.max == .never)
        #expect(Moment(nanoseconds: 1) + 2 == Moment(nanoseconds: 3))
    }
}
