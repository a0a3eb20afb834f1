import Modeling

/// Asks a model for the predictions that its package says it makes.
package struct SampleReplay {
    /// What a replay has shown, beside that the predictions are equal.
    package struct Proof {
        /// The input of the first sample.
        let input: JSON?
        /// What half of the predictions took at most, with reading and writing their JSON; `nil` without one.
        let predictionTime: Duration?
    }

    private let predictor: RecordPredictor

    init(_ model: PredictableModel) {
        predictor = RecordPredictor(model)
    }

    /// Replays a `samples.jsonl`: one `{"input": …, "output": …}` a line.
    ///
    /// Outputs are equal, but for numbers after a line `{"tolerance": 1e-6}`, which may differ by so much. Empty lines
    /// are passed over.
    ///
    /// - Throws: ``SampleError`` for the first sample that differs.
    func run(_ lines: [UInt8]) throws(SampleError) -> Proof {
        var tolerance = 0.0
        var first: JSON?
        var times: [Duration] = []
        for (index, line) in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) else { continue }
            let number = index + 1
            let sample: JSON
            do { sample = try JSON(parsing: Array(line).span.bytes) } catch { throw .notJSON(line: number, "\(error)") }
            if let stated = sample["tolerance"] {
                guard let stated = stated.finiteNumber, stated >= 0 else { throw .badTolerance(line: number) }
                tolerance = stated
                continue
            }
            guard let input = sample["input"], let expected = sample["output"] else {
                throw .incomplete(line: number)
            }
            let output: JSON
            let start = ContinuousClock.now
            do { output = try predict(input) } catch { throw .failed(line: number, "\(error)") }
            times.append(.now - start)
            if first == nil { first = input }
            guard output.hasEqualContent(to: expected, tolerance: tolerance) else {
                throw .differs(line: number, expected: "\(expected)", predicted: "\(output)")
            }
        }
        times.sort()
        return Proof(input: first, predictionTime: times.isEmpty ? nil : times[(times.count - 1) / 2])
    }

    private func predict(_ input: JSON) throws -> JSON {
        var json: [UInt8] = []
        input.append(to: &json)
        var bytes: [UInt8] = []
        try predictor.predict(json.span.bytes, into: &bytes)
        return try JSON(parsing: bytes.span.bytes)
    }
}

/// Why a package's samples don't speak for its model.
enum SampleError: Error, CustomStringConvertible {
    case notJSON(line: Int, String)
    case incomplete(line: Int)
    case badTolerance(line: Int)
    case failed(line: Int, String)
    case differs(line: Int, expected: String, predicted: String)

    var description: String {
        switch self {
        case .notJSON(let line, let reason):
            "samples.jsonl:\(line): \(reason); write one JSON object a line"
        case .incomplete(let line):
            "samples.jsonl:\(line): a sample has the two keys 'input' and 'output'"
        case .badTolerance(let line):
            "samples.jsonl:\(line): 'tolerance' is a number, 0 or more"
        case .failed(let line, let reason):
            "samples.jsonl:\(line): the prediction failed: \(reason)"
        case .differs(let line, let expected, let predicted):
            "samples.jsonl:\(line): expected \(expected), predicted \(predicted); "
                + "the parameters are not those that the samples were made with"
        }
    }
}

extension JSON {
    /// Whether two texts say the same: the order of an object's members and the way a number is written are nothing.
    ///
    /// - Parameter tolerance: how far two numbers may be apart.
    func hasEqualContent(to other: JSON, tolerance: Double = 0) -> Bool {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            members.count == others.count
                && members.allSatisfy { member in
                    other[member.key].map { member.value.hasEqualContent(to: $0, tolerance: tolerance) } ?? false
                }
        case (.array(let elements), .array(let others)):
            elements.count == others.count
                && zip(elements, others).allSatisfy { $0.hasEqualContent(to: $1, tolerance: tolerance) }
        default:
            if self == other {
                true
            } else if let number = finiteNumber, let otherNumber = other.finiteNumber {
                abs(number - otherNumber) <= tolerance
            } else {
                false
            }
        }
    }

    /// The number, where it is one that a `Double` holds exactly.
    var finiteNumber: Double? {
        switch self {
        case .integer(let integer): Double(exactly: integer)
        case .number(let number): number
        default: nil
        }
    }
}
