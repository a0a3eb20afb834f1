import Glibc
import ModelService
import Modeling
import TestSupport
import Testing

@testable import Commands

@Suite("Records predicted on several threads")
struct PredictionLanesTests {
    /// Flowers in turn, every hundredth line a bad one.
    private static let lines = (0..<3_000).map { line in
        line % 100 == 42
            ? #"{"sepal_length": 0}"#
            : #"{"sepal_length":6,"sepal_width":3,"petal_length":\#(Double(line % 29) / 5 + 1.1),"petal_width":\#(Double(line % 23) / 8 + 0.1)}"#
    }

    /// All lines and complaints in the order in which they are printed, and how the reading ended.
    private func run(_ lanes: PredictionLanes, _ text: String) -> (printed: [String], records: Int, failure: String?) {
        let file = TemporaryFile(text, name: "records")
        let descriptor = open(file.path, O_RDONLY)
        defer { close(descriptor) }
        var lanes = lanes
        var source: any RecordSource = JSONRecords(LineReader(descriptor))
        var (printed, records): ([String], Int) = ([], 0)
        while lanes.fill(from: &source) {
            for predictions in lanes.predict() {
                var written = 0
                func lines(_ end: Int) -> [String] {
                    predictions.lines[written..<end].split(separator: UInt8(ascii: "\n"))
                        .map { String(decoding: $0, as: UTF8.self) }
                }
                for complaint in predictions.complaints {
                    printed += lines(complaint.position) + ["! \(complaint.text)"]
                    written = complaint.position
                }
                printed += lines(predictions.lines.count)
                records += predictions.recordCount
            }
        }
        return (printed, records, lanes.failure.map { ($0 as? Failure)?.message ?? "\($0)" })
    }

    @Test("come back in the order of their lines, whatever the number of threads", arguments: [1, 2, 3, 7])
    func order(count: Int) throws {
        let model = try PredictableModel(IrisModel(), validation: .lax)
        let text = Self.lines.joined(separator: "\n\n") + "\n"
        let alone = run(PredictionLanes(oneByOne: model), text)
        let together = run(PredictionLanes(model, count: count), text)
        #expect(together.printed == alone.printed)
        #expect(together.records == 3_000)
        #expect(together.failure == nil)
        // Species differ from line to line, so that an order is an order; a line between two is empty.
        #expect(Set(alone.printed).count > 30)
        for (line, printed) in alone.printed.enumerated() {
            #expect(printed.hasPrefix("! \(2 * line + 1): Field 'body, sepal_length'") == (line % 100 == 42))
        }
    }

    @Test("are printed up to the line at which the reading fails")
    func failure() throws {
        let model = try PredictableModel(IrisModel(), validation: .lax)
        let text = Self.lines[..<10].joined(separator: "\n") + "\n" + String(repeating: "x", count: 2 << 20) + "\n{}\n"
        let outcome = run(PredictionLanes(model, count: 2), text)
        #expect(outcome.records == 10)
        #expect(outcome.failure == "line 11 has more than \(LineReader.byteLimit) bytes")
    }

    @Test("are read no further than the bytes of a round")
    func byteLimit() throws {
        var lanes = PredictionLanes(try PredictableModel(IrisModel(), validation: .lax), count: 64)
        let line = #"{"note": ""# + String(repeating: "x", count: 1_000_000) + "\"}"
        let file = TemporaryFile(Array(repeating: line, count: 20).joined(separator: "\n"), name: "records")
        let descriptor = open(file.path, O_RDONLY)
        defer { close(descriptor) }
        var source: any RecordSource = JSONRecords(LineReader(descriptor))
        var rounds: [Int] = []
        while lanes.fill(from: &source) { rounds.append(lanes.predict().reduce(0) { $0 + $1.recordCount }) }
        #expect(rounds == [9, 9, 2])
    }
}
