import Inference

/// Rows of as many features each, one after another.
struct Rows {
    let count: Int
    private let numbers: [Double]
    private let width: Int

    init(text: String) {
        let lines = text.split(separator: "\n")
        count = lines.count
        numbers = lines.flatMap { line in
            line.split(separator: " ").map { cell in
                guard let number = Double(cell) else { fatalError("\(cell) is not a number") }
                return number
            }
        }
        precondition(count > 0 && numbers.count % count == 0)
        width = numbers.count / count
    }

    /// The features of a row.
    subscript(row: Int) -> Span<Double> {
        @_lifetime(borrow self)
        get { numbers.span.extracting(row * width..<(row + 1) * width) }
    }
}

/// A model of one format, as it is measured.
protocol Engine {
    init(_ model: RawSpan) throws
    var scoreCount: Int { get }
    var tableByteCount: Int { get }
    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>)
}

struct LightGBMEngine: Engine {
    private let model: LightGBMModel

    init(_ model: RawSpan) throws { self.model = try LightGBMModel(text: model) }

    var scoreCount: Int { model.outputCount }
    var tableByteCount: Int { model.tableByteCount }

    func predict(_ row: Int, of rows: Rows, into scores: inout MutableSpan<Double>) {
        model.rawScores(rows[row], into: &scores)
    }
}
