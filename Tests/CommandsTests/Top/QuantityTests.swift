import Testing

@testable import Commands

@Suite("A quantity on a page")
struct QuantityTests {
    @Test(
        "is a time with three digits",
        arguments: [
            (0.0, "0.00 µs"), (0.000_000_5, "0.50 µs"), (0.000_01, "10.0 µs"), (0.000_21, "210 µs"),
            (0.000_999_4, "999 µs"),
            (0.000_999_6, "1.00 ms"), (0.001_25, "1.25 ms"), (0.099_96, "100 ms"), (0.9996, "1.00 s"), (2.1, "2.10 s"),
            (59, "59.0 s"), (1e300, "- s"),
        ])
    func duration(seconds: Double, expected: String) {
        #expect(Quantity.duration(seconds) == expected)
    }

    @Test("is a time that is known to be longer, or none")
    func quantile() {
        #expect(Quantity.duration(.above(60)) == ">60.0 s")
        #expect(Quantity.duration(.about(0.5)) == "500 ms")
        #expect(Quantity.duration(nil) == "-")
    }

    @Test(
        "is a rate of up to five digits",
        arguments: [
            (0.0, "0"), (0.001, "<0.01"), (0.25, "0.25"), (9.996, "10.0"), (12.34, "12.3"), (1234.4, "1234"),
            (99_999, "99999"),
            (123_456, "123k"), (.infinity, "-k"),
        ])
    func rate(rate: Double, expected: String) {
        #expect(Quantity.rate(rate) == expected)
    }

    @Test(
        "is an age in two units",
        arguments: [
            (0.9, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (18_720, "5 h 12 min"), (273_600, "3 d 4 h"),
            (.infinity, "-"),
        ])
    func age(seconds: Double, expected: String) {
        #expect(Quantity.age(seconds) == expected)
    }

    @Test("is memory, a part, and a count")
    func others() {
        #expect(Quantity.bytes(26_529_792) == "25.3 MiB")
        #expect(Quantity.bytes(512) == "512 bytes")
        #expect(Quantity.percent(0.872) == "87.2 %")
        #expect(Quantity.count(1_000_000) == "1000000")
    }
}
