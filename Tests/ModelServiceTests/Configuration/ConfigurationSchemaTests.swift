import Artifacts
import Decorators
import FoundationEssentials
import Modeling
import TestSupport
import Testing
import YAML

@testable import ModelService

@Suite("The schema of the configuration")
struct ConfigurationSchemaTests {
    private static let schema = ServiceConfiguration.schema(Catalog())

    /// Every section of a configuration, with those of the built-in decorators and of a package.
    private static let sections = Expected.service(file: "f").shape.sections(
        samples: [
            "class_path": "a.InsuranceChargesModel", "id": "k", "algorithm": "itsdangerous", "secret": "s",
            "store": "s3://bucket", "model_files_bucket": "bucket", "policy_package": "p",
        ],
        choices: Dictionary(
            uniqueKeysWithValues: BuiltInDecorators.all.keys.map { (Catalog.pattern(of: [$0]), $0) }))

    /// What each reader says of a whole configuration, the packages' and the decorators' too.
    private static func refusal(_ text: String) -> String? {
        do {
            let service = try configuration(text)
            for model in service.models {
                _ = try Expected<PackageWish>.wish.read(model.configuration)
                for entry in model.decorators {
                    guard let decorator = BuiltInDecorators.decorator(classPath: entry.classPath) else { continue }
                    _ = try decorator.make(
                        InsuranceChargesModel(), ComponentConfiguration(entry.configuration, of: entry.path),
                        DecoratorEnvironment(parametersDigest: nil, minimumLevel: .error))
                }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func document(_ text: String) throws -> JSON { try JSON(Node(parsing: Array(text.utf8).span)) }

    private static func complaints(_ texts: [String], schema: JSON = schema) throws -> [String?] {
        try SchemaValidator.complaints(about: texts.map(document), schema: schema)
    }

    // MARK: No drift

    @Test("has the keys that the reader knows, whatever one of them holds", arguments: sections)
    func keys(section: ShapeSection) throws {
        guard !section.mapping.takesUnknownKeys else { return }
        let names = section.mapping.properties.map(\.name)
        for name in [""] + names {
            for value in ["null", "x", "{}", "true"] {
                let entries = name.isEmpty ? "zzzzzzzz: 1" : "\(name): \(value), zzzzzzzz: 1"
                let refusal = try #require(Self.refusal(section.document(entries, instead: name)), "\(entries)")
                let range = try #require(refusal.firstRange(of: "known here: "), "\(entries): \(refusal)")
                let known = refusal[range.upperBound...].prefix { $0 != "\n" && $0 != ";" }.split(separator: ",")
                #expect(Set(known.map { $0.drop { $0 == " " } }) == Set(names.map { $0[...] }), "\(entries)")
            }
        }
    }

    /// Values of every kind; some are right for some keys, none is for all.
    private static let values = [
        "null", "''", "x", "'x y'", "a.b", "s3://b", "-1", "0", "1", "2", "20", "1.5", "70000", "99999999999", "true",
        "'yes'", "Off", "250ms", "1m30s", "'30'", "1h30", "64KiB", "'10 MB'", "10MiX", "INFO", "[]", "[x]", "{}",
        "{x: y}",
    ]

    /// Keys whose values the reader also compares with the model's fields, or with what lies on the disk.
    private static let compared = ["hashing_fields", "ca_file"]

    @Test(
        "takes of every key what the reader takes, and nothing else",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func everyValue() throws {
        var texts: [String] = []
        for section in Self.sections {
            for property in section.mapping.properties where !Self.compared.contains(property.name) {
                let words: [String] = if case .words(let words) = property.shape { words } else { [] }
                for value in Self.values + words {
                    let key = property.name.isEmpty ? "''" : property.name
                    texts.append(section.document("\(key): \(value)", instead: property.name))
                }
            }
        }
        #expect(texts.count > 3_000)
        for (text, complaint) in zip(texts, try Self.complaints(texts)) {
            let refusal = Self.refusal(text)
            // The bounds of a time or a size that has a unit, and of a secret's bytes, are in the description.
            let reasons = [
                "250ms": "must be 1s to ", "10 MB": "must be 1KiB to 1MiB", "hmac-sha256": "must have at least 32",
                "1m30s": "longer than drain_timeout",
            ]
            let isBeyond = reasons.contains { text.contains($0.key) && refusal?.contains($0.value) == true }
            #expect(
                (refusal == nil || isBeyond) == (complaint == nil),
                "\(text)\nreader: \(refusal ?? "-")\nschema: \(complaint ?? "-")")
        }
    }

    // MARK: Whole files

    @Test(
        "takes every configuration of the repository, of its documentation and of the Python ecosystem",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func files() throws {
        var texts: [(name: String, text: String)] = []
        let good = "Tests/ModelServiceTests/Configuration/Fixtures/good"
        for folder in ["configuration", "Examples/BodyMassIndex", good] {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/\(folder)").sorted()
            where name.hasSuffix(".yaml") || name.hasSuffix(".json") {
                texts.append((name, try Repository.text(of: "\(folder)/\(name)")))
            }
        }
        #expect(texts.count >= 8)
        let pages = try FileManager.default.contentsOfDirectory(atPath: Repository.root + "/docs").map { "docs/" + $0 }
        let reference = Repository.hasShared ? [Repository.shared + "/reference/README.md"] : []
        for page in ["README.md"] + pages.sorted() + reference where page.hasSuffix(".md") {
            for fence in try Repository.text(of: page).split(separator: "```") where fence.hasPrefix("yaml\n") {
                // A list is a part of a configuration.
                guard fence.contains("\nmodels:") else { continue }
                texts.append((page, String(fence.dropFirst(5))))
            }
        }
        if Repository.hasShared { #expect(texts.count { $0.name.hasSuffix("reference/README.md") } == 2) }
        for (text, complaint) in zip(texts, try Self.complaints(texts.map(\.text))) {
            #expect(complaint == nil, "\(text.name): \(complaint ?? "")")
        }
    }

    /// Files whose mistakes are in the text as YAML, or only the reader can see.
    private static let beyond = ["duplicate_key", "empty", "malformed", "unset_variables"]

    @Test(
        "refuses every file that the reader refuses for a value or a key",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func badFiles() throws {
        let folder = "Tests/ModelServiceTests/Configuration/Fixtures/bad"
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/\(folder)").filter { name in
            !name.hasSuffix(".txt") && !Self.beyond.contains { name.hasPrefix($0 + ".") }
        }
        #expect(names.count >= 9)
        let texts = try names.map { try Repository.text(of: "\(folder)/\($0)") }
        for (name, complaint) in zip(names, try Self.complaints(texts)) { #expect(complaint != nil, "\(name)") }
    }

    /// What is right with the reader and the schema.
    private static let right = [
        "{}", "models: []", "models:", "server:", "$schema: martlet-config.json",
        "{server: {port: '${PORT:-8000}', body_bytes: '${BODY:-1MiB}', loops: '${LOOPS:-2}'}}",
        "{environment: '${KIND:-production}', input_validation: '${MODE:-strict}'}",
        "{models: [{class_path: '${MODEL:-a.IrisModel}', create_endpoint: '${ENDPOINT:-no}'}]}",
        "{models: [{class_path: a.B, configuration: {version: 1.0.0, model_parameters_version: '2023_03_17'}}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: RedisCachingDecorator}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: my.Own, configuration: {any: [thing]}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: my.NotCachingDecorator, configuration: {x: 1}}]}]}",
        "{model_packages: packages}", "{model_packages: {store: 's3://b/p', access_key: a, secret_key: b}}",
        "{model_packages: {store: '${STORE:-s3://b}', region: eu}}",
        "{model_packages: {store: here, region: null}}", "{server: {unix_socket: /s, host: null}}",
        "{keys: [{id: a, algorithm: ed25519, file: k.pem, secret: null}]}",
        "{logging: {version: 1, handlers: {a: {}}, root: {level: DEBUG}, whatever: 1}}",
        "{metrics: {enabled: yes, excluded_handlers: [/a]}}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator, "
            + "configuration: {policy_package: p, url: 'https://h', tls: {}}}]}]}",
    ]

    /// What is wrong with both, where more than one key decides or a key is not known.
    private static let wrong = [
        "[]", "text", "{modles: []}", "{server: {prot: 1}}", "{models: {class_path: a.B}}", "{models: [a.B]}",
        "{server: {unix_socket: /s, port: 1}}", "{keys: [{id: a, algorithm: ed25519}]}",
        "{keys: [{id: a, algorithm: ed25519, secret: s}]}", "{keys: [{id: a, algorithm: itsdangerous, public_key: s}]}",
        "{keys: [{id: a, algorithm: itsdangerous, secret: s, file: f}]}",
        "{model_packages: {store: here, region: eu}}", "{model_packages: {bucket: b}}",
        "{model_packages: {store: 's3://b', access_key: a}}", "{model_packages: {store: 's3://b', secret_key: a}}",
        "{models: [{class_path: a.B, configuration: {minio_url: h}}]}",
        "{models: [{class_path: a.B, configuration: {model_files_bucket: h, minio_access_key: a}}]}",
        "{models: [{class_path: a.B, configuration: {vresion: '1'}}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: x.CachingDecorator, configuration: {tll: 1}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: CachingDecorator, configuration: {reduced_precision: on}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator, configuration: null}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator, "
            + "configuration: {policy_package: p, url: 'http://h', port: 1}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator, "
            + "configuration: {policy_package: p, url: 'http://h', tls: {}}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: OPAPolicyDecorator, "
            + "configuration: {policy_package: p, unix_socket: /s, tls: {}}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: RedisCachingDecorator, configuration: {username: u}}]}]}",
        "{models: [{class_path: a.B, decorators: [{class_path: RedisCachingDecorator, "
            + "configuration: {unix_socket: /s, host: h}}]}]}",
    ]

    @Test(
        "agrees with the reader on keys that decide about each other",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func tables() throws {
        for (text, complaint) in zip(Self.right, try Self.complaints(Self.right)) {
            #expect(Self.refusal(text) == nil, "\(text)")
            #expect(complaint == nil, "\(text): \(complaint ?? "")")
        }
        for (text, complaint) in zip(Self.wrong, try Self.complaints(Self.wrong)) {
            #expect(Self.refusal(text) != nil, "\(text)")
            #expect(complaint != nil, "\(text)")
        }
    }

    @Test(
        "leaves alone what the executable's own models and decorators are given",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func catalog() throws {
        var catalog = Catalog()
        catalog.add(model: "InsuranceChargesModel") { _ in InsuranceChargesModel() }
        catalog.add(model: "whole.path.IrisModel") { _ in IrisModel() }
        catalog.add(decorator: "CachingDecorator") { model, _ in throw SchemaValidationError(model.qualifiedName) }
        let texts = [
            "{models: [{class_path: a.InsuranceChargesModel, configuration: {x: 1}}]}",
            "{models: [{class_path: whole.path.IrisModel, configuration: {x: 1}}]}",
            "{models: [{class_path: a.B, decorators: [{class_path: a.CachingDecorator, configuration: {x: 1}}]}]}",
            "{models: [{class_path: a.B, configuration: {x: 1}}]}",
            "{models: [{class_path: a.B, decorators: [{class_path: a.RedisCachingDecorator, configuration: {x: 1}}]}]}",
        ]
        let complaints = try Self.complaints(texts, schema: ServiceConfiguration.schema(catalog))
        #expect(complaints.map { $0 == nil } == [true, true, true, false, false])
    }

    // MARK: For people

    @Test("describes every key, and says which have no effect", arguments: sections)
    func descriptions(section: ShapeSection) {
        for property in section.mapping.properties {
            #expect(!property.about.isEmpty || property.deprecation != nil, "\(section.path): \(property.name)")
        }
    }

    @Test("has the defaults, and the unit and bounds of times and sizes")
    func defaults() throws {
        let server = try #require(Self.schema["properties"]?["server"]?["properties"])
        #expect(server["port"]?["default"] == 8_000)
        #expect(server["host"]?["default"] == "0.0.0.0")
        #expect(server["body_bytes"]?["default"] == "1MiB")
        #expect(server["drain_timeout"]?["default"] == "25s")
        #expect(server["drain_timeout"]?["description"]?.string?.hasSuffix("1m30s; 10ms to 1h.") == true)
        #expect(server["loops"]?["default"] == nil)
        #expect(Self.schema["properties"]?["environment"]?["default"] == "development")
        let metrics = try #require(Self.schema["properties"]?["metrics"]?["properties"])
        #expect(metrics["body_handlers"]?["deprecated"] == true && metrics["enabled"]?["deprecated"] == nil)
    }
}
