/// The numbers that the library computes with that trained the trees: it rounds features to them before it compares,
/// and rounds to them every time it adds a leaf.
protocol Arithmetic: AdditiveArithmetic, BitwiseCopyable, Sendable {
    /// The nearest number.
    init(_ value: Double)

    /// The same number.
    var widened: Double { get }
}

extension Double: Arithmetic {
    @inline(__always)
    var widened: Double { self }
}

extension Float: Arithmetic {
    @inline(__always)
    var widened: Double { Double(self) }
}
