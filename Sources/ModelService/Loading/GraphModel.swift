import Artifacts
import Inference
import Modeling

/// An ONNX graph that comes as a package.
final class GraphModel: DescribedModel {
    let package: PackageDescription
    private let plan: ONNXPlan
    private let inputs: GraphInputs
    private let outputs: GraphOutputs

    /// - Parameter tokenizers: those that the description names.
    /// - Throws: a ``GraphModelError`` when the description and the graph don't fit each other, or an ``ONNXError`` when
    ///   a tokenizer's length does not fit the shape of its input.
    init(_ description: PackageDescription, _ graph: ONNXModel, tokenizers: [String: KerasTokenizer]) throws {
        plan = try Self.plan(description.input, graph, tokenizers)
        inputs = try GraphInputs(
            description.input, schema: description.inputSchema, plan: plan, tokenizers: tokenizers)
        outputs = try GraphOutputs(description.outputs, schema: description.outputSchema, plan: plan)
        package = description
    }

    private static func plan(
        _ input: ModelInput, _ graph: ONNXModel, _ tokenizers: [String: KerasTokenizer]
    ) throws(ONNXError) -> ONNXPlan {
        var lengths: [String: Int] = [:]
        if case .named(let inputs) = input {
            for input in inputs {
                if case .tokens(_, let name) = input.source { lengths[input.name] = tokenizers[name]?.length }
            }
        }
        if lengths.isEmpty, let plan = graph.oneRow { return plan }
        return try graph.plan(rows: 1, lengths: lengths)
    }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
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
    case noTokens(input: String, type: ONNXElementType)
    case token(Int, input: String, type: ONNXElementType)
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
        case .noTokens(let input, let type):
            "the input '\(input)' is of type \(type), and the numbers of words are int64, int32, float or double; "
                + "leave out its 'tokenizer', or export the graph with one of these"
        case .token(let number, let input, let type):
            "the tokenizer of the input '\(input)' has the number \(number), which its type \(type) does not hold; "
                + "export the graph with int64"
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
