import FoundationEssentials
import TestSupport

@testable import Inference

extension Repository {
    /// The folder of these tests' own models and goldens.
    static let fixtures = root + "/Tests/InferenceTests/Fixtures"
    /// The folder of the models of ``shared``.
    static let models = shared + "/models"

    /// The values of a file with one JSON text per line.
    static func lines<Value: Decodable>(of path: String, as type: Value.Type = Value.self) throws -> [Value] {
        let decoder = decoder()
        return try bytes(of: path).split(separator: UInt8(ascii: "\n")).map { try decoder.decode(type, from: Data($0)) }
    }

    /// The value of a file with one JSON text.
    static func value<Value: Decodable>(of path: String, as type: Value.Type = Value.self) throws -> Value {
        try decoder().decode(type, from: Data(bytes(of: path)))
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

/// A feature as golden files write it: `null` is NaN, `"inf"` and `"-inf"` are infinities.
struct Feature: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .nan
        } else if let number = try? container.decode(Double.self) {
            value = number
        } else {
            value = try container.decode(String.self) == "inf" ? .infinity : -.infinity
        }
    }
}

/// One number or a list of them.
struct Numbers: Decodable {
    let values: [Double]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            values = [number]
        } else {
            values = try container.decode([Double].self)
        }
    }
}

/// A row that LightGBM itself predicted.
struct Golden: Decodable {
    let features: [Feature]
    let rawScore: Numbers
    let prediction: Numbers?
    let probabilitySafe: Double?
}

extension LightGBMModel {
    static func read(_ path: String) throws -> LightGBMModel {
        let text = try Repository.bytes(of: path)
        return try LightGBMModel(text: text.span.bytes)
    }

    func sums(_ features: [Double]) -> [Double] {
        var scores = [Double](repeating: .nan, count: outputCount)
        var span = scores.mutableSpan
        rawScores(features.span, into: &span)
        return scores
    }

    func prediction(_ sums: [Double]) -> [Double] {
        var scores = sums
        var span = scores.mutableSpan
        transform(&span)
        return scores
    }
}

extension TabularModel {
    /// The sums of rows that are predicted together.
    func sums(rows: [[Double]]) -> [[Double]] {
        var scores = [Double](repeating: .nan, count: rows.count * outputCount)
        let features = Array(rows.joined())
        var span = scores.mutableSpan
        rawScores(rows: features.span, into: &span)
        return rows.indices.map { Array(scores[$0 * outputCount..<($0 + 1) * outputCount]) }
    }
}
