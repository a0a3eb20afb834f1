import Modeling
import Testing

@testable import Inference

@Suite("XGBoost models in every layout")
struct XGBoostLayoutTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let trees: Int
        let leaves: ClosedRange<Int>
        var outputs = 1
        var isDart = false

        var testDescription: String {
            "\(trees) trees of \(leaves) leaves, \(outputs) outputs\(isDart ? ", dart" : "")"
        }
    }

    @Test(
        "are the plain walk in binary32, from JSON and from UBJSON",
        arguments: [
            Shape(trees: 1, leaves: 1...1), Shape(trees: 3, leaves: 1...9), Shape(trees: 10, leaves: 2...30),
            Shape(trees: 200, leaves: 1...8), Shape(trees: 90, leaves: 4...16, outputs: 3),
            Shape(trees: 60, leaves: 2...32, isDart: true), Shape(trees: 50, leaves: 20...64),
            Shape(trees: 30, leaves: 60...120, outputs: 2),
        ])
    func agreement(shape: Shape) throws {
        var source = RandomXGBoost(
            seed: UInt64(shape.trees), trees: shape.trees, leaves: shape.leaves, outputs: shape.outputs,
            isDart: shape.isDart)
        let document = source.document
        let models = try [
            Array(document.description.utf8), UBJSONWriter().bytes(document),
            UBJSONWriter(typesArrays: false).bytes(document),
            UBJSONWriter(typesArrays: false, countsArrays: false, packs: true).bytes(document),
            UBJSONWriter(packs: true).bytes(document),
        ].map { try XGBoostModel(bytes: $0.span.bytes) }
        for _ in 0..<300 {
            let row = source.row()
            let expected = source.margins(row).map { Double($0) }
            for model in models { #expect(model.margins(row) == expected) }
        }
    }
}
