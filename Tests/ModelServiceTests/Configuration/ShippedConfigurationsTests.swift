import ModelService
import TestSupport
import Testing
import YAML

@Suite("The configurations of this repository and of the Python ecosystem")
struct ShippedConfigurationsTests {
    static let folder = Repository.root + "/configuration"

    @Test("the JSON twin says the same as the YAML")
    func twins() throws {
        for environment in [[:], ["PORT": "9000"]] {
            let yaml = try ServiceConfiguration.load(path: Self.folder + "/rest_config.yaml", environment: environment)
            let json = try ServiceConfiguration.load(path: Self.folder + "/rest_config.json", environment: environment)
            #expect(yaml.outline == json.outline)
            #expect(yaml.warnings.isEmpty && json.warnings.isEmpty)
            #expect(yaml.models.map(\.qualifiedName) == ["iris_model", "insurance_charges_model"])
            #expect(yaml.server.port == (environment["PORT"] == nil ? 8_000 : 9_000))
        }
    }

    @Test("what its comments call the defaults are the defaults")
    func commentedDefaults() throws {
        let text = try Repository.text(of: Self.folder + "/rest_config.yaml")
        let section = text.split(separator: "\n").drop { $0 != "server:" }
        let comments = section.compactMap { line -> String? in
            guard line.hasPrefix("  # "), case let words = line.split(separator: " "), words.count > 3,
                words[1].hasSuffix(":"), words[1] != "unix_socket:", words[1] != "loops:"
            else { return nil }
            return "  \(words[1]) \(words[2])\n"
        }
        #expect(comments.count == 15)
        #expect(try configuration("server:\n" + comments.joined()).server == ServerConfiguration())
    }

    @Test("every prefix of a file is read or refused", arguments: ["rest_config.yaml", "rest_config.json"])
    func prefixes(name: String) throws {
        let text = try Repository.bytes(of: "\(Self.folder)/\(name)")
        for end in text.indices {
            let lines = mistakes(Array(text[..<end]))
            #expect(lines.allSatisfy { $0.hasPrefix("f:") })
        }
        #expect(mistakes(text).isEmpty)
    }

    @Test(
        "configurations of the Python ecosystem start unchanged",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func pythonEcosystem() throws {
        let text = try Repository.text(of: Repository.shared + "/reference/README.md")
        let fences = text.split(separator: "```").filter { $0.hasPrefix("yaml\n") }.map { String($0.dropFirst(5)) }
        #expect(fences.count == 3)
        let environment = ["MINIO_ACCESS_KEY": "0123", "MINIO_SECRET_KEY": "s", "PARAMETERS_SIGNING_KEY": "k"]

        let insurance = try configuration(fences[0], environment: environment)
        #expect(insurance.models.map(\.qualifiedName) == ["insurance_charges_model"])
        #expect(
            insurance.models[0].decorators.map(\.classPath) == ["policy_decorator.policy_decorator.OPAPolicyDecorator"])
        #expect(insurance.models[0].decorators[0].configuration["port"]?.scalar?.value == .int(8_181))

        let diabetes = try configuration(fences[1], environment: environment)
        #expect(diabetes.models.map(\.qualifiedName) == ["diabetes_risk_model"])
        let keys = try Expected.mapping { reader in
            let version = reader.required("model_parameters_version", .string)
            let access = reader.required("minio_access_key", .string)
            for key in ["model_files_bucket", "minio_url", "minio_secret_key", "parameters_signing_key"] {
                _ = reader.required(key, .string)
            }
            return [version, access]
        }.read(diabetes.models[0].configuration)
        #expect(keys == ["2023_03_17", "0123"])

        let decorators = try configuration(
            "models:\n  - class_path: a.Model\n    decorators:\n" + fences[2], environment: environment
        ).models[0].decorators
        #expect(
            decorators.map(\.classPath) == [
                "ml_model_caching.prediction_id.PredictionIDDecorator", "ml_model_caching.redis.RedisCachingDecorator",
            ])
        #expect(decorators[1].configuration["hashing_fields"]?.sequence?.count == 6)
        #expect((insurance.warnings + diabetes.warnings).isEmpty)
    }
}
