import Glibc

/// A type that arithmetic is done in.
///
/// Integers wrap around, as in the libraries that train models.
protocol ONNXNumber: ONNXElement, Comparable, Numeric {
    static func sum(_ a: Self, _ b: Self) -> Self
    static func difference(_ a: Self, _ b: Self) -> Self
    static func product(_ a: Self, _ b: Self) -> Self
    /// Towards zero for integers, whose divisor is checked before.
    static func quotient(_ a: Self, _ b: Self) -> Self
    static func power(_ a: Self, _ b: Self) -> Self
    /// The remainder with the sign of the dividend (`isTruncated`) or of the divisor.
    static func remainder(_ a: Self, _ b: Self, isTruncated: Bool) -> Self
    /// The lesser; NaN where one is NaN.
    static func lesser(_ a: Self, _ b: Self) -> Self
    /// The greater; NaN where one is NaN.
    static func greater(_ a: Self, _ b: Self) -> Self
    static var lowest: Self { get }
    static var highest: Self { get }
    static var isInteger: Bool { get }
    var asDouble: Double { get }
    /// The value of an integer; 0 for other types.
    var asInteger: Int64 { get }
    /// The low bits in an integer, the nearest value in other types.
    init(integer: Int64)
    /// The nearest towards zero; out of range the nearest of all; 0 for NaN in an integer.
    init(truncating value: Double)
}

/// A binary floating-point type that functions are computed in.
protocol ONNXFloat: ONNXNumber, BinaryFloatingPoint {
    static func exponential(_ x: Self) -> Self
    static func logarithm(_ x: Self) -> Self
    static func hyperbolicTangent(_ x: Self) -> Self
}

extension ONNXNumber where Self: FixedWidthInteger {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self {
        a.dividedReportingOverflow(by: b).partialValue
    }
    static func power(_ a: Self, _ b: Self) -> Self {
        // Integers below 1 are what is left of a fraction.
        guard b >= 0 else { return a == 1 ? 1 : 0 }
        var (result, base, exponent) = (Self(1), a, b)
        while exponent > 0 {
            if exponent & 1 == 1 { result = result &* base }
            base = base &* base
            exponent >>= 1
        }
        return result
    }
    static func remainder(_ a: Self, _ b: Self, isTruncated: Bool) -> Self {
        let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
        return !isTruncated && rest != 0 && (rest < 0) != (b < 0) ? rest &+ b : rest
    }
    @inline(__always) static func lesser(_ a: Self, _ b: Self) -> Self { a < b ? a : b }
    @inline(__always) static func greater(_ a: Self, _ b: Self) -> Self { a > b ? a : b }
    static var lowest: Self { min }
    static var highest: Self { max }
    static var isInteger: Bool { true }
    @inline(__always) var asInteger: Int64 { Int64(truncatingIfNeeded: self) }
    @inline(__always) init(integer: Int64) { self = Self(truncatingIfNeeded: integer) }
    @inline(__always) var asDouble: Double { Double(self) }
    @inline(__always) init(truncating value: Double) { self = Self(clampingRounded: value.rounded(.towardZero)) }
}

extension ONNXFloat {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a - b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
    static func remainder(_ a: Self, _ b: Self, isTruncated: Bool) -> Self {
        let rest = a.truncatingRemainder(dividingBy: b)
        return !isTruncated && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    @inline(__always) static func lesser(_ a: Self, _ b: Self) -> Self { a.isNaN || a < b ? a : b }
    @inline(__always) static func greater(_ a: Self, _ b: Self) -> Self { a.isNaN || a > b ? a : b }
    static var lowest: Self { -.infinity }
    static var highest: Self { .infinity }
    static var isInteger: Bool { false }
    @inline(__always) var asInteger: Int64 { 0 }
    @inline(__always) init(integer: Int64) { self = Self(integer) }
    @inline(__always) var asDouble: Double { Double(self) }
    @inline(__always) init(truncating value: Double) { self = Self(value) }
}

extension Float: ONNXFloat {
    @inline(__always) static func exponential(_ x: Float) -> Float { expf(x) }
    @inline(__always) static func logarithm(_ x: Float) -> Float { logf(x) }
    /// Within three units in the last place, in a third of the time of `tanhf`: a power series near 0, and
    /// (1 − e^−2|x|) / (1 + e^−2|x|) where it does not cancel.
    static func hyperbolicTangent(_ x: Float) -> Float {
        let magnitude = abs(x)
        if magnitude < 0.3 {
            let square = x * x
            let series = -17 / 315 + square * (62 / 2835 - square * (1382 / 155_925))
            return x + x * square * (-1 / 3 + square * (2 / 15 + square * series))
        }
        let power = expf(-2 * magnitude)
        let value = (1 - power) / (1 + power)
        return x < 0 ? -value : value
    }
    static func power(_ a: Float, _ b: Float) -> Float { powf(a, b) }
}

extension Double: ONNXFloat {
    @inline(__always) static func exponential(_ x: Double) -> Double { exp(x) }
    @inline(__always) static func logarithm(_ x: Double) -> Double { log(x) }
    @inline(__always) static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
    static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }
}

extension Int8: ONNXNumber {}
extension UInt8: ONNXNumber {}
extension Int32: ONNXNumber {}
extension Int64: ONNXNumber {}
