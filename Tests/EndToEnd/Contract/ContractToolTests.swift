import TestSupport
import Testing

/// The tools of PyPI that read contracts, in the environment that `make setup-test` makes.
@Suite(
    "The contract and other people's tools",
    .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct ContractToolTests {
    private static let tools = Repository.root + "/.venv-test/bin/"
    /// What a run of schemathesis may take on a busy machine, in seconds; it takes a quarter of that alone.
    private static let patience = 120

    @Test("openapi-spec-validator accepts it", arguments: ["3.1.0", "3.0.3"], ["yaml", "json"])
    func validator(version: String, format: String) throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/contract.\(format)"
        let options = ["--config", "configuration/rest_config.yaml", "--openapi", version, "--output", path]
        #expect(try ChildProcess.run(["openapi"] + options).status == 0)
        let outcome = try ChildProcess.run(program: Self.tools + "openapi-spec-validator", [path])
        #expect(outcome.status == 0 && outcome.output == "\(path): OK\n", "\(outcome.output)\(outcome.errors)")
    }

    @Test("generated clients predict", arguments: ["3.1.0", "3.0.3"])
    func clients(version: String) throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/contract.yaml"
        let server = try RunningServer()
        let options = ["--config", "configuration/rest_config.yaml", "--openapi", version, "--output", path]
        #expect(try ChildProcess.run(["openapi"] + options).status == 0)
        let outcome = try ChildProcess.run(
            program: Repository.python,
            ["Tests/EndToEnd/Contract/generated_clients.py", path, "http://127.0.0.1:\(server.port)", folder.path],
            patience: Self.patience)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").count == 10)
    }

    /// With every check on: what the contract allows is taken, what it forbids is refused, and every answer is one that it
    /// declares.
    @Test("schemathesis finds nothing in a service that takes what its contract says and nothing else")
    func strict() throws {
        try schemathesis(validation: "strict", "all")
    }

    /// `"42"` for an integer is no mistake here, as with the reference, so that check has nothing to say.
    @Test("schemathesis finds nothing but coercion in a service that takes more, as pydantic does")
    func lax() throws {
        try schemathesis(validation: "lax", "all", "--exclude-checks", "negative_data_rejection")
    }

    private func schemathesis(validation: String, _ checks: String...) throws {
        let folder = TemporaryFolder()
        let configuration = folder.write(
            "rest_config.yaml",
            """
            service_title: Test
            \(Repository.developmentKeys)
            models:
              - class_path: IrisModel
                decorators: [{class_path: PredictionIDDecorator}, {class_path: CachingDecorator}]
              - class_path: InsuranceChargesModel
            model_packages: models
            input_validation: \(validation)
            """)
        let server = try RunningServer(configuration: configuration)
        let outcome = try ChildProcess.run(
            program: Self.tools + "schemathesis",
            [
                "run", "http://127.0.0.1:\(server.port)/openapi.json", "--seed", "20261121", "--max-examples", "100",
                "--no-color", "--checks",
            ] + checks,
            // It keeps what it found beside itself.
            in: folder.path, patience: Self.patience)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("No issues found"))
        #expect(try server.stop().status == 0)
    }
}
