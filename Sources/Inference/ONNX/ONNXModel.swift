/// An ONNX model, checked: every operator, type and constant of it is supported.
///
/// A model makes a plan for each set of input shapes; the one for a single row is made when the model is loaded.
///
/// ```swift
/// let model = try ONNXModel(bytes)
/// let plan = try model.oneRow ?? model.plan(rows: 1)
/// let probability = try plan.withRun { run throws(ONNXRunError) in
///     run.set(0, to: 5.1)
///     try run.run()
///     return run.number(1)
/// }
/// ```
package final class ONNXModel: Sendable {
    /// The inputs to give, in the file's order.
    package let inputs: [ONNXValueInfo]
    /// The outputs, in the file's order.
    package let outputs: [ONNXValueInfo]
    /// The plan for one row; `nil` where the model has sizes beside the number of rows that its file does not tell,
    /// and 1 does not do for them.
    package let oneRow: ONNXPlan?

    private let graph: ONNXGraph
    private let known: [Int: ONNXTensor]

    /// Reads a ModelProto, and makes the plan for one row.
    ///
    /// - Parameter known: values of inputs, by name, that are the same in every run. Inputs that decide about shapes,
    ///   such as that of a `Reshape`, have to be among them.
    package init(_ bytes: RawSpan, known: [String: ONNXTensor] = [:]) throws(ONNXError) {
        let graph = try ONNXGraph(try ONNXFile(bytes))
        self.graph = graph
        inputs = graph.inputs
        outputs = graph.outputs
        var byIndex: [Int: ONNXTensor] = [:]
        for (index, input) in graph.inputs.enumerated() { byIndex[index] = known[input.name] }
        self.known = byIndex
        do {
            let shapes = try Self.shapes(graph.inputs, byIndex, rows: 1, sizes: [:])
            oneRow = try ONNXPlan(graph, shapes: shapes, known: byIndex)
        } catch {
            guard Self.hasFreeSizes(graph.inputs), error.isAboutShapes else { throw error }
            oneRow = nil
        }
    }

    /// The operators that hold trees.
    var treeOperators: [any TreeOperator] { graph.nodes.compactMap { $0.operator as? any TreeOperator } }

    /// A plan for so many rows.
    ///
    /// The first dimension of the inputs, where it is not fixed, is the rows.
    ///
    /// - Parameters:
    ///   - sizes: sizes by the names that the file has for them; those that are missing are 1.
    ///   - lengths: the last sizes of inputs, by the inputs' names. One that the file has otherwise is refused.
    package func plan(
        rows: Int, sizes: [String: Int] = [:], lengths: [String: Int] = [:]
    ) throws(ONNXError) -> ONNXPlan {
        let shapes = try Self.shapes(inputs, known, rows: rows, sizes: sizes, lengths: lengths)
        return try ONNXPlan(graph, shapes: shapes, known: known)
    }

    /// A plan for inputs of these shapes, one for each of ``inputs``.
    package func plan(shapes: [[Int]]) throws(ONNXError) -> ONNXPlan {
        precondition(shapes.count == inputs.count)
        for (input, shape) in zip(inputs, shapes) {
            guard let declared = input.shape else { continue }
            let fits =
                declared.count == shape.count
                && zip(declared, shape).allSatisfy { declared, size in
                    if case .fixed(let count) = declared { count == size } else { size >= 0 }
                }
            guard fits else {
                throw ONNXError(.wrongInputShape(found: shape, expected: input.shapeText), .input(input.name))
            }
        }
        return try ONNXPlan(graph, shapes: shapes, known: known)
    }

    private static func shapes(
        _ inputs: [ONNXValueInfo], _ known: [Int: ONNXTensor], rows: Int, sizes: [String: Int],
        lengths: [String: Int] = [:]
    ) throws(ONNXError) -> [[Int]] {
        var sizes = sizes
        for input in inputs {
            if let length = lengths[input.name], case .named(let name)? = input.shape?.last, sizes[name] == nil {
                sizes[name] = length
            }
        }
        for input in inputs {
            if case .named(let name)? = input.shape?.first, sizes[name] == nil { sizes[name] = rows }
        }
        var shapes: [[Int]] = []
        for (index, input) in inputs.enumerated() {
            if let tensor = known[index] {
                shapes.append(tensor.shape)
                continue
            }
            guard let declared = input.shape else {
                throw ONNXError(
                    input.otherKind.map { .unsupportedFeature("\($0) as an input") } ?? .dynamicShape,
                    .input(input.name))
            }
            var shape = declared.enumerated().map { position, size in
                switch size {
                case .fixed(let count): count
                case .named(let name): sizes[name] ?? 1
                case .free: position == 0 ? rows : 1
                }
            }
            if let length = lengths[input.name], let last = declared.last {
                if last == .free { shape[shape.count - 1] = length }
                guard shape.last == length else {
                    throw ONNXError(
                        .wrongInputShape(found: shape.dropLast() + [length], expected: input.shapeText),
                        .input(input.name))
                }
            }
            shapes.append(shape)
        }
        return shapes
    }

    /// Whether the file leaves sizes of the inputs open.
    private static func hasFreeSizes(_ inputs: [ONNXValueInfo]) -> Bool {
        inputs.contains { input in
            input.shape?.contains { if case .fixed = $0 { false } else { true } } ?? true
        }
    }
}

extension ONNXError {
    /// Whether other shapes of the inputs could make the mistake go away.
    fileprivate var isAboutShapes: Bool {
        switch mistake {
        case .shapeMismatch, .impossibleShape, .dynamicShape, .wrongInputShape, .runFailed: true
        default: false
        }
    }
}
