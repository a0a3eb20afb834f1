import Artifacts
import TestSupport
import Testing

@Suite("A model package")
struct ModelPackageTests {
    private static let description = """
        qualified_name: mood_model
        display_name: Mood
        description: Predicts a mood.
        version: 1.0.0
        parameters_version: "1"
        format: onnx
        parameters: model.onnx
        input_schema: {title: Input, type: object, properties: {text: {type: string}}}
        output_schema: {title: Output, type: object, properties: {mood: {type: number}}}
        inputs: {words: {field: text, tokenizer: words.json}}
        output: {mood: {value: output, name: mood}}
        """

    private let folder = TemporaryFolder()

    @Test("brings the bytes of every entry that model.yaml names, and of no other")
    func entries() throws {
        folder.write("model.yaml", Self.description)
        folder.write("model.onnx", "parameters")
        folder.write("words.json", "words")
        folder.write("report.html", "report")
        let package = try ModelPackage(developing: folder.path)
        #expect(package.parameters == Array("parameters".utf8))
        #expect(package.samples == nil)
        #expect(package.parts == ["words.json": Array("words".utf8)])
    }

    @Test("without an entry that model.yaml names is refused with the entry's path")
    func missingPart() throws {
        folder.write("model.yaml", Self.description)
        folder.write("model.onnx", "parameters")
        #expect(throws: PackageFolderError.file(.failed(path: folder.path + "/words.json", errno: 2))) {
            try ModelPackage(developing: folder.path)
        }
    }

    @Test("with an entry beyond the limit is refused before it is read")
    func largePart() throws {
        folder.write("model.yaml", Self.description)
        folder.write("model.onnx", "parameters")
        folder.write("words.json", String(repeating: " ", count: ModelPackage.partByteLimit + 1))
        #expect(
            throws: PackageFolderError.file(
                .tooLarge(path: folder.path + "/words.json", limit: ModelPackage.partByteLimit))
        ) { try ModelPackage(developing: folder.path) }
    }
}
