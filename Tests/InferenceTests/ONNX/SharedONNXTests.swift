import TestSupport
import Testing

@testable import Inference

/// ONNX graphs of real pipelines, beside a checkout.
@Suite("Goldens of ONNX graphs", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct SharedONNXTests {
    /// A class and its probabilities.
    private struct Prediction: Decodable {
        let label: Scalar
        let probability: [Double]
    }

    private struct Row: Decodable {
        let input: [String: Scalar]
        let sklearn: Prediction
        let onnxruntimeF32: Prediction
    }

    @Test("insurance: charges equal, sums to the last bit one row at a time")
    func insurance() throws {
        let model = try ONNXModel.shared("insurance/insurance.onnx")
        let rows = try Repository.lines(of: "\(Repository.models)/insurance/golden.jsonl", as: InsuranceRow.self)
        let plan = try #require(model.oneRow)
        for row in rows {
            let raw = try plan.predict(row.input) { $0.number(0) }
            #expect(raw == row.raw)
            #expect(((raw * 100).rounded() / 100 - row.output.charges).magnitude < 0.006)
        }
        try batch(model, rows.map(\.input)) { run, index in
            #expect(abs(run.number(0, at: index) - rows[index].raw) <= 1e-15 * abs(rows[index].raw))
        }
    }

    @Test("diabetes: labels equal, sums within 3e-15")
    func diabetes() throws {
        let model = try ONNXModel.shared("diabetes/diabetes.onnx")
        let plan = try #require(model.oneRow)
        for row in try Repository.lines(of: "\(Repository.models)/diabetes/golden.jsonl", as: DiabetesRow.self) {
            try plan.predict(row.input) { run in
                #expect(run.text(0) == row.output.diabetesRisk)
                #expect(abs(run.number(1) - row.probability) <= 1e-15)
                #expect(abs(run.number(2) - row.raw) <= 3e-15)
            }
        }
    }

    @Test(
        "scikit-learn: labels equal, probabilities within 1e-6 of ONNX Runtime's",
        arguments: ["logreg_pipeline", "random_forest_pipeline"])
    func pipelines(name: String) throws {
        let model = try ONNXModel.shared("sklearn_onnx/\(name).f32.onnx")
        try check(
            model, try Repository.lines(of: "\(Repository.models)/sklearn_onnx/\(name).golden.jsonl", as: Row.self))
    }

    @Test("scikit-learn's histogram boosting: a row of one input, missing values in it")
    func histogramBoosting() throws {
        let columns = [
            "AnnualIncome", "CollectionsInLast12Months", "DelinquenciesInLast2Years", "DebtToIncomeRatio",
            "NumberOfDelinquentAccounts", "InterestRate", "LastPaymentAmount", "LoanAmount",
            "DerogatoryPublicRecordCount", "RevolvingLineUtilizationRate", "TotalPaymentsToDate",
        ]
        let model = try ONNXModel.shared("sklearn_onnx/histgb_numeric.f32.onnx")
        let rows = try Repository.lines(
            of: "\(Repository.models)/sklearn_onnx/histgb_numeric.golden.jsonl", as: Row.self)
        try check(model, rows, columns: columns)
    }

    @Test("iris", arguments: ["iris_logreg", "iris_random_forest"], ["", ".zipmap"])
    func iris(name: String, variant: String) throws {
        let model = try ONNXModel.shared("iris/\(name)\(variant).onnx")
        let rows = try Repository.lines(of: "\(Repository.models)/iris/\(name).golden.jsonl", as: Row.self)
        try check(model, rows, columns: ["sepal_length", "sepal_width", "petal_length", "petal_width"])
        let keys = try #require(model.oneRow).outputs[1].keys
        #expect(keys == (variant.isEmpty ? nil : .strings(["setosa", "versicolor", "virginica"])))
    }

    @Test("words counted and weighed")
    func termFrequencies() throws {
        let model = try ONNXModel.shared("sentiment/tfidf_logreg.onnx")
        let rows = try Repository.lines(of: "\(Repository.models)/sentiment/tfidf_logreg.golden.jsonl", as: Row.self)
        try check(model, rows, batches: false)
    }

    @Test("a bidirectional LSTM: scores within 1e-6")
    func recurrent() throws {
        let model = try ONNXModel.shared("sentiment/bilstm.onnx")
        let plan = try model.plan(shapes: [[1, 16]])
        let rows = try Repository.lines(of: "\(Repository.models)/sentiment/bilstm.golden.jsonl", as: SentimentRow.self)
        for row in rows {
            try plan.withRun { run in
                run.set(0, to: try ONNXTensor(row.padded, shape: [1, 16]))
                try run.run()
                for (index, expected) in row.onnxruntimeF32.enumerated() {
                    #expect(abs(run.number(0, at: index) - expected) <= 1e-6)
                }
            }
        }
        let all = try model.plan(rows: rows.count, sizes: ["T": 16])
        try all.withRun { run in
            run.set(0, to: try ONNXTensor(rows.flatMap(\.padded), shape: [rows.count, 16]))
            try run.run()
            for (index, row) in rows.enumerated() {
                #expect(abs(run.number(0, at: 2 * index + 1) - row.onnxruntimeF32[1]) <= 1e-6)
            }
        }
    }

    /// Each row by itself and all at once.
    private func check(
        _ model: ONNXModel, _ rows: [Row], columns: [String]? = nil, batches: Bool = true
    ) throws {
        #expect(rows.count >= 100)
        let plan = try #require(model.oneRow)
        for row in rows { try plan.predict(row.input, columns: columns) { expect($0, row, at: 0) } }
        guard batches else { return }
        try batch(model, rows.map(\.input), columns: columns) { expect($0, rows[$1], at: $1) }
    }

    private func expect(_ run: ONNXRun, _ row: Row, at index: Int) {
        #expect(run.label(at: index) == row.onnxruntimeF32.label.text)
        let classes = row.onnxruntimeF32.probability
        for (place, expected) in classes.enumerated() {
            #expect(abs(run.number(1, at: index * classes.count + place) - expected) <= 1e-6)
        }
    }

    private func batch(
        _ model: ONNXModel, _ inputs: [[String: Scalar]], columns: [String]? = nil,
        _ check: (ONNXRun, Int) throws -> Void
    ) throws {
        let plan = try model.plan(rows: inputs.count)
        try plan.withRun { run in
            for (index, input) in inputs.enumerated() { run.set(input, plan, row: index, columns: columns) }
            try run.run()
            for index in inputs.indices { try check(run, index) }
        }
    }
}

private struct InsuranceRow: Decodable {
    struct Output: Decodable {
        let charges: Double
    }
    let input: [String: Scalar]
    let output: Output
    let raw: Double
}

private struct DiabetesRow: Decodable {
    struct Output: Decodable {
        let diabetesRisk: String
    }
    let input: [String: Scalar]
    let output: Output
    let raw: Double
    let probability: Double
}

private struct SentimentRow: Decodable {
    let padded: [Int64]
    let onnxruntimeF32: [Double]
}

/// A value of a golden file: a number, a text or a truth; absent and `null` are NaN.
enum Scalar: Decodable {
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .number(.nan)
        } else if let truth = try? container.decode(Bool.self) {
            self = .number(truth ? 1 : 0)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    var text: String {
        switch self {
        case .number(let value): "\(Int(value))"
        case .text(let text): text
        }
    }
}

extension ONNXPlan {
    /// Predicts one row of named values.
    func predict<Result>(
        _ input: [String: Scalar], columns: [String]? = nil, _ read: (ONNXRun) throws -> Result
    ) throws -> Result {
        try withRun { run in
            run.set(input, self, row: 0, columns: columns)
            try run.run()
            return try read(run)
        }
    }
}

extension ONNXRun {
    /// Writes a row: each value to the input of its name, or all to the columns of the first input.
    func set(_ values: [String: Scalar], _ plan: ONNXPlan, row: Int, columns: [String]?) {
        if let columns {
            for (index, name) in columns.enumerated() {
                if case .number(let value) = values[name] ?? .number(.nan) {
                    set(0, at: row * columns.count + index, to: value)
                }
            }
            return
        }
        for (index, input) in plan.inputs.enumerated() {
            switch values[input.name] ?? .number(.nan) {
            case .number(let value): set(index, at: row, to: value)
            case .text(let text): set(index, at: row, to: text)
            }
        }
    }

    /// A label of the first output.
    func label(at index: Int) -> String {
        (try? tensor(0))?.type == .string ? text(0, at: index) : "\(Int(number(0, at: index)))"
    }
}

extension ONNXModel {
    /// A graph of the shared material.
    static func shared(_ name: String) throws -> ONNXModel {
        let bytes = try Repository.bytes(of: "\(Repository.models)/\(name)")
        return try ONNXModel(bytes.span.bytes)
    }
}
