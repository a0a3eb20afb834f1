import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("Records predicted together")
struct BatchPredictorTests {
    /// Whether a model has a batch of its own, and what each record must come to: that of one predicted alone.
    private func expectEqual(
        _ model: PredictableModel, _ records: [String], isBatchModel: Bool, refused: Int
    ) throws {
        #expect(model.model is any BatchModel == isBatchModel)
        let predictor = RecordPredictor(model)
        let expected = records.map { record in
            outcome { try predictor.predict(record.utf8Span.span.bytes, into: &$0) }
        }
        #expect(expected.count { $0.hasPrefix("! ") } == refused)
        // One batch after another, so that what the last one left must not matter.
        let together = BatchPredictor(model)
        for size in [records.count, 1, 2, 7, 8, records.count] {
            for start in stride(from: 0, to: records.count, by: size) {
                let part = start..<min(start + size, records.count)
                together.predict(records[part].map { Array($0.utf8) })
                for (index, expected) in expected[part].enumerated() {
                    #expect(outcome { try together.append(index, to: &$0) } == expected)
                }
            }
        }
        together.predict([])
    }

    /// The prediction, or what was wrong, with `! ` before it.
    private func outcome(_ predict: (inout [UInt8]) throws -> Void) -> String {
        var bytes = Array("kept ".utf8)
        do { try predict(&bytes) } catch {
            #expect(bytes == Array("kept ".utf8))
            return "! \(error)"
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("by the trees of a package are those predicted alone, bad ones between them")
    func packages() async throws {
        for name in ["iris_model", "insurance_charges_model"] {
            let service = try configuration(
                "{models: [{class_path: \(name)}], model_packages: {store: \(Repository.root)/models, unsigned: allow}}"
            )
            let loaded = try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
            var records = try Repository.jsonLines(of: "models/\(name)/samples.jsonl").map { "\($0["input"] ?? .null)" }
            records.insert("{}", at: 0)
            records.insert("{", at: 5)
            records.append("[]")
            try expectEqual(loaded.predictable, records, isBatchModel: true, refused: 3)
        }
    }

    @Test("report the record whose prediction fails")
    func failures() async throws {
        let model = try await load(Self.step, Self.description, name: "model.txt")
        let records = (0..<20).map { #"{"x": \#($0 % 5 == 3 ? 1 : 0)}"# }
        try expectEqual(model, records, isBatchModel: true, refused: 4)
    }

    @Test(
        "by a graph are those predicted alone",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func graph() async throws {
        let folder = Repository.shared + "/models/insurance"
        let description = GraphModelTests.insurance
        let model = try await load(nil, description, name: "model.onnx", link: folder + "/insurance.onnx")
        var records = try Repository.jsonLines(of: folder + "/golden.jsonl").prefix(50).map {
            "\($0["input"] ?? .null)"
        }
        records.insert("{}", at: 3)
        try expectEqual(model, records, isBatchModel: false, refused: 1)
    }

    @Test("by a model in Swift, and through a decorator, are those predicted alone")
    func others() throws {
        let diabetes = try PredictableModel(RecordedModel.diabetes, validation: .lax)
        let masses = [20, 58, 59, 99, 30].map { #"{"body_mass_index": \#($0)}"# }
        try expectEqual(diabetes, masses, isBatchModel: false, refused: 3)
        let policy = try PredictableModel(SmokerPolicy(RecordedModel.insurance), validation: .lax)
        let ages = [64, 20, 65, 12].map { #"{"age": \#($0), "smoker": true}"# }
        try expectEqual(policy, ages, isBatchModel: false, refused: 1)
    }

    private func load(
        _ parameters: String?, _ description: String, name: String, link: String? = nil
    ) async throws -> PredictableModel {
        let folder = TemporaryFolder()
        folder.write("graph_model/model.yaml", description)
        if let parameters { folder.write("graph_model/\(name)", parameters) }
        if let link { #expect(symlink(link, "\(folder.path)/graph_model/\(name)") == 0) }
        let service = try configuration(
            "{models: [{class_path: GraphModel}], model_packages: {store: \(folder.path), unsigned: allow}}")
        return try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0]).predictable
    }

    /// 1 up to 0.5, and beyond it what is no integer of 64 bits.
    private static let step = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=0
        objective=regression
        feature_names=x
        feature_infos=[0:1]
        tree_sizes=300

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        split_gain=1
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=1 1e300
        leaf_weight=1 1
        leaf_count=1 1
        internal_value=0
        internal_weight=0
        internal_count=2
        is_linear=0
        shrinkage=1


        end of trees

        """

    private static let description = """
        qualified_name: graph_model
        display_name: Step
        description: A step.
        version: 0.1.0
        parameters_version: test
        format: lightgbm
        parameters: model.txt
        input_schema: {title: Input, type: object, properties: {x: {type: number}}}
        output_schema: {title: Output, type: object, properties: {y: {type: integer}}}
        features: [x]
        output: {y: {value: prediction}}
        """
}
