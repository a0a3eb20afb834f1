/// Where a value lies in a run.
struct Operand: Hashable, Sendable {
    /// An address for a constant; otherwise the offset in bytes, or for strings and token lists their index.
    fileprivate let position: Int
    fileprivate let isConstant: Bool

    /// A place in the memory of a run.
    init(offset: Int) {
        position = offset
        isConstant = false
    }

    /// A constant, which whoever makes the plan keeps alive as long as the plan.
    init(constant: ONNXTensor) {
        position = Int(bitPattern: constant.memory)
        isConstant = true
    }
}

/// The memory of one run, as kernels see it.
///
/// Valid while the run lasts.
struct Frame {
    let numbers: UnsafeMutableRawPointer
    let strings: UnsafeMutablePointer<String>
    /// Rectangles of texts whose width only the run tells: `tokens[i][row][column]`.
    let tokens: UnsafeMutablePointer<[[String]]>

    /// The elements of a value.
    ///
    /// Kernels read their inputs and write their outputs only, within the planned counts.
    @inline(__always)
    func callAsFunction<Element: BitwiseCopyable>(
        _ operand: Operand, as type: Element.Type = Element.self
    ) -> UnsafeMutablePointer<Element> {
        let address =
            operand.isConstant
            ? UnsafeMutableRawPointer(bitPattern: operand.position).unsafelyUnwrapped : numbers + operand.position
        return address.assumingMemoryBound(to: Element.self)
    }

    /// The texts of a value.
    @inline(__always)
    func strings(_ operand: Operand) -> UnsafeMutablePointer<String> {
        operand.isConstant
            ? UnsafeMutableRawPointer(bitPattern: operand.position).unsafelyUnwrapped.assumingMemoryBound(
                to: String.self)
            : strings + operand.position
    }

    /// The texts of a value whose width only the run tells.
    func tokens(_ operand: Operand) -> UnsafeMutablePointer<[[String]]> {
        tokens + operand.position
    }
}

/// One step of a plan: reads operands, writes operands, allocates nothing for numbers.
typealias Kernel = @Sendable (Frame) throws(ONNXRunError) -> Void
