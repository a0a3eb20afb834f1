import FoundationEssentials
import Glibc
import Modeling
import TestSupport
import Testing

@testable import Commands

@Suite("martlet inspect")
struct InspectionTests {
    private static let fixtures = "Tests/InferenceTests/Fixtures"

    /// One file of each format and variant, packages, and files that are refused.
    static let paths =
        ["pandas_categories", "multiclass", "random_forest", "leaves_90", "linear_tree"].map {
            "\(fixtures)/\($0).lgb.txt"
        }
        + ["partition.ubj", "multiclass.json", "dart.json", "linear.json", "leaves_16.json", "vector_leaves.json"]
        .map { "\(fixtures)/xgboost/\($0)" }
        + ["perceptron", "encoder", "forest"].map { "\(fixtures)/onnx/\($0).onnx" }
        + ["models/iris_model", "models/insurance_charges_model"]

    private func inspect(_ path: String) throws -> Inspection {
        try Inspection(path: path.hasPrefix("/") ? path : "\(Repository.root)/\(path)")
    }

    /// Written anew with `MARTLET_UPDATE_GOLDEN=1 swift test --filter InspectionTests`.
    @Test("shows what the golden file says, for a person and for a script")
    func golden() throws {
        let golden = "\(Repository.root)/Tests/CommandsTests/Golden/inspect.txt"
        var pages: [String] = []
        for path in Self.paths {
            let inspection = try inspect(path)
            let texts = [inspection.text, inspection.json.description, "error: \(inspection.refusal ?? "none")"]
            pages.append(texts.joined(separator: "\n"))
        }
        let text = pages.joined(separator: "\n\n").replacing("\(Repository.root)/", with: "") + "\n"
        if getenv("MARTLET_UPDATE_GOLDEN") != nil {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(of: golden) == text)
    }

    @Test("needs no more than 80 columns", arguments: paths)
    func width(path: String) throws {
        // The first line is the path, which is as long as it is.
        for line in try inspect(path).text.split(separator: "\n").dropFirst() {
            #expect(line.count <= FactTable.width, "\(line)")
        }
    }

    @Test("names no format by the file's name")
    func names() throws {
        for (path, format) in [
            ("\(Self.fixtures)/binary_sigmoid2.lgb.txt", "lightgbm"),
            ("\(Self.fixtures)/xgboost/binary.ubj", "xgboost"),
            ("\(Self.fixtures)/xgboost/binary.json", "xgboost"), ("\(Self.fixtures)/onnx/forest.onnx", "onnx"),
        ] {
            let file = TemporaryFile(try Repository.bytes(of: path), name: "model.bin")
            #expect(try inspect(file.path).json["format"]?.string == format)
        }
    }

    @Test(
        "says what other files are, and what to do",
        arguments: [
            ([], "the file is empty"), ([0x1F, 0x8B, 8], "compressed with gzip"), ([0x50, 0x4B, 3, 4], "zip archive"),
            ([0x80, 4, 0x95], "Python pickle"), ([0x0A], "this is no model file"),
            (Array("treehouse".utf8), "no model"),
            ([0x08, 0x08, 0x0A, 0x00], "no model"), (Array("[]".utf8), "no model"),
        ] as [([UInt8], String)])
    func others(bytes: [UInt8], message: String) {
        let file = TemporaryFile(bytes, name: "model")
        let failure = #expect(throws: Failure.self) { try inspect(file.path) }
        #expect(failure?.message.hasPrefix("\(file.path): ") == true)
        #expect(failure?.message.contains(message) == true)
    }

    @Test("shows the operators of a graph that is refused, and which of them is missing")
    func missingOperator() throws {
        var bytes = try Repository.bytes(of: "\(Self.fixtures)/onnx/perceptron.onnx")
        let name = Array("Softmax".utf8)
        let place = try #require(bytes.firstRange(of: name))
        bytes.replaceSubrange(place, with: Array("Softmux".utf8))
        let file = TemporaryFile(bytes, name: "model.onnx")
        let inspection = try inspect(file.path)
        #expect(inspection.refusal?.contains("(Softmux, opset") == true)
        #expect(inspection.text.contains("\n  missing     Softmux\n"))
        let operators = try #require(inspection.json["operators"]?.array)
        #expect(operators.filter { $0["supported"] == false }.map { $0["name"]?.string } == ["Softmux"])
        #expect(inspection.json["run_bytes"] == .null)
    }

    @Test("takes a file that ends at any byte")
    func truncation() throws {
        for path in ["multiclass.lgb.txt", "xgboost/multiclass.ubj", "onnx/encoder.onnx"] {
            let bytes = try Repository.bytes(of: "\(Self.fixtures)/\(path)")
            for count in stride(from: 1, to: bytes.count, by: 61) {
                let file = TemporaryFile(Array(bytes[..<count]), name: "model")
                guard let inspection = try? inspect(file.path) else { continue }
                #expect(!inspection.text.isEmpty)
            }
        }
    }

    @Test(
        "loads and describes every model of the shared material",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func shared() throws {
        let models = "\(Repository.shared)/models"
        var count = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: models) {
            let isPacked = name.hasSuffix(".gz")
            let plain = isPacked ? String(name.dropLast(3)) : name
            let isModel =
                [".onnx", ".lgb.txt", ".ubj"].contains(where: plain.hasSuffix)
                || plain.hasPrefix("lightgbm_variants/") && plain.hasSuffix(".txt")
                || plain.hasPrefix("xgboost") && plain.hasSuffix(".json")
            guard isModel else { continue }
            count += 1
            let path = "\(models)/\(name)"
            let unpacked = isPacked ? TemporaryFile(try gunzip(path), name: "model") : nil
            let inspection = try inspect(unpacked?.path ?? path)
            #expect(inspection.refusal == nil, "\(name)")
            for line in inspection.text.split(separator: "\n").dropFirst() {
                #expect(line.count <= FactTable.width, "\(name): \(line)")
            }
        }
        #expect(count >= 33)
    }

    private func gunzip(_ path: String) throws -> [UInt8] {
        let pipe = try #require(popen("gzip -dc '\(path)'", "r"))
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
