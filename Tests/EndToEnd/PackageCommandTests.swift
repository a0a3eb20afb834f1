import Glibc
import Modeling
import TestSupport
import Testing

@Suite("From a folder to a served, signed package")
struct PackageCommandTests {
    private let folder = TemporaryFolder()

    /// Runs a command that has to succeed, and returns what it printed.
    @discardableResult
    private func martlet(_ arguments: String...) throws -> String {
        let outcome = try ChildProcess.run(arguments)
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome.output
    }

    @Test("keygen, package, sign, verify, push, list, pull and serve", arguments: ["ed25519", "hmac-sha256"])
    func wholeWay(algorithm: String) throws {
        let key = folder.path + "/training-2026.key"
        let ring = try martlet("keygen", "--algorithm", algorithm, key)
        #expect(ring.hasPrefix("keys:\n  - id: training-2026\n    algorithm: \(algorithm)\n    status: active\n"))
        var information = stat()
        #expect(stat(key, &information) == 0 && information.st_mode & 0o777 == 0o600)
        #expect(try ChildProcess.run(["keygen", key]).status == 1, "an existing key was replaced")
        let secret = try Repository.text(of: key).split(separator: "\n").joined()
        #expect(!ring.contains(secret))

        let package = try martlet("package", "--output", folder.path, "models/iris_model")
            .split(separator: "\n").joined()
        #expect(package == folder.path + "/iris_model-1.0.0-2026_11_21.zip")
        let configuration = folder.write(
            "rest_config.yaml",
            """
            service_title: Signed
            models: [{class_path: IrisModel}]
            model_packages: {store: \(folder.path)/store}
            \(algorithm == "ed25519" ? ring : ring.replacing("secret: ${MARTLET_SIGNING_SECRET}", with: "file: \(key)"))
            """)
        let unsigned = try ChildProcess.run(["verify", "--config", configuration, package])
        #expect(unsigned.status == 1 && unsigned.errors.contains("it is not signed; sign it with 'martlet sign'"))

        try martlet("sign", "--key", key, "--algorithm", algorithm, package)
        let verified = try martlet("verify", "--config", configuration, package)
        #expect(verified.contains("signed by  training-2026 (\(algorithm))"))

        #expect(mkdir(folder.path + "/store", 0o700) == 0)
        #expect(
            try martlet("push", "--config", configuration, package).contains("/store/iris_model-1.0.0-2026_11_21.zip"))
        #expect(try martlet("list", "--config", configuration).hasPrefix("iris_model-1.0.0-2026_11_21.zip  "))
        let pulled = folder.path + "/pulled.zip"
        #expect(try martlet("pull", "--config", configuration, "--output", pulled, "iris_model") == pulled + "\n")
        #expect(try Repository.bytes(of: pulled) == Repository.bytes(of: package))

        let server = try RunningServer(configuration: configuration)
        let client = try server.connect()
        let metadata = try JSON(parsing: client.request("GET", "/api/models/iris_model/metadata").body)
        #expect(metadata["package"]?["signed_by"] == "training-2026")
        #expect(metadata["package"]?["algorithm"] == .string(algorithm))
        #expect(metadata["package"]?["parameters_version"] == "2026_11_21")
        #expect(verified.contains("sha256     \(metadata["package"]?["sha256"]?.string ?? "none")"))
        let outcome = try server.stop()
        #expect(outcome.output.contains("signed by training-2026 (\(algorithm))"))
        #expect(!(outcome.output + outcome.errors).contains(secret))
    }

    @Test("a tampered package leaves the service not ready, says why in a line, and harms no other")
    func tampered() throws {
        let store = folder.path
        for name in ["iris_model-1.0.0-2026_11_21.zip", "insurance_charges_model-0.1.0-2026_11_21.zip"] {
            _ = try ChildProcess.run(program: "/bin/cp", ["models/\(name)", store])
        }
        let path = store + "/iris_model-1.0.0-2026_11_21.zip"
        // One byte in the middle of the parameters.
        let script = "printf X | dd of='\(path)' bs=1 seek=20000 conv=notrunc 2>/dev/null"
        #expect(try ChildProcess.run(program: "/bin/sh", ["-c", script]).status == 0)
        let configuration = folder.write(
            "rest_config.yaml",
            """
            service_title: Tampered
            models: [{class_path: IrisModel}, {class_path: InsuranceChargesModel}]
            model_packages: {store: \(store)}
            \(Repository.developmentKeys)
            """)
        let server = try RunningServer(configuration: configuration)
        let client = try server.connect()
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        #expect(try client.post("/api/models/iris_model/prediction", json: "{}").status == 503)
        #expect(try client.post("/api/models/insurance_charges_model/prediction", json: "{}").status == 400)
        let models = try JSON(parsing: client.request("GET", "/api/models").body)
        let reason = models["failed"]?.array?.first?["messages"]?.array?.first?.string ?? ""
        #expect(reason.hasPrefix(path + ": entry 'model.txt' is "), "\(reason)")
        #expect(!reason.contains("\n"))
        #expect(try server.stop().status == 0)
    }

    @Test("production refuses the development key and unsigned packages")
    func production() throws {
        let configuration = folder.write(
            "rest_config.yaml",
            """
            service_title: Production
            environment: production
            models: [{class_path: IrisModel}]
            \(Repository.developmentKeys)
            """)
        let outcome = try ChildProcess.run(["validate", "--config", configuration])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("key 'martlet-development' is Martlet's development key, which everybody has"))
        let unsigned = folder.write(
            "unsigned.yaml",
            """
            service_title: Production
            environment: production
            models: [{class_path: IrisModel}]
            model_packages: {store: models, unsigned: allow}
            """)
        let refused = try ChildProcess.run(["validate", "--config", unsigned])
        #expect(refused.status == 1)
        #expect(refused.errors.contains(":4:43: model_packages.unsigned: 'environment: production' takes signed"))
    }

    @Test("a folder is served where unsigned packages are allowed, and only there")
    func folders() throws {
        for (unsigned, status) in [("allow", 0), ("refuse", 1)] as [(String, Int32)] {
            let configuration = folder.write(
                "rest_config.yaml",
                """
                service_title: Folder
                models: [{class_path: IrisModel}]
                model_packages: {store: \(folder.path)/packages, unsigned: \(unsigned)}
                """)
            let script = "mkdir -p '\(folder.path)/packages' && cp -r models/iris_model '\(folder.path)/packages'"
            #expect(try ChildProcess.run(program: "/bin/sh", ["-c", script]).status == 0)
            let outcome = try ChildProcess.run(["validate", "--config", configuration])
            #expect(outcome.status == status)
            if status == 1 { #expect(outcome.errors.contains("/packages/iris_model: it is not signed; sign it")) }
        }
    }

    @Test("the example packages are what their folders make")
    func examples() throws {
        for model in ["iris_model", "insurance_charges_model"] {
            let package = try martlet("package", "--output", folder.path, "models/\(model)").split(separator: "\n")
                .joined()
            let outcome = try ChildProcess.run(
                ["sign", "--key", "models/development.key", "--key-id", "martlet-development", package],
                environment: ["SOURCE_DATE_EPOCH": "1795132800"])
            #expect(outcome.status == 0)
            let name = package.split(separator: "/").last.map(String.init) ?? ""
            #expect(
                try Repository.bytes(of: package) == Repository.bytes(of: "models/\(name)"),
                "models/\(name) is not what 'make packages' makes")
        }
    }
}
