import Glibc
import Inference

/// Loads a LightGBM text model, or an XGBoost model as JSON or UBJSON, and predicts rows of numbers in turn, one thread.
///
///     InferenceBenchmark MODEL ROWS.txt [PASSES]
///
/// ROWS has a row of features a line, separated by spaces, with `nan` for missing. Prints the best and the median
/// thread-CPU time of a load and of a row, and the sum of all results so that two builds can be compared.
func read(_ path: String) -> [UInt8] {
    guard let stream = fopen(path, "r") else { fatalError("cannot read \(path)") }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
        bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
}

func microseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

/// The best and the median of `count` runs.
func measure(_ count: Int, _ body: () -> Void) -> (best: Double, median: Double) {
    var times: [Double] = []
    for _ in 0..<count {
        let start = microseconds()
        body()
        times.append(microseconds() - start)
    }
    times.sort()
    return (times[0], times[times.count / 2])
}

/// What both kinds of model have.
protocol BenchmarkedModel {
    var treeCount: Int { get }
    var outputCount: Int { get }
    func rawScores(_ features: Span<Double>, into scores: inout MutableSpan<Double>)
}

extension LightGBMModel: BenchmarkedModel {}
extension XGBoostModel: BenchmarkedModel {}

func run<Model: BenchmarkedModel>(_ make: () throws -> Model, _ rows: [[Double]], passes: Int) {
    var loaded: Model?
    let load = measure(5) {
        do { loaded = try make() } catch { fatalError("\(error)") }
    }
    let model = loaded!
    var scores = [Double](repeating: 0, count: model.outputCount)
    var checksum = 0.0
    let pass = measure(passes) {
        var span = scores.mutableSpan
        for row in rows {
            model.rawScores(row.span, into: &span)
            checksum += span[0]
        }
    }
    let perRow = (best: pass.best / Double(rows.count), median: pass.median / Double(rows.count))
    print("\(model.treeCount) trees, \(rows.count) rows: load \(Int(load.best)) us best, \(Int(load.median)) median")
    print("row \(perRow.best) us best, \(perRow.median) median; checksum \(checksum)")
}

guard CommandLine.arguments.count >= 3 else { fatalError("usage: InferenceBenchmark MODEL ROWS.txt [PASSES]") }
let bytes = read(CommandLine.arguments[1])
let rows = String(decoding: read(CommandLine.arguments[2]), as: UTF8.self)
    .split(separator: "\n").map { $0.split(separator: " ").map { Double($0)! } }
let passes = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3])! : 51
if bytes.first == UInt8(ascii: "{") {
    run({ try XGBoostModel(bytes: bytes.span.bytes) }, rows, passes: passes)
} else {
    run({ try LightGBMModel(text: bytes.span.bytes) }, rows, passes: passes)
}
