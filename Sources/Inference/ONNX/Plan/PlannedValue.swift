/// What a plan knows about a value of the graph.
struct PlannedValue {
    let type: ONNXElementType
    let shape: [Int]
    let operand: Operand
    /// The value, where it is known before a run.
    let constant: ONNXTensor?
    /// The keys of a value that is a list of maps, one for each row of `shape`.
    var keys: ONNXKeys?
    /// The texts are a rectangle whose width only a run tells; `shape` has the rows.
    var isTokens = false
    /// The block of the memory that the value shares, and that is free after its last use.
    var block: Int?

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }
}

/// The keys of the maps that an ONNX `ZipMap` makes, in the order of the values.
package enum ONNXKeys: Hashable, Sendable {
    case strings([String])
    case integers([Int64])
}
