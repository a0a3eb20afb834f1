import Artifacts
import ModelService
import Modeling
import YAML

extension Option {
    fileprivate static let contractFormat = Option(
        name: "--format", value: "FORMAT", summary: "yaml or json (default: as FILE's name ends, else yaml)")
    fileprivate static let contractVersion = Option(
        name: "--openapi", value: "VERSION", summary: "3.1.0 or 3.0.3 (default: that of the checked FILE, else 3.1.0)")
    fileprivate static let check = Option(
        name: "--check", value: "FILE", summary: "Compare with FILE and write nothing")
    fileprivate static let configurationFile = Option(
        name: "--configuration_file", value: "FILE", summary: Option.config.summary)
    fileprivate static let outputFile = Option(
        name: "--output_file", value: "FILE", summary: "Where to write (default: openapi.yaml)")
}

extension Martlet {
    static let openAPICommand = Command(
        name: "openapi", summary: "Write the service's OpenAPI contract, or check one", operands: "",
        details: """
            Loads every model as a server would, and writes the contract of a service in which all of them have
            loaded. Asks neither caches nor policies, and a store only for packages that are not local. If a model
            can't be loaded, it says which and why, writes nothing and exits with 1.

            With --check it prints what in FILE is not as the configuration has it, each difference that may break
            a caller marked, and exits with 1; it exits with 0 when FILE says the same.
            """,
        options: [.config, .destination, .contractFormat, .contractVersion, .check]
    ) { arguments, environment in
        let form = try arguments.contractForm()
        if let path = arguments[.check] {
            guard arguments[.destination] == nil else { throw UsageError.excludes("--check", "--output") }
            let file = try ContractFile(path)
            let configuration = try arguments.configuration(in: environment)
            let contract = try await loadedContract(
                configuration, in: environment, version: form.version ?? file.version ?? .v31)
            return file.check(
                against: contract, format: form.format ?? ContractFormat(ofFile: path),
                configuration: configuration.file)
        }
        let configuration = try arguments.configuration(in: environment)
        let contract = try await loadedContract(configuration, in: environment, version: form.version ?? .v31)
        let format = form.format ?? arguments[.destination].map(ContractFormat.init(ofFile:)) ?? .yaml
        try arguments.write(format.text(contract))
        return .success
    }

    static let generateOpenAPICommand = Command(
        name: "generate_openapi", summary: "Write the contract, with the options of rest_model_service", operands: "",
        details: "The same as 'openapi --output FILE', for scripts that call it by the older name.",
        options: [.configurationFile, .outputFile]
    ) { arguments, environment in
        let configuration = try arguments.configuration(.configurationFile, in: environment)
        let contract = try await loadedContract(configuration, in: environment, version: .v31)
        let path = arguments[.outputFile] ?? "openapi.yaml"
        try replaceFile(at: path, with: ContractFormat(ofFile: path).text(contract))
        return .success
    }

    /// The contract of a service in which every model of the configuration has loaded.
    ///
    /// - Throws: ``Failure`` that names each model that did not: a contract without them would look like another service.
    private static func loadedContract(
        _ configuration: ServiceConfiguration, in environment: Environment, version: ContractVersion
    ) async throws -> JSON {
        let loader = ModelLoader(catalog: environment.catalog, configuration: configuration)
        var slots: [ModelSlot] = []
        var failures: [String] = []
        for entry in configuration.models {
            do {
                let model = try await loader.load(entry)
                if case .package(let package) = model.origin {
                    // Such as a store that could not be asked whether there is a newer package.
                    for warning in package.warnings {
                        Terminal.printError("warning: \(entry.label): \(warning)")
                    }
                }
                slots.append(ModelSlot(entry, .loaded(model)))
            } catch {
                failures.append("\(entry.label): \(error)")
            }
        }
        guard failures.isEmpty else {
            failures.append(
                "no contract: \(failures.count) of \(configuration.models.count) models can't be loaded, and without"
                    + " them it would be another service's")
            throw Failure(message: failures.joined(separator: "\n"))
        }
        return contract(slots, configuration: configuration, version: version)
    }
}

extension Arguments {
    fileprivate func contractForm() throws(UsageError) -> (format: ContractFormat?, version: ContractVersion?) {
        (
            try value(of: .contractFormat, expected: "yaml or json", ContractFormat.init(rawValue:)),
            try value(of: .contractVersion, expected: "3.1.0 or 3.0.3", ContractVersion.init(rawValue:))
        )
    }
}

/// A contract that was written before.
private struct ContractFile {
    /// The most bytes of it, and of its values, that are read: 16 MiB, 1,000,000.
    private static let limits = {
        var limits = Limits()
        limits.bytes = 16 << 20
        limits.nodes = 1_000_000
        return limits
    }()

    let path: String
    private let bytes: [UInt8]
    private let document: JSON

    init(_ path: String) throws {
        self.path = path
        let bytes = try contents(ofFile: path, limit: Self.limits.bytes)
        self.bytes = bytes
        document = try Self.document(bytes, path)
        guard document["openapi"]?.string != nil else {
            throw Failure(message: "\(path): this is no OpenAPI contract: it has no 'openapi' at the top")
        }
    }

    private static func document(_ bytes: [UInt8], _ path: String) throws -> JSON {
        do {
            return JSON(try Node(parsing: bytes.span, limits: limits))
        } catch {
            throw Failure(message: "\(path):\(error)")
        }
    }

    /// The version that Martlet writes and the file's is a patch of; `nil` for any other.
    var version: ContractVersion? {
        ContractVersion.allCases.first { document["openapi"]?.string?.hasPrefix($0.rawValue.dropLast()) ?? false }
    }

    /// Prints what is to be said about it beside the contract that the configuration yields.
    func check(against contract: JSON, format: ContractFormat, configuration: String) -> ExitStatus {
        let differences = contractDifferences(from: document, to: contract)
        guard !differences.isEmpty else {
            Terminal.print(
                bytes == format.text(contract)
                    ? "\(path): as \(configuration) has it"
                    : "\(path): says the same as \(configuration), but is not written as Martlet writes it")
            return .success
        }
        let breaking = differences.count(where: \.isBreaking)
        Terminal.print("\(path) is not what \(configuration) yields. With the configuration:")
        for difference in differences { Terminal.print("  \(difference)") }
        Terminal.print(
            "\(differences.count) \(differences.count == 1 ? "difference" : "differences"), \(breaking) breaking;"
                + " 'martlet openapi --config \(configuration) --output \(path)' writes it anew")
        return .failure
    }
}
