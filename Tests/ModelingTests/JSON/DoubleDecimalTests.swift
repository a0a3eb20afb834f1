import Modeling
import TestSupport
import Testing

/// Each text is read as JSON and by the standard library, which is correctly rounded.
@Suite("Decimal numbers")
struct DoubleDecimalTests {
    @Test(
        "hard cases are rounded correctly",
        arguments: [
            "0.0", "-0.0", "0e99999999999", "0.000000000000000000000000000001", "9007199254740993.0",
            "9007199254740992.5",
            "9007199254740993.0000000000000000000000001", "2.2250738585072011e-308", "2.2250738585072014e-308",
            "4.9e-324", "2.4e-324",
            "2.5e-324", "1.7976931348623157e308", "1.7976931348623159e308", "179769313486231580793728971405301e276",
            "1e22", "1e23",
            "8.5e-23", "123456789012345678e-27", "1234567890123456789e27", "1234567890123456789.5", "0.1",
            "0.30000000000000004",
            "100000000000000016777215.0", "100000000000000016777216.0", "7.2057594037927933e16", "1e-400", "1e400",
            "-1e400",
            "1e1000000000000000000000", "1e-1000000000000000000000", "3.518437208883201171875e13",
            "62.5364939768271845828",
            "8.10109172351e-10", "1.50000000000000011102230246251565404236316680908203125", "18446744073709551615.0",
            "18446744073709551616.0", "9999999999999999999.0", "1000000000000000000.5",
        ])
    func hardCases(text: String) throws {
        #expect(try number(text) == Double(text))
    }

    @Test("a hundred thousand random numbers are rounded correctly")
    func randomNumbers() throws {
        var generator = SplitMix64(seed: 20_261_120)
        for round in 0..<100_000 {
            let text: String
            switch round % 5 {
            case 0: text = randomDouble(&generator).description
            case 1:
                let mantissa = UInt64.random(in: 0...9_999_999_999_999_999_999, using: &generator)
                text = "\(mantissa)e\(Int.random(in: -30...30, using: &generator))"
            case 2:
                let fraction = String(UInt64.random(in: 0...(.max), using: &generator))
                text = "\(Int.random(in: 0...99, using: &generator)).\(fraction)"
            case 3: text = "0." + String(UInt64.random(in: 0...(1 << 53), using: &generator))
            default:
                // Half-way between two neighbours, and a digit more or less.
                let mantissa = UInt64.random(in: (1 << 52)..<(1 << 53), using: &generator)
                text = "\(mantissa).\(["5", "50000000001", "49999999999"][Int.random(in: 0...2, using: &generator)])"
            }
            let value = try number(text)
            #expect(value == Double(text), "\(text)")
        }
    }

    @Test("a million digits are one number")
    func hugeNumbers() throws {
        let digits = String(repeating: "1", count: 1_000_000)
        #expect(try number("0." + digits) == 0.1111111111111111)
        #expect(try number(digits) == .infinity)
        #expect(try number("0." + String(repeating: "0", count: 1_000_000) + "1e1000001") == 1)
    }

    private func number(_ text: String) throws -> Double? {
        switch try JSON(parsing: text) {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: nil
        }
    }

    private func randomDouble(_ generator: inout SplitMix64) -> Double {
        while true {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { return value }
        }
    }
}
