import EventLoop
import Glibc
import ModelService
import Modeling

extension Option {
    fileprivate static let model = Option(
        name: "--model", value: "NAME", summary: "The model's qualified name (default: the only model there is)")
    fileprivate static let format = Option(
        name: "--format", value: "FORMAT", summary: "json or csv (default: csv for a FILE that ends in .csv, else json)"
    )
}

/// How a file of records is written.
private enum RecordFormat: String, CaseIterable {
    case json, csv
}

extension Martlet {
    static let predictCommand = Command(
        name: "predict", summary: "Predict the records of a file, without serving", operands: "[FILE]",
        details: """
            Reads FILE, or standard input when it is left out or '-': one JSON object, one on each line, or CSV whose
            first line names the fields and whose empty cells are left out. Prints a prediction for each record, in
            order, one JSON object a line: those of a file with all CPUs that the process may use, those of a pipe as
            they come. A record that is refused is reported on standard error with its line, the rest go on, and the
            command exits with 1.
            """,
        options: [.config, .model, .format]
    ) { arguments, environment in
        let path = arguments.operands.first ?? "-"
        let expected = RecordFormat.allCases.map(\.rawValue).joined(separator: " or ")
        let format =
            try arguments.value(of: .format, expected: expected, RecordFormat.init(rawValue:))
            ?? (path.hasSuffix(".csv") ? .csv : .json)
        let configuration = try arguments.configuration(in: environment)
        let entry = try entry(named: arguments[.model], in: configuration)
        let loader = ModelLoader(
            catalog: environment.catalog, configuration: configuration,
            // A cell of CSV is always text.
            validation: format == .csv ? .lax : nil,
            // Every CPU has a lane already.
            makesPools: false)
        let model: PredictableModel
        do {
            model = try await loader.load(entry).predictable
        } catch {
            throw Failure(message: "\(entry.label): \(error)")
        }
        return try predict(path, format, with: model)
    }

    private static func entry(
        named name: String?, in configuration: ServiceConfiguration
    ) throws -> ModelConfiguration {
        let known = configuration.models.map(\.label).joined(separator: ", ")
        guard let name else {
            guard let only = configuration.models.first, configuration.models.count == 1 else {
                throw UsageError.missingOption("--model", why: "the configuration names \(known)")
            }
            return only
        }
        guard
            let entry = configuration.models.first(where: { $0.label == name || $0.isFirst && $0.qualifiedName == name }
            )
        else {
            throw UsageError.badValue(option: "--model", value: name, expected: "one of \(known)")
        }
        return entry
    }

    private static func predict(
        _ path: String, _ format: RecordFormat, with model: PredictableModel
    ) throws -> ExitStatus {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(message: "\(path): \(String(cString: strerror(errno)))") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let name = path == "-" ? "standard input" : path

        var information = stat()
        let isFile = fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
        var source: any RecordSource =
            switch format {
            case .json: JSONRecords(LineReader(descriptor))
            case .csv: CSVRecords(LineReader(descriptor))
            }
        var progress = Progress(total: isFile ? Int(information.st_size) : nil)
        // Who writes records one by one may wait for each prediction; who gives a file does not.
        var lanes = isFile ? PredictionLanes(model, count: CPUAllowance.count()) : PredictionLanes(oneByOne: model)
        while lanes.fill(from: &source) {
            for predictions in lanes.predict() {
                var written = 0
                for complaint in predictions.complaints {
                    Terminal.write(predictions.lines[written..<complaint.position], to: STDOUT_FILENO)
                    written = complaint.position
                    progress.clear()
                    Terminal.printError("\(name):\(complaint.text)")
                }
                Terminal.write(predictions.lines[written...], to: STDOUT_FILENO)
                progress.advance(
                    to: source.byteCount, records: predictions.recordCount, refused: predictions.complaints.count)
            }
        }
        progress.finish()
        if let failure = lanes.failure { throw failure }
        return progress.refused == 0 ? .success : .failure
    }
}
