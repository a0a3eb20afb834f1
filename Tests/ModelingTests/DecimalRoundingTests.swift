import Glibc
import TestSupport
import Testing

@testable import Modeling

@Suite("Rounding to decimals")
struct DecimalRoundingTests {
    /// What Python 3.11 prints for `round(number, places)`.
    @Test(
        "is Python's",
        arguments: [
            (2.675, 2, 2.67), (0.125, 2, 0.12), (0.375, 2, 0.38), (1.005, 2, 1.0), (2.5, 0, 2.0), (3.5, 0, 4.0),
            (-2.5, 0, -2.0), (8640.782362691423, 2, 8640.78), (1e300, 2, 1e300), (.leastNonzeroMagnitude, 17, 0.0),
            (0.5, 0, 0.0),
            (1.15, 1, 1.1), (1.25, 1, 1.2), (1.35, 1, 1.4), (123456789.125, 2, 123456789.12), (1e15 + 0.5, 0, 1e15),
        ] as [(Double, Int, Double)])
    func table(number: Double, places: Int, expected: Double) {
        #expect(number.rounded(toPlaces: places) == expected)
    }

    @Test("is the C library's, which rounds the exact value, also where one multiplication decides")
    func agreesWithTheCLibrary() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let magnitude = pow(10, Double.random(in: -3...16, using: &generator))
            // Half of the numbers lie on or beside a tie.
            let near = (magnitude * 200).rounded() / 200
            for number in [magnitude, near, near.nextUp, near.nextDown, -near] {
                for places in [0, 1, 2, 5, 8, 12] {
                    #expect(number.rounded(toPlaces: places) == exact(number, places))
                }
            }
        }
    }

    @Test("leaves infinities and NaN alone, and keeps the sign of zero")
    func specialValues() {
        #expect(Double.infinity.rounded(toPlaces: 2) == .infinity)
        #expect(Double.nan.rounded(toPlaces: 2).isNaN)
        #expect((-0.001).rounded(toPlaces: 2).sign == .minus)
    }

    private func exact(_ number: Double, _ places: Int) -> Double {
        var text = [CChar](repeating: 0, count: 400)
        _ = withVaList([CInt(places), number]) { vsnprintf(&text, text.count, "%.*f", $0) }
        return strtod(text, nil)
    }
}
