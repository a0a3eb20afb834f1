import Testing

@testable import ModelService

@Suite("X-Request-Timeout")
struct RequestTimeoutTests {
    private func duration(_ text: String) -> Duration? {
        let bytes = Array(text.utf8)
        return RequestTimeout.duration(bytes.span, upTo: .seconds(60))
    }

    @Test(
        "is a number of seconds, or of what its unit says, up to the limit",
        arguments: [
            ("1.5", .milliseconds(1500)), ("2", .seconds(2)), ("2s", .seconds(2)), ("0.25S", .milliseconds(250)),
            ("250ms", .milliseconds(250)), ("0.5ms", .microseconds(500)), ("007", .seconds(7)), ("0", .zero),
            ("0.000s", .zero), ("0ms", .zero), ("60", .seconds(60)), ("60000.1ms", .seconds(60)), ("61s", .seconds(60)),
            ("99999999999999999999999999999999", .seconds(60)),
        ] as [(String, Duration)])
    func durations(text: String, duration: Duration) {
        #expect(self.duration(text) == duration)
    }

    @Test(
        "of another form is none",
        arguments: [
            "", "s", "ms", ".5", "1.", "1.s", "1.2.3", "1..2", "-1", "+1", "1e3", "0x10", "1,5", "1 s", "1m", "1h",
            "1us",
            "inf", "nan", "1sms", "1_000", "１", "999999999999999999999999999999999",
        ])
    func mistakes(text: String) {
        #expect(duration(text) == nil)
    }
}
