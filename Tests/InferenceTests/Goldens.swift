import FoundationEssentials
import Glibc

@testable import Inference

/// The models of `Fixtures`, and those of the shared material beside a checkout where there is any.
enum Material {
    static let fixtures = directory(#filePath) + "/Fixtures"
    static let shared = directory(directory(directory(directory(#filePath)))) + "/shared/models"
    static let hasShared = access(shared, R_OK) == 0

    private static func directory(_ path: String) -> String {
        String(path[..<path.lastIndex(of: "/")!])
    }

    /// The bytes of a file; those of a `.gz` uncompressed.
    static func bytes(_ path: String) throws -> [UInt8] {
        let stream = path.hasSuffix(".gz") ? popen("gzip -dc '\(path)'", "r") : fopen(path, "r")
        guard let stream else { throw MissingFile(path: path) }
        defer { _ = path.hasSuffix(".gz") ? pclose(stream) : fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        guard !bytes.isEmpty else { throw MissingFile(path: path) }
        return bytes
    }

    static func model(_ path: String) throws -> LightGBMModel {
        let text = try bytes(path)
        return try LightGBMModel(text: text.span.bytes)
    }

    /// The values of a file with one JSON text per line.
    static func lines<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> [Value] {
        let decoder = decoder()
        return try bytes(path).split(separator: UInt8(ascii: "\n")).map { try decoder.decode(type, from: Data($0)) }
    }

    static func value<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
        try decoder().decode(type, from: Data(bytes(path)))
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

struct MissingFile: Error {
    let path: String
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
