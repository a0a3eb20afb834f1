import Inference

/// Rows of as many cells each, one after another.
struct Rows {
    let count: Int
    let width: Int
    private let words: [String]
    /// A word that is no number is NaN.
    private let numbers: [Double]

    init(text: String) {
        let lines = text.split(separator: "\n")
        count = lines.count
        words = lines.flatMap { $0.split(separator: " ").map(String.init) }
        numbers = words.map { Double($0) ?? .nan }
        precondition(count > 0 && words.count % count == 0)
        width = words.count / count
    }

    /// The numbers of a row.
    subscript(row: Int) -> Span<Double> {
        @_lifetime(borrow self)
        get { numbers.span.extracting(row * width..<(row + 1) * width) }
    }

    /// The numbers of all rows.
    var all: Span<Double> {
        @_lifetime(borrow self)
        get { numbers.span }
    }

    func word(_ row: Int, _ cell: Int) -> String { words[row * width + cell] }
    func number(_ row: Int, _ cell: Int) -> Double { numbers[row * width + cell] }
}

/// A model of one format, as it is measured.
protocol Engine {
    init(_ model: RawSpan, _ rows: Rows) throws
    /// The number of results of a row.
    var scoreCount: Int { get }
    /// The memory that a prediction reads; `nil` where the format has no tables.
    var tableByteCount: Int? { get }
    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>)
    /// Predicts all rows in one call; `false` for a format that takes one at a time.
    func predict(all rows: Rows, into scores: inout MutableSpan<Double>) -> Bool
}

extension Engine {
    func predict(all rows: Rows, into scores: inout MutableSpan<Double>) -> Bool { false }
}

struct LightGBMEngine: Engine {
    private let model: LightGBMModel

    init(_ model: RawSpan, _ rows: Rows) throws { self.model = try LightGBMModel(text: model) }

    var scoreCount: Int { model.outputCount }
    var tableByteCount: Int? { model.tableByteCount }

    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>) {
        model.rawScores(rows[row], into: &scores)
    }

    func predict(all rows: Rows, into scores: inout MutableSpan<Double>) -> Bool {
        model.rawScores(rows: rows.all, into: &scores)
        return true
    }
}

struct XGBoostEngine: Engine {
    private let model: XGBoostModel

    init(_ model: RawSpan, _ rows: Rows) throws { self.model = try XGBoostModel(bytes: model) }

    var scoreCount: Int { model.outputCount }
    var tableByteCount: Int? { nil }

    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>) {
        model.rawScores(rows[row], into: &scores)
    }

    func predict(all rows: Rows, into scores: inout MutableSpan<Double>) -> Bool {
        model.rawScores(rows: rows.all, into: &scores)
        return true
    }
}

/// The last output of an ONNX model, whose inputs take the cells of a row in turn.
struct ONNXEngine: Engine {
    private let plan: ONNXPlan

    init(_ model: RawSpan, _ rows: Rows) throws {
        let model = try ONNXModel(model)
        // The first dimension is of rows. Another that the model leaves open takes all that is there.
        plan = try model.plan(
            shapes: model.inputs.map { input in
                (input.shape ?? []).enumerated().map { position, size in
                    if case .fixed(let count) = size { count } else { position == 0 ? 1 : rows.width }
                }
            })
        guard plan.inputs.reduce(0, { $0 + $1.count }) == rows.width, !plan.outputs.isEmpty else {
            fatalError("the model's inputs are not the rows' cells")
        }
    }

    private var output: Int { plan.outputs.count - 1 }
    var scoreCount: Int { plan.outputs[output].count }
    var tableByteCount: Int? { nil }

    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>) {
        do throws(ONNXRunError) {
            try plan.withRun { run throws(ONNXRunError) in
                var cell = 0
                for (input, slot) in plan.inputs.enumerated() {
                    for element in 0..<slot.count {
                        if slot.type == .string {
                            run.set(input, at: element, to: rows.word(row, cell))
                        } else {
                            run.set(input, at: element, to: rows.number(row, cell))
                        }
                        cell += 1
                    }
                }
                try run.run()
                for element in scores.indices { scores[element] = run.number(output, at: element) }
            }
        } catch {
            fatalError("row \(row + 1): \(error)")
        }
    }
}
