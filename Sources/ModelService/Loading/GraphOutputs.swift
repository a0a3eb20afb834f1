import Artifacts
import Inference
import Modeling

/// Turns the outputs of a graph into the fields of a record.
struct GraphOutputs: Sendable {
    private enum Source: Sendable {
        case number(output: Int, element: Int, places: Int?, isInteger: Bool)
        case boolean(output: Int, element: Int)
        case text(output: Int, element: Int)
        case label(output: Int, element: Int, [String: Int], field: String)
        case mostProbable(output: Int, count: Int, [Value], threshold: Double?)
    }

    private let sources: [Source]

    /// - Throws: ``GraphModelError``.
    init(_ sources: [OutputSource], schema: ObjectSchema, plan: ONNXPlan) throws(GraphModelError) {
        var settled: [Source] = []
        for (source, property) in zip(sources, schema.properties) {
            switch source {
            case .element(let name, let element, let places):
                settled.append(try Self.element(name, element, places, property, plan))
            case .label(let labels, let threshold, let name?):
                let output = try Self.output(name, plan)
                let count = plan.outputs[output].count
                guard count == labels.count || (count == 1 && labels.count == 2) else {
                    throw .labelCount(output: name, described: labels.count, graph: count)
                }
                guard plan.outputs[output].type != .string else {
                    throw .notANumber(output: name, field: property.name)
                }
                settled.append(.mostProbable(output: output, count: count, labels, threshold: threshold))
            case .prediction, .rawScore, .probability, .label: throw .scores
            }
        }
        self.sources = settled
    }

    private static func output(_ name: String, _ plan: ONNXPlan) throws(GraphModelError) -> Int {
        guard let index = plan.outputs.firstIndex(where: { $0.name == name }) else {
            throw .unknownOutput(name, known: plan.outputs.map(\.name))
        }
        return index
    }

    private static func element(
        _ name: String, _ element: Int, _ places: Int?, _ property: ObjectSchema.Property, _ plan: ONNXPlan
    ) throws(GraphModelError) -> Source {
        let output = try output(name, plan)
        let slot = plan.outputs[output]
        guard element < slot.count else { throw .index(output: name, described: element, graph: slot.count) }
        switch (property.schema.kind, slot.type == .string) {
        case (.string, true): return .text(output: output, element: element)
        case (.enumeration(let enumeration), true):
            let labels = Dictionary(enumeration.values.enumerated().map { ($1, $0) }) { first, _ in first }
            return .label(output: output, element: element, labels, field: property.name)
        case (_, true): throw .notANumber(output: name, field: property.name)
        case (.number, false): return .number(output: output, element: element, places: places, isInteger: false)
        case (.integer, false): return .number(output: output, element: element, places: nil, isInteger: true)
        case (.boolean, false): return .boolean(output: output, element: element)
        case (_, false): throw .notALabel(output: name, field: property.name)
        }
    }

    /// Sets every field of `output` from what a run has computed.
    func write(_ run: ONNXRun, to record: inout Record) throws(PredictionError) {
        for index in sources.indices {
            switch sources[index] {
            case .number(let output, let element, let places, let isInteger):
                record[index] = try Value(run.number(output, at: element), places: places, isInteger: isInteger)
            case .boolean(let output, let element):
                record[index] = .boolean(run.number(output, at: element) != 0)
            case .text(let output, let element):
                record[index] = .string(run.text(output, at: element))
            case .label(let output, let element, let labels, let field):
                let text = run.text(output, at: element)
                guard let label = labels[text] else { throw .unknownLabel(text, field: field) }
                record[index] = .enumeration(label)
            case .mostProbable(let output, let count, let labels, let threshold):
                var best = 0
                if let threshold {
                    best = run.number(output, at: count - 1) > threshold ? 1 : 0
                } else if count == 1 {
                    best = run.number(output) > 0.5 ? 1 : 0
                } else {
                    for element in 1..<count
                    where run.number(output, at: element) > run.number(output, at: best) { best = element }
                }
                record[index] = labels[best]
            }
        }
    }
}
