import Synchronization

/// A graph made ready for inputs of certain shapes: types, shapes and places are settled, and a run allocates nothing
/// for numbers.
///
/// It is asked from several threads at once; each run has memory of its own, which is kept for the next one.
package final class ONNXPlan: Sendable {
    /// An input or output of a plan.
    package struct Slot: Sendable {
        package let name: String
        package let type: ONNXElementType
        /// The sizes; where the last one is only known after a run (``isRagged``), those before it.
        package let shape: [Int]
        /// The texts of a row are as many as a run makes them: ``ONNXRun/tensor(_:)`` reads them.
        package let isRagged: Bool
        /// The number of elements; 0 where only a run knows.
        package let count: Int
        /// The keys of a list of maps, one map for each row of `shape`; `nil` for a tensor.
        package let keys: ONNXKeys?
        /// The value was given when the plan was made.
        package let isKnown: Bool
        let operand: Operand
    }

    package let inputs: [Slot]
    package let outputs: [Slot]
    /// The bytes of a run's numbers.
    package let memoryByteCount: Int

    private let kernels: [Kernel]
    let stringCount: Int
    let tokensCount: Int
    /// What the kernels' constant operands point into.
    private let constants: [ONNXTensor]
    private let idle = Mutex<[ONNXRun]>([])

    init(_ graph: ONNXGraph, shapes: [[Int]], known: [Int: ONNXTensor]) throws(ONNXError) {
        let planner = try Planner(graph, shapes: shapes, known: known)
        func slots(_ infos: [ONNXValueInfo], _ values: [Int]) throws(ONNXError) -> [Slot] {
            var slots: [Slot] = []
            for (info, number) in zip(infos, values) {
                guard let value = planner.values[number] else {
                    throw ONNXError(.dynamicShape, .output(info.name))
                }
                slots.append(
                    Slot(
                        name: info.name, type: value.type, shape: value.shape, isRagged: value.isTokens,
                        count: value.isTokens ? 0 : value.count, keys: value.keys,
                        isKnown: value.constant != nil, operand: value.operand))
            }
            return slots
        }
        inputs = try slots(graph.inputs, graph.inputValues)
        outputs = try slots(graph.outputs, graph.outputValues)
        for (info, output) in zip(graph.outputs, outputs) {
            if let type = info.type, type != output.type {
                throw ONNXError(.typeMismatch(type, output.type), .output(info.name))
            }
        }
        kernels = planner.kernels
        constants = planner.constants
        memoryByteCount = planner.memory.byteCount
        stringCount = planner.memory.stringCount
        tokensCount = planner.memory.tokensCount
    }

    /// Gives `body` the memory of a run that nobody else uses: it writes the inputs, runs, and reads the outputs.
    ///
    /// The inputs hold anything at first.
    package func withRun<Result, Failure: Error>(
        _ body: (ONNXRun) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let run = idle.withLock { $0.popLast() } ?? ONNXRun(self)
        defer { idle.withLock { $0.append(run) } }
        return try body(run)
    }

    /// Computes the outputs in a run's memory.
    func compute(_ frame: Frame) throws(ONNXRunError) {
        for kernel in kernels { try kernel(frame) }
    }
}
