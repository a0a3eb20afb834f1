import Glibc

/// Predicts rows with a model of any format, in turn and on one thread, and says what that costs.
///
///     InferenceBenchmark MODEL ROWS PREDICTIONS SECONDS
///
/// ROWS has a row a line, its cells separated by spaces, with `nan` for missing. Writes the scores of each row to
/// PREDICTIONS, then repeats the rows for SECONDS of CPU and prints the thread's CPU time of a load, that of a row in
/// the median pass over all rows, the same where one call predicts them all, which must give the same scores, and the
/// bytes of the model's tables, as JSON.
func read(_ path: String) -> [UInt8] {
    guard let stream = fopen(path, "r"), fseek(stream, 0, SEEK_END) == 0 else { fatalError("cannot read \(path)") }
    defer { fclose(stream) }
    let size = ftell(stream)
    rewind(stream)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, size, stream)
    }
}

func write(_ text: String, to path: String) {
    guard let stream = fopen(path, "w"), fputs(text, stream) >= 0, fclose(stream) == 0 else {
        fatalError("cannot write \(path)")
    }
}

func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The CPU seconds of the median of passes that take `seconds` together, at least three.
func medianPass(_ seconds: Double, _ pass: () -> Void) -> Double {
    var passes: [Double] = []
    var spent = 0.0
    while passes.count < 3 || spent < seconds {
        let start = cpuSeconds()
        pass()
        passes.append(cpuSeconds() - start)
        spent += passes[passes.count - 1]
    }
    passes.sort()
    return passes[passes.count / 2]
}

func measure<Candidate: Engine>(_ engine: Candidate.Type, _ rows: Rows, predictions: String, seconds: Double) {
    let start = cpuSeconds()
    let model = read(CommandLine.arguments[1])
    let candidate: Candidate
    do { candidate = try Candidate(model.span.bytes, rows) } catch { fatalError("\(error)") }
    let load = cpuSeconds() - start

    var scores = [Double](repeating: 0, count: candidate.scoreCount)
    var lines = ""
    for row in 0..<rows.count {
        var span = scores.mutableSpan
        candidate.predict(row, of: rows, into: &span)
        lines += scores.map(\.description).joined(separator: " ") + "\n"
    }
    write(lines, to: predictions)

    let row = medianPass(seconds) {
        var span = scores.mutableSpan
        for row in 0..<rows.count { candidate.predict(row, of: rows, into: &span) }
    }
    func microseconds(_ pass: Double) -> Double { pass / Double(rows.count) * 1e6 }
    let batch = batchPass(candidate, rows, seconds).map { "\(microseconds($0))" }
    print(
        """
        {"load_milliseconds": \(load * 1e3), "row_microseconds": \(microseconds(row)), \
        "batch_microseconds": \(batch ?? "null"), \
        "table_bytes": \(candidate.tableByteCount.map(String.init) ?? "null")}
        """)
}

/// The median pass of calls that predict all rows; `nil` for an engine that takes one at a time.
func batchPass(_ candidate: some Engine, _ rows: Rows, _ seconds: Double) -> Double? {
    var scores = [Double](repeating: .nan, count: candidate.scoreCount)
    var together = [Double](repeating: .nan, count: rows.count * scores.count)
    var togetherSpan = together.mutableSpan
    guard candidate.predict(all: rows, into: &togetherSpan) else { return nil }
    for row in 0..<rows.count {
        var span = scores.mutableSpan
        candidate.predict(row, of: rows, into: &span)
        for (index, score) in scores.enumerated() where togetherSpan[row * scores.count + index] != score {
            fatalError("row \(row + 1) has other scores in a batch")
        }
    }
    return medianPass(seconds) { _ = candidate.predict(all: rows, into: &togetherSpan) }
}

guard CommandLine.arguments.count == 5, let seconds = Double(CommandLine.arguments[4]) else {
    fatalError("usage: InferenceBenchmark MODEL ROWS PREDICTIONS SECONDS")
}
let rows = Rows(text: String(decoding: read(CommandLine.arguments[2]), as: UTF8.self))
let predictions = CommandLine.arguments[3]
switch read(CommandLine.arguments[1]).first {
case UInt8(ascii: "t"): measure(LightGBMEngine.self, rows, predictions: predictions, seconds: seconds)
case UInt8(ascii: "{"): measure(XGBoostEngine.self, rows, predictions: predictions, seconds: seconds)
default: measure(ONNXEngine.self, rows, predictions: predictions, seconds: seconds)
}
