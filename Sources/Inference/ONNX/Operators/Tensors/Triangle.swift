import Glibc

/// Trilu: of each matrix of the last two dimensions what is on one side of a diagonal; the rest is 0.
struct Triangle: ONNXOperator {
    let isUpper: Bool

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .fixedWidth)
        guard input.shape.count >= 2 else { throw .shapeMismatch("\(input.shape) is the shape of no matrix") }
        let (rows, columns) = (input.shape[input.shape.count - 2], input.shape[input.shape.count - 1])
        // Beyond the matrix all diagonals are the same.
        let diagonal = max(-rows, min(columns, try node.integers(1)?.first ?? 0))
        let output = try node.output(input.type, input.shape)
        let (source, width, isUpper) = (input.operand, input.type.stride, isUpper)
        let lines = input.shape.dropLast().reduce(1, *)
        node.run { frame throws(ONNXRunError) in
            let (bytes, target) = (frame(source, as: UInt8.self), frame(output, as: UInt8.self))
            memset(target, 0, lines * columns * width)
            for line in 0..<lines {
                let row = line % rows
                let edge = max(0, min(columns, row + diagonal + (isUpper ? 0 : 1)))
                let kept = isUpper ? edge..<columns : 0..<edge
                let start = (line * columns + kept.lowerBound) * width
                memcpy(target + start, bytes + start, kept.count * width)
            }
        }
    }
}
