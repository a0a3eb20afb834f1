import TestSupport
import Testing

@testable import Inference

/// The goldens beside a checkout: real models and large ones.
@Suite("Goldens of real models", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct SharedGoldenTests {
    static let variants = [
        "binary_no_missing_handling", "binary_zero_as_missing", "cross_entropy_sigmoid2", "dart", "multiclass3",
        "multiclassova3", "poisson", "regression_l2", "regression_sqrt", "rf_binary_average_output",
    ]

    @Test("variants: sums to the last bit, predictions within an ulp or two", arguments: variants)
    func variant(name: String) throws {
        let folder = "\(Repository.models)/lightgbm_variants"
        let model = try LightGBMModel.read("\(folder)/\(name).txt")
        let rows = try Repository.lines(of: "\(folder)/\(name).golden.jsonl", as: Golden.self)
        #expect(rows.count == 500)
        for row in rows {
            let sums = model.sums(row.features.map(\.value))
            #expect(sums == row.rawScore.values)
            for (found, expected) in zip(model.prediction(sums), try #require(row.prediction).values) {
                #expect(abs(found - expected) <= 4e-16 * max(1, abs(expected)))
            }
        }
    }

    @Test("credit risk: sums to the last bit", arguments: ["500x31", "10707x7"])
    func creditRisk(size: String) throws {
        let folder = "\(Repository.models)/credit_risk"
        let model = try LightGBMModel.read("\(folder)/credit_risk_\(size).lgb.txt.gz")
        let rows = try Repository.lines(of: "\(folder)/credit_risk_\(size).golden.jsonl", as: Golden.self)
        #expect(rows.count == 500)
        for row in rows {
            let sums = model.sums(row.features.map(\.value))
            #expect(sums == row.rawScore.values)
            #expect(abs(model.prediction(sums)[0] - (try #require(row.probabilitySafe))) <= 4e-16)
        }
        let categories = try #require(model.pandasCategories)
        #expect(categories.map(\.count) == [11, 3, 14, 3, 2])
        #expect(categories[4] == [" 36 months", " 60 months"])
        #expect(model.categoricalFeatures == [0, 1, 2, 3, 4])
    }

    @Test("diabetes: sums to the last bit")
    func diabetes() throws {
        struct Parameters: Decodable {
            let mean: [Double]
            let scale: [Double]
            let impute: [Double]
        }
        struct Row: Decodable {
            struct Input: Decodable {
                let bodyMassIndex: Double?
                let generalHealth: String
                let age: String
                let income: String
            }
            let input: Input
            let raw: Double
            let probability: Double
        }
        struct Schema: Decodable {
            struct Definition: Decodable {
                let `enum`: [String]
            }
            let definitions: [String: Definition]
        }
        let folder = "\(Repository.models)/diabetes"
        let model = try LightGBMModel.read("\(folder)/diabetes_gbc.lgb.txt")
        let parameters = try Repository.value(of: "\(folder)/diabetes_params.json", as: Parameters.self)
        let definitions = try Repository.value(of: "\(folder)/input.schema.json", as: Schema.self).definitions
        func code(_ definition: String, _ label: String) throws -> Double {
            Double(try #require(definitions[definition]?.enum.firstIndex(of: label)) + 1)
        }
        for row in try Repository.lines(of: "\(folder)/golden.jsonl", as: Row.self) {
            let values = [
                row.input.bodyMassIndex ?? parameters.impute[0],
                try code("GeneralHealth", row.input.generalHealth), try code("Age", row.input.age),
                try code("Income", row.input.income),
            ]
            let features = values.indices.map {
                Double(Float((values[$0] - parameters.mean[$0]) / parameters.scale[$0]))
            }
            let sums = model.sums(features)
            #expect(sums == [row.raw])
            #expect(abs(model.prediction(sums)[0] - row.probability) <= 4e-16)
        }
    }

    @Test("insurance: the mean of the forest to the last bit")
    func insurance() throws {
        struct Row: Decodable {
            let input: InsurancePipeline.Input
            let raw: Double
        }
        let folder = "\(Repository.models)/insurance"
        let model = try LightGBMModel.read("\(folder)/insurance_forest.lgb.txt")
        let pipeline = try Repository.value(of: "\(folder)/insurance_params.json", as: InsurancePipeline.self)
        for row in try Repository.lines(of: "\(folder)/golden.jsonl", as: Row.self) {
            #expect(model.prediction(model.sums(try pipeline.features(row.input))) == [row.raw])
        }
    }
}

/// What the insurance model does before its forest.
struct InsurancePipeline: Decodable {
    struct Input: Decodable {
        let age: Double
        let sex: String
        let bmi: Double
        let children: Double
        let smoker: Bool
        let region: String
    }
    let imputer: [Double]
    let coef: [Double]
    let intercept: Double
    let scale: [Double]

    func features(_ input: Input) throws -> [Double] {
        let base = [input.age, input.bmi, input.children]
        let pairs = [(0, 1), (0, 2), (1, 2)]
        let ordered = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
        var row = base + pairs.map { base[$0] + base[$1] }
        row += ordered.map { base[$0] / base[$1] }
        row += ordered.map { base[$0] > base[$1] ? 1 : 0 }
        row += ordered.map { base[$0] < base[$1] ? 1 : 0 }
        row += pairs.map { base[$0] * base[$1] }
        row += pairs.map { base[$0] - base[$1] }
        row = zip(row, imputer).map { $0.isNaN || $0 == .infinity ? $1 : $0 }
        row.append(input.smoker ? 1 : 0)
        row.append(Double(try #require(["female", "male"].firstIndex(of: input.sex))))
        let regions = ["northeast", "northwest", "southeast", "southwest"]
        row.append(Double(try #require(regions.firstIndex(of: input.region))))
        let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        row = row.map { $0 / norm }
        row.insert(zip(coef, row).reduce(0) { $0 + $1.0 * $1.1 } + intercept, at: 0)
        return zip(row, scale).map { Double(Float($0 / $1)) }
    }
}
