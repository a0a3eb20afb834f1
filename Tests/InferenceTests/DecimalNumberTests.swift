import TestSupport
import Testing

@testable import Inference

@Suite("Decimal numbers")
struct DecimalNumberTests {
    private func parse(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return DecimalNumber.parse(bytes.span.bytes, 0..<bytes.count)
    }

    @Test(
        "are rounded as the standard library rounds them",
        arguments: [
            "0", "-0", "1", "-1", "+7", "0.1", "00012.50", ".5", "5.", "1e5", "1E+5", "1e-5", "123456789012345678",
            "1.0000000180025095e-35", "9007199254740993", "9007199254740992.9999999", "2.2250738585072011e-308",
            "4.9406564584124654e-324", "2.4703282292062327e-324", "1.7976931348623157e308", "1.7976931348623159e308",
            "1e400", "1e-400", "1e999999999999", "0e999", "0.000000000000000000000000000001",
            "123456789012345678901234567890", "179769313486231570814527423731704356798070e267",
            "1152921504606846975.5", "18446744073709551615", "18446744073709551616e-10", "3.1415926535897931",
            "1e27", "1e28", "9999999999999999999e27", "1e-27", "1e-28",
        ])
    func rounding(text: String) throws {
        let expected = try #require(Double(text))
        #expect(parse(text)?.bitPattern == expected.bitPattern)
    }

    @Test("of 17 digits come back as they were written")
    func roundTrip() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<50_000 {
            let exponent = Int.random(in: -40...40, using: &random)
            let digits = String(random.next() % 100_000_000_000_000_000)
            let sign = Bool.random(using: &random) ? "-" : ""
            for text in [
                "\(sign)\(digits)e\(exponent)", "\(sign)\(digits.prefix(1)).\(digits.dropFirst())0e\(exponent)",
            ] {
                #expect(parse(text)?.bitPattern == Double(text)?.bitPattern)
            }
            let value = Double(bitPattern: random.next())
            if value.isFinite { #expect(parse("\(value)")?.bitPattern == value.bitPattern) }
        }
    }

    @Test("may be infinite or no number at all, as C++ writes them")
    func special() throws {
        #expect(parse("inf") == .infinity)
        #expect(parse("-inf") == -.infinity)
        #expect(try #require(parse("nan")).isNaN)
        #expect(try #require(parse("-nan")).isNaN)
    }

    @Test(
        "are refused where they are something else",
        arguments: [
            "", "-", "+", ".", "e5", "1e", "1e+", "1e-", "1.2.3", "1,5", "0x10", "1f", "1 ", " 1", "--1", "infinity",
            "nan(1)", "1e5.0", "1_000", String(repeating: "1", count: 129),
        ])
    func refusal(text: String) {
        #expect(parse(text) == nil)
    }

    @Test("are rounded once to binary32, also next to the middle of two")
    func binary32() {
        func parse(_ text: String) -> Float? {
            let bytes = Array(text.utf8)
            return DecimalNumber.parseFloat(bytes.span.bytes, 0..<bytes.count)
        }
        var random = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard value.isFinite else { continue }
            #expect(parse("\(value)")?.bitPattern == value.bitPattern)
            let middle = Double(value) + (Double(value.nextUp) - Double(value)) / 2
            for text in ["\(middle)", "\(middle.nextUp)", "\(middle.nextDown)"] {
                #expect(parse(text)?.bitPattern == Float(text)?.bitPattern)
            }
        }
        // Above the middle by less than a binary64 tells.
        for text in ["1.00000005960464477539062500001", "16777217.0000000000000001", "1e-45", "7.1e-46", "1e39", "-0"] {
            #expect(parse(text)?.bitPattern == Float(text)?.bitPattern)
        }
        #expect(parse("x") == nil)
    }
}
