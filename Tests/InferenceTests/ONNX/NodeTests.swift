import Glibc
import TestSupport
import Testing

@testable import Inference

/// Where the ONNX project's own tests lie.
enum NodeTestData {
    static let folder: String? = {
        if let given = getenv("ONNX_NODE_TESTS") { return String(cString: given) }
        let python = Folder.names(Repository.root + "/.venv-test/lib").first { $0.hasPrefix("python3") }
        let path =
            Repository.root + "/.venv-test/lib/\(python ?? "python3")/site-packages/onnx/backend/test/data/node"
        return access(path, R_OK) == 0 ? path : nil
    }()

    /// How many there are in the version of Tests/requirements.txt, and how many of them pass; docs/onnx.md says so.
    static let count = (all: 1678, passed: 953)
}

/// The ONNX project's own tests of single operators, from its Python package.
///
/// `ONNX_NODE_TESTS` names their folder; without it they are looked for in `.venv-test`, which `make test` fills.
@Suite(
    "ONNX node tests", .enabled(if: NodeTestData.folder != nil, "no onnx package in .venv-test; run make setup-test"))
struct NodeTests {
    /// What became of a test.
    private enum Outcome {
        case passed
        case failed(String)
        case notClaimed(ONNXMistake)
    }

    @Test("every test whose operators and types are supported passes")
    func all() throws {
        let folder = try #require(NodeTestData.folder)
        var passed: [String: Int] = [:]
        var notClaimed: [String: [String]] = [:]
        var total = 0
        for name in Folder.names(folder).sorted() where access("\(folder)/\(name)/model.onnx", R_OK) == 0 {
            total += 1
            let bytes = try Repository.bytes(of: "\(folder)/\(name)/model.onnx")
            switch run(bytes, "\(folder)/\(name)") {
            case .passed:
                let types = Set(try ONNXFile(bytes.span.bytes).nodes.map(\.qualifiedType))
                passed[types.count == 1 ? types.first! : "several operators", default: 0] += 1
            case .failed(let reason): Issue.record("\(name): \(reason)")
            case .notClaimed(let mistake): notClaimed[mistake.kind, default: []].append(name)
            }
        }
        let count = passed.values.reduce(0, +)
        print(
            "ONNX node tests: \(count) of \(total) passed, \(notClaimed.values.reduce(0) { $0 + $1.count }) not claimed"
        )
        print(passed.sorted { $0.key < $1.key }.map { "  \($0.key) \($0.value)" }.joined(separator: "\n"))
        for (kind, names) in notClaimed.sorted(by: { $0.key < $1.key }) {
            print("  not claimed, \(kind): \(names.count): \(names.joined(separator: " "))")
        }
        #expect(count == NodeTestData.count.passed && total == NodeTestData.count.all)
    }

    private func run(_ bytes: [UInt8], _ folder: String) -> Outcome {
        do {
            let names = try ONNXFile(bytes.span.bytes).inputs.map(\.name)
            // What is not supported is refused before the data are read, which may be sequences.
            do { _ = try ONNXModel(bytes.span.bytes) } catch  where error.mistake.isRefusal { throw error } catch {}
            for set in Folder.names(folder).sorted() where set.hasPrefix("test_data_set_") {
                let (inputs, expected) = try (
                    Self.tensors("\(folder)/\(set)", "input"), Self.tensors("\(folder)/\(set)", "output")
                )
                let model = try Self.model(bytes, names, inputs)
                if let difference = try Self.difference(model, inputs, expected) { return .failed(difference) }
            }
            return .passed
        } catch let error as ONNXError {
            return error.mistake.isRefusal ? .notClaimed(error.mistake) : .failed(error.description)
        } catch {
            return .failed("\(error)")
        }
    }

    /// The model; where inputs decide about shapes, with them as known values.
    private static func model(
        _ bytes: [UInt8], _ names: [String], _ inputs: [ONNXTensor]
    ) throws(ONNXError) -> ONNXModel {
        var known: [String: ONNXTensor] = [:]
        while true {
            do {
                return try ONNXModel(bytes.span.bytes, known: known)
            } catch {
                guard case .valueNeeded(let operand) = error.mistake, known.count < inputs.count else { throw error }
                if names.indices.contains(operand), known[names[operand]] == nil, inputs.indices.contains(operand) {
                    known[names[operand]] = inputs[operand]
                } else {
                    for (name, input) in zip(names, inputs) { known[name] = input }
                }
            }
        }
    }

    private static func tensors(_ folder: String, _ kind: String) throws -> [ONNXTensor] {
        var tensors: [ONNXTensor] = []
        while access("\(folder)/\(kind)_\(tensors.count).pb", R_OK) == 0 {
            // A tensor of no dimensions and no data may be an empty file.
            let bytes = try Repository.bytes(of: "\(folder)/\(kind)_\(tensors.count).pb")
            tensors.append(try ONNXTensor.read(bytes.span.bytes).tensor)
        }
        return tensors
    }

    private static func difference(
        _ model: ONNXModel, _ inputs: [ONNXTensor], _ expected: [ONNXTensor]
    ) throws -> String? {
        let plan = try model.plan(shapes: inputs.map(\.shape))
        return try plan.withRun { run in
            for (index, input) in inputs.enumerated() where !plan.inputs[index].isKnown { run.set(index, to: input) }
            try run.run()
            for (index, expected) in expected.enumerated() {
                let found = try run.tensor(index)
                guard found.shape == expected.shape else {
                    return "output \(index) has the shape \(found.shape) and not \(expected.shape)"
                }
                guard found.type == expected.type else {
                    return "output \(index) has the type \(found.type) and not \(expected.type)"
                }
                if let difference = found.difference(from: expected) { return "output \(index): \(difference)" }
            }
            return nil
        }
    }
}

extension ONNXNode {
    var qualifiedType: String { domain.isEmpty ? type : "\(domain).\(type)" }
}

extension ONNXTensor {
    /// The first difference beyond the tolerance that ONNX's own test runner has.
    func difference(from expected: ONNXTensor, relative: Double = 1e-3, absolute: Double = 1e-7) -> String? {
        if type == .string {
            return strings == expected.strings ? nil : "\(strings) instead of \(expected.strings)"
        }
        let (found, wanted) = (doubles ?? [], expected.doubles ?? [])
        for index in found.indices {
            let (a, b) = (found[index], wanted[index])
            if a == b || a.isNaN && b.isNaN { continue }
            if type.isFloatingPoint, abs(a - b) <= absolute + relative * abs(b) { continue }
            return "\(a) instead of \(b) at \(index)"
        }
        return nil
    }
}

extension ONNXMistake {
    /// Whether the model is refused for something that is not supported, not for a mistake.
    var isRefusal: Bool {
        switch self {
        case .unsupportedFeature, .unsupportedOpset, .unsupportedOperator, .operatorTooOld, .unsupportedType: true
        default: false
        }
    }

    var kind: String {
        switch self {
        case .unsupportedFeature(let feature): feature
        case .unsupportedType(let type, _): "type \(type)"
        case .unsupportedOperator: "operator"
        case .operatorTooOld: "old operator"
        default: "\(self)"
        }
    }
}

/// The names in a folder.
enum Folder {
    static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
