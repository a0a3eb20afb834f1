import Glibc
import ModelService
import Modeling

extension Option {
    fileprivate static let model = Option(
        name: "--model", value: "NAME", summary: "The model's qualified name (default: the only model there is)")
}

extension Martlet {
    static let predictCommand = Command(
        name: "predict", summary: "Predict one record, or JSON lines, without serving", operands: "[FILE]",
        details: """
            Reads FILE, or standard input when it is left out or '-': one JSON object, or one on each line. Prints a
            prediction for each, in order. A record that is refused is reported on standard error with its line, the
            rest go on, and the command exits with 1.
            """,
        options: [.config, .model]
    ) { arguments, environment in
        let configuration = try arguments.configuration(in: environment)
        let entry = try entry(named: arguments[.model], in: configuration)
        let loader = ModelLoader(catalog: environment.catalog, configuration: configuration)
        let predictor: RecordPredictor
        do {
            predictor = RecordPredictor(try loader.load(entry).predictable)
        } catch {
            throw Failure(message: "\(entry.qualifiedName): \(error)")
        }
        return try predict(from: arguments.operands.first ?? "-", with: predictor)
    }

    private static func entry(
        named name: String?, in configuration: ServiceConfiguration
    ) throws -> ModelConfiguration {
        let known = configuration.models.map(\.qualifiedName).joined(separator: ", ")
        guard let name else {
            guard let only = configuration.models.first, configuration.models.count == 1 else {
                throw UsageError.missingOption("--model", why: "the configuration names \(known)")
            }
            return only
        }
        guard let entry = configuration.models.first(where: { $0.qualifiedName == name }) else {
            throw UsageError.badValue(option: "--model", value: name, expected: "one of \(known)")
        }
        return entry
    }

    private static func predict(from path: String, with predictor: RecordPredictor) throws -> ExitStatus {
        guard let file = path == "-" ? fdopen(STDIN_FILENO, "r") : fopen(path, "r") else {
            throw Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        let name = path == "-" ? "standard input" : path
        var status = ExitStatus.success
        var records = JSONRecords(file)
        while let record = try records.next() {
            do {
                var prediction: [UInt8] = []
                try predictor.predict(record.bytes.span.bytes, into: &prediction)
                Terminal.print(String(decoding: prediction, as: UTF8.self))
            } catch {
                Terminal.printError("\(name):\(record.line): \(error)")
                status = .failure
            }
        }
        return status
    }
}
