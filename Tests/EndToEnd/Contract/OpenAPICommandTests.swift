import Glibc
import Modeling
import TestSupport
import Testing

@Suite("martlet openapi")
struct OpenAPICommandTests {
    private static let configuration = "configuration/rest_config.yaml"

    private func openapi(_ arguments: String...) throws -> ChildProcess.Outcome {
        try ChildProcess.run(["openapi"] + arguments)
    }

    @Test("prints the contract, the same bytes each time, in the format and version that it is asked for")
    func prints() throws {
        let yaml = try openapi("--config", Self.configuration)
        #expect(yaml.status == 0 && yaml.errors == "")
        #expect(yaml.output.hasPrefix("openapi: 3.1.0\ninfo:\n  title: Example Model Service\n"))
        #expect(try openapi("--config", Self.configuration).output == yaml.output)
        // The same configuration, written in JSON.
        #expect(try openapi("--config", "configuration/rest_config.json").output == yaml.output)
        let json = try openapi("--config", Self.configuration, "--format", "json", "--openapi", "3.0.3")
        #expect(json.output.hasPrefix("{\n  \"openapi\": \"3.0.3\",\n"))
        #expect(try JSON(parsing: json.output)["paths"]?["/api/models/iris_model/prediction"] != nil)
    }

    @Test("writes what a server with this configuration serves")
    func served() throws {
        let server = try RunningServer()
        let written = try openapi("--config", Self.configuration, "--format", "json").output
        let contract = try server.connect().request("GET", "/openapi.json").body
        #expect(try JSON(parsing: written) == JSON(parsing: contract))
        #expect(
            try server.connect().request("GET", "/openapi.yaml").body
                == openapi("--config", Self.configuration).output)
    }

    @Test("writes a file in the format that its name says, and by the older name and options")
    func writes() throws {
        let folder = TemporaryFolder()
        for (name, beginning) in [("contract.json", "{"), ("contract.yaml", "openapi: 3.1.0")] {
            let outcome = try openapi("--config", Self.configuration, "--output", "\(folder.path)/\(name)")
            #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "")
            #expect(try Repository.text(of: "\(folder.path)/\(name)").hasPrefix(beginning))
        }
        let older = try ChildProcess.run([
            "generate_openapi", "--configuration_file=\(Self.configuration)",
            "--output_file=\(folder.path)/older.yaml",
        ])
        #expect(older.status == 0)
        #expect(
            try Repository.text(of: "\(folder.path)/older.yaml") == Repository.text(of: "\(folder.path)/contract.yaml"))
        let root = Repository.root
        let defaults = try ChildProcess.run(
            ["generate_openapi"],
            environment: ["REST_CONFIG": Self.local("model_packages: \(root)/models", in: folder)], in: folder.path)
        #expect(defaults.status == 0)
        #expect(try Repository.text(of: "\(folder.path)/openapi.yaml").contains("iris_model"))
    }

    /// A configuration of the iris model with whatever `more` says.
    private static func local(_ more: String, decorators: String = "[]", in folder: TemporaryFolder) -> String {
        folder.write(
            "rest_config.yaml",
            """
            service_title: Test
            \(Repository.developmentKeys)
            models: [{class_path: IrisModel, decorators: \(decorators)}]
            \(more)
            """)
    }

    @Test("needs neither Redis nor OPA, and says what their decorators change")
    func offline() throws {
        let folder = TemporaryFolder()
        let configuration = Self.local(
            "model_packages: models",
            decorators: """
                [{class_path: PredictionIDDecorator}, {class_path: OPAPolicyDecorator, configuration: {port: 1,
                 policy_package: p}}, {class_path: RedisCachingDecorator, configuration: {port: 1}}]
                """, in: folder)
        let outcome = try openapi("--config", configuration, "--format", "json")
        #expect(outcome.status == 0 && outcome.errors == "")
        let schemas = try JSON(parsing: outcome.output)["components"]?["schemas"]
        #expect(schemas?["IrisModelInput"]?["properties"]?["prediction_id"] != nil)
        #expect(schemas?["PredictionNotAvailable"] != nil)
    }

    @Test(
        "writes nothing when a model can't be had, and says which and why",
        arguments: [
            ("model_packages: /nowhere", "iris_model: /nowhere: cannot list: No such file or directory"),
            // Port 1 of this machine: nobody listens.
            (
                "model_packages: {store: 's3://bucket/models', endpoint: 'http://127.0.0.1:1', access_key: a,"
                    + " secret_key: b, timeout: 1s}", "iris_model: s3://bucket/models"
            ),
            ("model_packages: models\nenvironment: production", "iris_model: key 'martlet-development' is"),
        ])
    func unreachable(packages: String, message: String) throws {
        let folder = TemporaryFolder()
        let outcome = try openapi(
            "--config", Self.local(packages, in: folder), "--output", "\(folder.path)/contract.yaml")
        #expect(outcome.status == 1)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.contains("no contract: 1 of 1 models can't be loaded"))
        #expect(!Repository.has("\(folder.path)/contract.yaml"))
    }

    // MARK: --check

    @Test("finds the repository's own contract as its configuration has it; 'make contract' writes it anew")
    func ownContract() throws {
        let outcome = try openapi("--config", Self.configuration, "--check", "service_contract.yaml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output == "service_contract.yaml: as configuration/rest_config.yaml has it\n")
    }

    @Test("takes a file of either version and format that says the same, and says when it is written otherwise")
    func checkForms() throws {
        let folder = TemporaryFolder()
        for version in ["3.1.0", "3.0.3"] {
            for format in ["yaml", "json"] {
                let path = "\(folder.path)/contract.\(format)"
                _ = try openapi("--config", Self.configuration, "--openapi", version, "--output", path)
                let same = try openapi("--config", Self.configuration, "--check", path)
                #expect(same.status == 0 && same.output == "\(path): as \(Self.configuration) has it\n")
                let text = try Repository.text(of: path)
                folder.write("contract.\(format)", format == "yaml" ? "# Ours.\n\(text)" : "\n\(text)")
                let other = try openapi("--config", Self.configuration, "--check", path)
                #expect(other.status == 0 && other.output.contains("says the same"), "\(other.output)")
            }
        }
    }

    @Test("compares a file of an older patch of a version by that version")
    func checkPatch() throws {
        let folder = TemporaryFolder()
        let contract = try openapi("--config", Self.configuration, "--openapi", "3.0.3").output
        let path = folder.write("contract.yaml", contract.replacing("openapi: 3.0.3", with: "openapi: 3.0.2"))
        let outcome = try openapi("--config", Self.configuration, "--check", path)
        #expect(outcome.status == 1)
        #expect(
            outcome.output.contains("changed  the document: openapi was '3.0.2', is '3.0.3'\n1 difference, 0 breaking"))
    }

    @Test("says what differs, marks what may break a caller, and exits with 1")
    func checkDifferences() throws {
        let folder = TemporaryFolder()
        let contract = try Repository.text(of: "service_contract.yaml")
            .replacing("maximum: 65", with: "maximum: 70").replacing(
                "operationId: get_root__get", with: "operationId: root")
        let path = folder.write("contract.yaml", contract)
        let outcome = try openapi("--config", Self.configuration, "--check", path)
        #expect(outcome.status == 1)
        #expect(
            outcome.output == """
                \(path) is not what configuration/rest_config.yaml yields. With the configuration:
                            changed  GET /: operationId was 'root', is 'get_root__get'
                  breaking  changed  InsuranceChargesModelInput.age: maximum was 70, maximum is 65
                2 differences, 1 breaking; 'martlet openapi --config configuration/rest_config.yaml --output \(path)' \
                writes it anew

                """)
        #expect(try Repository.text(of: path) == contract)
    }

    @Test("says in a line what is wrong with the file to check")
    func checkFile() throws {
        let folder = TemporaryFolder()
        for (text, message) in [
            ("openapi: [", ":2:1: not valid YAML"), ("a: 1", "this is no OpenAPI contract"),
            ("[]", "no OpenAPI contract"),
        ] {
            let path = folder.write("contract.yaml", text)
            let outcome = try openapi("--config", Self.configuration, "--check", path)
            #expect(
                outcome.status == 1 && outcome.errors.contains(path) && outcome.errors.contains(message),
                "\(outcome.errors)")
        }
        let missing = try openapi("--config", Self.configuration, "--check", "\(folder.path)/none.yaml")
        #expect(missing.status == 1 && missing.errors.contains("none.yaml"))
    }

    @Test(
        "refuses a command line that makes no sense",
        arguments: [
            (["--check", "a.yaml", "--output", "b.yaml"], "--check excludes --output"),
            (["--openapi", "3.2.0"], "expected 3.1.0 or 3.0.3"), (["--format", "xml"], "expected yaml or json"),
        ])
    func usage(arguments: [String], message: String) throws {
        let outcome = try ChildProcess.run(["openapi"] + arguments)
        #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    }
}
