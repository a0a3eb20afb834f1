import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("Loading a package")
struct ModelLoaderTests {
    @Test("makes a model that predicts as its samples say")
    func loads() async throws {
        let loaded = try await TemporaryPackages().load()
        #expect(loaded.summary == "LightGBM, 60 trees, 3 classes")
        #expect(loaded.model.displayName == "Iris Model")
        var bytes: [UInt8] = []
        let body = Array(#"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#.utf8)
        try RecordPredictor(loaded.predictable).predict(body.span.bytes, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"species":"Iris versicolor"}"#)
    }

    @Test("does without samples")
    func noSamples() async throws {
        let loaded = try await TemporaryPackages { $0 == "samples.jsonl" ? nil : $1 }.load()
        #expect(loaded.example == nil)
    }

    @Test("takes its first sample for an example, past a line of their tolerance")
    func example() async throws {
        let loaded = try await TemporaryPackages { name, text in
            name == "samples.jsonl" ? #"{"tolerance": 1}"# + "\n\n" + text : text
        }.load()
        let sample = try #require(try Repository.jsonLines(of: "models/iris_model/samples.jsonl").first)
        #expect(loaded.example != nil && loaded.example == sample["input"])
    }

    /// In which file what is replaced by what, and what the complaint must then say.
    @Test(
        "is refused in one line that says what is wrong",
        arguments: [
            ("model.yaml", "field: sepal_length", "field: sepal_lenght", "did you mean 'sepal_length'?"),
            ("model.yaml", "feature: sepal_width", "feature: width", "model.yaml calls features[1] 'width'"),
            ("model.yaml", "parameters: model.txt", "parameters: other.txt", "other.txt: No such file"),
            (
                "model.yaml", "labels: [Iris setosa, Iris versicolor, Iris virginica]",
                "labels: [Iris setosa, Iris versicolor]", "gives 2 labels and the model has 3 classes"
            ),
            ("model.txt", "num_leaves=", "num_leaves=-", "line "),
            ("model.txt", "tree\n", "", "iris_model: model.txt: line 1: this is not a LightGBM text model"),
            ("samples.jsonl", "Iris versicolor", "Iris setosa", "samples.jsonl:1: expected"),
            ("samples.jsonl", "sepal_length", "sepal_breadth", "samples.jsonl:1: the prediction failed: Field 'body, "),
            ("samples.jsonl", "\"output\"", "\"result\"", "samples.jsonl:1: a sample has the two keys"),
            ("samples.jsonl", "{", "", "samples.jsonl:1: byte"),
        ])
    func mistakes(file: String, original: String, replacement: String, message: String) async throws {
        let packages = try TemporaryPackages { name, text in
            guard name == file else { return text }
            let edited = text.replacing(original, with: replacement, maxReplacements: 1)
            #expect(edited != text, "'\(original)' is not in \(file)")
            return edited
        }
        let complaint = try #require(await packages.complaint())
        #expect(complaint.contains(message), "\(complaint)")
        #expect(!complaint.contains("\n"))
    }

    @Test("compares the numbers of samples as nearly as the line of their tolerance says")
    func tolerance() async throws {
        func complaint(_ header: String) async throws -> String? {
            let insurance = try TemporaryPackages(of: "insurance_charges_model") { name, text in
                guard name == "samples.jsonl", let sample = text.split(separator: "\n").first,
                    case .number(let charges)? = try? JSON(parsing: String(sample))["output"]?["charges"]
                else { return text }
                let changed = sample.replacing("\(charges)", with: "\(charges + 0.25)")
                return "\(header)\(changed)\n"
            }
            return await insurance.complaint()
        }
        #expect(try await complaint("")?.contains("samples.jsonl:1: expected") == true)
        #expect(try await complaint(#"{"tolerance": 0.2}"# + "\n")?.contains("samples.jsonl:2: expected") == true)
        #expect(try await complaint(#"{"tolerance": 0.3}"# + "\n\n") == nil)
        for bad in ["-1", "\"much\"", "null"] {
            #expect(
                try await complaint(#"{"tolerance": \#(bad)}"# + "\n")?
                    .contains("samples.jsonl:1: 'tolerance' is a number, 0 or more") == true)
        }
    }

    @Test("under another name is refused")
    func otherName() async throws {
        let packages = try TemporaryPackages { name, text in
            name == "model.yaml"
                ? text.replacing("qualified_name: iris_model", with: "qualified_name: rose_model") : text
        }
        #expect(
            await packages.complaint()?.contains(
                "asked for was iris_model-VERSION-PARAMETERS.zip, and this is rose_model")
                == true)
    }

    @Test("reads no more of model.yaml than its limit")
    func largeDescription() async throws {
        let packages = try TemporaryPackages { name, text in
            name == "model.yaml" ? text + String(repeating: "#", count: 1 << 20) : text
        }
        #expect(await packages.complaint()?.contains("more than 1048576 bytes") == true)
    }
}
