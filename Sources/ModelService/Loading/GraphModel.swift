import Artifacts
import Inference
import Modeling

/// An ONNX graph that comes as a package.
final class GraphModel: DescribedModel {
    let package: PackageDescription
    private let plan: ONNXPlan
    private let inputs: GraphInputs
    private let outputs: GraphOutputs

    /// - Throws: a ``GraphModelError`` when the description and the graph don't fit each other.
    init(_ description: PackageDescription, _ graph: ONNXModel) throws {
        plan = try graph.oneRow ?? graph.plan(rows: 1)
        inputs = try GraphInputs(description.input, schema: description.inputSchema, plan: plan)
        outputs = try GraphOutputs(description.outputs, schema: description.outputSchema, plan: plan)
        package = description
    }

    func predict(_ input: Record, into output: inout Record) throws {
        try plan.withRun { run in
            inputs.write(input, to: run)
            try run.run()
            try outputs.write(run, to: &output)
        }
    }
}

/// How a package's `model.yaml` and its graph can contradict each other.
enum GraphModelError: Error, CustomStringConvertible, Hashable {
    case unknownInput(String, known: [String])
    case missingInput(String)
    case elementCount(input: String, described: Int, graph: Int)
    case severalInputs([String])
    case notText(input: String)
    case unknownOutput(String, known: [String])
    case index(output: String, described: Int, graph: Int)
    case notANumber(output: String, field: String)
    case notALabel(output: String, field: String)
    case labelCount(output: String, described: Int, graph: Int)
    case scores

    var description: String {
        switch self {
        case .unknownInput(let name, let known):
            "model.yaml gives the input '\(name)' and the graph's inputs are \(known.joined(separator: ", "))"
        case .missingInput(let name):
            "the graph has an input '\(name)' that model.yaml does not give"
        case .elementCount(let input, let described, let graph):
            "model.yaml gives \(described) elements for the input '\(input)' and the graph takes \(graph) for one record"
        case .severalInputs(let names):
            "the graph has the inputs \(names.joined(separator: ", ")); give each of them under 'inputs', not 'features'"
        case .notText(let input):
            "the input '\(input)' takes texts: give it fields of text or labels, without codes"
        case .unknownOutput(let name, let known):
            "model.yaml asks for the output '\(name)' and the graph's outputs are \(known.joined(separator: ", "))"
        case .index(let output, let described, let graph):
            "model.yaml asks for index \(described) of the output '\(output)', which has \(graph) elements for one record"
        case .notANumber(let output, let field):
            "the output '\(output)' is text and the field '\(field)' holds no text"
        case .notALabel(let output, let field):
            "the output '\(output)' is a number and the field '\(field)' holds text; ask for 'label' and give 'labels'"
        case .labelCount(let output, let described, let graph):
            "model.yaml gives \(described) labels and the output '\(output)' has \(graph) elements for one record"
        case .scores:
            "model.yaml asks for 'prediction', 'raw_score', 'probability' or a 'label' without a name; "
                + "a graph's outputs have names: ask for 'output' or for 'label' with one"
        }
    }
}
