/// The numbers that the library computes with that trained the trees: it rounds features to them before it compares,
/// and rounds to them every time it adds a leaf.
protocol TreeNumber: AdditiveArithmetic, BitwiseCopyable, Sendable {
    /// The nearest number.
    init(_ value: Double)

    /// The same number.
    var widened: Double { get }
}

extension Double: TreeNumber {
    @inline(__always)
    var widened: Double { self }
}

extension Float: TreeNumber {
    @inline(__always)
    var widened: Double { Double(self) }
}
