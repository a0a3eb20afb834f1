import ModelService
import TestSupport
import Testing
import YAML

@Suite("Configurations are read")
struct ServiceConfigurationTests {
    @Test("nothing given is everything by default")
    func defaults() throws {
        let service = try configuration("models:\n  - class_path: a.IrisModel\n")
        #expect(service.serviceTitle == "RESTful Model Service")
        #expect(service.version == "0.1.0")
        #expect(service.description == "")
        #expect(service.modelPackages == PackagesConfiguration() && service.keys.isEmpty)
        #expect(service.inputValidation == .lax)
        #expect(service.environment == .development)
        #expect(service.logging.level == .info)
        #expect(!service.metrics.isEnabled)
        #expect(service.server == ServerConfiguration())
        #expect(service.warnings.isEmpty)
        let model = try #require(service.models.first)
        #expect(model.qualifiedName == "iris_model")
        #expect(model.createEndpoint)
        #expect(model.configuration == Node(.mapping([]), at: Position(line: 2, column: 5)))
        #expect(model.decorators.isEmpty)
        #expect(model.path == "models[0]")
    }

    @Test("everything given is read")
    func everything() throws {
        let service = try configuration(
            """
            service_title: Title
            description: Text
            version: "2"
            model_packages: /packages
            input_validation: strict
            environment: production
            models:
              - qualified_name: first
                class_path: a.First
                create_endpoint: false
                configuration: {a: 1}
                decorators:
                  - class_path: b.Inner
                    configuration: {b: [2]}
                  - class_path: b.Outer
            server:
              host: "::"
              port: ${PORT}
              loops: 2
              request_head_bytes: 8KiB
              field_count: 50
              body_bytes: 64Ki
              head_timeout: 250ms
              body_timeout: 5
              idle_timeout: 1m
              write_timeout: 1.5s
              drain_timeout: 10s
              drain_delay: 1s
              pending_bytes: 64KiB
              linger_bytes: 0
              linger_timeout: 2s
              retry_after: 3
              connections: 100
              requests_per_connection: 1000
            """, environment: ["PORT": "9000"])
        #expect(service.serviceTitle == "Title")
        #expect(service.description == "Text")
        #expect(service.version == "2")
        #expect(service.modelPackages.location == .folder("/packages"))
        #expect(service.inputValidation == .strict)
        #expect(service.environment == .production)
        let model = try #require(service.models.first)
        #expect(model.qualifiedName == "first")
        #expect(!model.createEndpoint)
        #expect(model.configuration["a"]?.scalar?.value == .int(1))
        #expect(model.decorators.map(\.classPath) == ["b.Inner", "b.Outer"])
        #expect(model.decorators.map(\.path) == ["models[0].decorators[0]", "models[0].decorators[1]"])
        #expect(model.decorators.first?.configuration["b"]?.position == Position(line: 14, column: 28))
        var server = ServerConfiguration()
        server.host = "::"
        server.port = 9_000
        server.loops = 2
        server.requestHeadBytes = 8_192
        server.fieldCount = 50
        server.bodyBytes = 65_536
        server.headTimeout = .milliseconds(250)
        server.bodyTimeout = .seconds(5)
        server.idleTimeout = .seconds(60)
        server.writeTimeout = .milliseconds(1_500)
        server.drainTimeout = .seconds(10)
        server.drainDelay = .seconds(1)
        server.pendingBytes = 65_536
        server.lingerBytes = 0
        server.lingerTimeout = .seconds(2)
        server.retryAfter = .seconds(3)
        server.connections = 100
        server.requestsPerConnection = 1_000
        #expect(service.server == server)
        #expect(try configuration("server: {drain_timeout: 10s}").server.drainDelay == .seconds(2))
        #expect(try configuration("server: {drain_timeout: 1m}").server.drainDelay == .seconds(5))
        #expect(
            mistakes(Array("server: {drain_timeout: 1s, drain_delay: 2s}".utf8))
                == ["f:1:42: server.drain_delay: longer than drain_timeout, 1.0 seconds, which it is a part of"])
        #expect(try configuration("server: {unix_socket: /run/m.sock}").server.unixSocket == "/run/m.sock")
        #expect(
            mistakes(Array("server: {unix_socket: /\(String(repeating: "x", count: 107))}".utf8))
                == ["f:1:23: server.unix_socket: longer than the 107 bytes of a socket path"])
    }

    @Test("a service without models is taken with a warning", arguments: ["{}", "models:\n", "models: []"])
    func noModels(text: String) throws {
        #expect(
            try configuration(text).warnings.map { $0.description(in: "f") } == [
                "f:1:1: models: a service without models is never ready"
            ])
    }

    @Test("decorators shared by an anchor belong to each model")
    func anchors() throws {
        let service = try configuration(
            """
            models:
              - class_path: a.First
                decorators: &shared
                  - class_path: b.C
              - class_path: a.Second
                decorators: *shared
            """)
        #expect(service.models.map { $0.decorators.map(\.classPath) } == [["b.C"], ["b.C"]])
        #expect(service.models.last?.decorators.first?.path == "models[1].decorators[0]")
    }

    @Test(
        "a good file gives its warnings and nothing else",
        arguments: ["insurance", "reference_logging"])
    func goodFiles(name: String) throws {
        let service = try ServiceConfiguration.load(
            path: "\(configurationFixtures)/good/\(name).yaml", environment: [:])
        let file = "\(configurationFixtures)/good/\(name).txt"
        #expect(try service.warnings.map(\.description) == (Repository.has(file) ? lines(file) : []))
        #expect(service.models.count == 1)
    }

    @Test("the reference's configuration of logging and metrics is used where it means something")
    func referenceSections() throws {
        let service = try ServiceConfiguration.load(
            path: configurationFixtures + "/good/reference_logging.yaml", environment: [:])
        #expect(service.logging.level == .warning)
        #expect(service.metrics.isEnabled)
        #expect(service.metrics.excludedHandlers.map(\.text) == ["/metrics", "/api/health/.*"])
        #expect(!service.metrics.groupsStatusCodes)
        #expect(service.metrics.inProgressName == nil)
        #expect(service.models.first?.createEndpoint == true)
    }

    @Test(
        "a bad file is refused with all of its mistakes, a line each",
        arguments: [
            "misspelt_keys.yaml", "wrong_kinds.yaml", "names.yaml", "server_ranges.yaml", "socket_and_port.yaml",
            "unset_variables.yaml", "duplicate_key.yaml", "list.yaml", "empty.yaml", "malformed.json", "log_level.yaml",
            "keys.yaml", "packages.yaml", "packages_folder.yaml", "packages_bucket.yaml",
        ])
    func badFiles(name: String) throws {
        let text = try Repository.bytes(of: "\(configurationFixtures)/bad/\(name)")
        let stem = name.prefix { $0 != "." }
        let lines = try lines("\(configurationFixtures)/bad/\(stem).txt").map { "f:\($0)" }
        #expect(mistakes(text) == lines)
        #expect(!lines.contains { $0.contains("hunter2") })
    }

    @Test("no message shows what the environment gave")
    func secrets() {
        let text = "server: {port: '${SECRET}', host: '${SECRET}'}\nenvironment: ${SECRET}\nmodels: ${SECRET}\n"
        let lines = mistakes(Array(text.utf8), environment: ["SECRET": "hunter2"])
        #expect(lines.count == 3)
        #expect(!lines.contains { $0.contains("hunter2") })
    }

    private func lines(_ file: String) throws -> [String] {
        try Repository.text(of: file).split(separator: "\n").map(String.init)
    }
}
