import Decorators
import EventLoop
import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("A service with predictions in Redis")
struct RedisServiceTests {
    private static let body =
        #"{"age": 40, "bmi": 25.5, "smoker": true, "sex": "male", "children": 1, "region": "southwest"}"#
    private static let path = "/api/models/insurance_charges_model/prediction"
    private static let prediction = #"{"charges":25275.0}"#

    private func setup(_ decorators: String) -> TestService.Setup {
        var catalog = Catalog()
        catalog.add(model: "InsuranceChargesModel") { _ in InsuranceChargesModel() }
        catalog.add(model: "IrisModel") { _ in IrisModel() }
        return TestService.Setup(
            configuration: """
                models:
                  - class_path: reference.InsuranceChargesModel
                    decorators:
                \(decorators.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n"))
                  - class_path: reference.IrisModel
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """,
            catalog: catalog)
    }

    private func setup(redis: String) -> TestService.Setup {
        setup("- class_path: ml_model_caching.redis.RedisCachingDecorator\n  configuration: {\(redis)}")
    }

    private func mistake(_ redis: String) async -> String? {
        do {
            let setup = setup(redis: redis)
            let service = try configuration(setup.configuration)
            _ = try await ModelLoader(catalog: setup.catalog, configuration: service).load(service.models[0])
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("starts with the published configuration unchanged, and serves without Redis")
    func published() async throws {
        // Nobody listens on 6380 where these tests run; and if somebody does, the answers are the same.
        let service = try await TestService(
            setup(
                """
                - class_path: ml_model_caching.prediction_id.PredictionIDDecorator
                - class_path: ml_model_caching.redis.RedisCachingDecorator
                  configuration: {host: "localhost", port: 6380, database: 0, hashing_fields: [age, sex, bmi, children, smoker, region]}
                """))
        #expect(try service.client.request("GET", "/api/health/ready").status == 200)
        for _ in 0..<5 {
            let response = try service.client.post(Self.path, json: Self.body)
            #expect(response.status == 200)
            #expect(response.body.contains(#""charges":25275.0"#) && response.body.contains(#""prediction_id":""#))
        }
    }

    @Test(
        "takes every key",
        arguments: [
            "host: h, port: 1, database: 2, username: u, password: p, timeout: 50ms, ttl: 10h, prefix: 'p:'",
            "unix_socket: /run/redis.sock, tls: false, serder: MessagePack, use_compression: true",
            "reduced_precision: true, number_of_places: 2, hashing_fields: [bmi, age], serder: JSON",
            "reduced_precision: false, ttl: 8760h",
        ])
    func keys(redis: String) async {
        #expect(await mistake(redis) == nil)
    }

    @Test(
        "refuses what makes no sense, by key",
        arguments: [
            ("port: 0", "port: must be 1 to 65535"), ("port: 65536", "port: must be 1 to 65535"),
            ("host: ''", "host: it is empty"), ("database: -1", "database: must be 0 or more"),
            ("unix_socket: /a, port: 1", "unix_socket: it takes the place of host and port"),
            ("unix_socket: ''", "unix_socket: must be a path of 1 to 107 bytes"),
            ("username: a", "username: it has no password"), ("tls: true", "tls: Debian's hiredis 0.14 has no TLS"),
            ("serder: pickle", "serder: "), ("reduced_precision: true", "reduced_precision: needs number_of_places"),
            ("reduced_precision: true, number_of_places: 99", "number_of_places: must be 0 to 17"),
            ("hashing_fields: [aeg]", "hashing_fields: 'aeg' is not a field of InsuranceChargesModelInput"),
            ("timeout: 2h", "timeout: must be 1ms to 1h"), ("prot: 1", "prot: unknown key; did you mean 'port'?"),
        ])
    func mistakes(redis: String, message: String) async {
        let error = await mistake(redis)
        #expect(error?.contains(message) == true, "\(error ?? "taken")")
        #expect(error?.contains("\n") == false)
    }

    @Test(
        "answers from what another replica has kept, with the same bytes",
        .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"), arguments: ["JSON", "MessagePack"])
    func replicas(form: String) async throws {
        let server = try RedisServer()
        let redis = "host: 127.0.0.1, port: \(server.port), timeout: 30, serder: \(form)"
        let (first, second) = (try await TestService(setup(redis: redis)), try await TestService(setup(redis: redis)))
        #expect(try first.client.post(Self.path, json: Self.body).body == Self.prediction)
        while try server.command("DBSIZE") != "1" {}
        #expect(try second.client.post(Self.path, json: Self.body).body == Self.prediction)
        #expect(try server.statistic("keyspace_hits") == 1)
        #expect(try server.statistic("keyspace_misses") == 1)
        #expect(try server.command("DBSIZE") == "1")
        // Refusals are not kept.
        for _ in 0..<2 { #expect(try first.client.post(Self.path, json: #"{"age": 40}"#).status == 400) }
        #expect(try server.command("DBSIZE") == "1")
    }

    @Test(
        "goes on answering others while Redis is held",
        .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"))
    func held() async throws {
        let server = try RedisServer()
        // As long as a test may take: who waits for Redis waits to the end.
        let redis = "host: 127.0.0.1, port: \(server.port), timeout: 30"
        let service = try await TestService(setup(redis: redis))
        #expect(try service.client.post(Self.path, json: Self.body).body == Self.prediction)
        while try server.command("DBSIZE") != "1" {}
        server.send(SIGSTOP)
        guard case .internet(_, let port)? = service.service.addresses.first else { return }
        let waiting = try HTTPClient(port: port)
        waiting.send(
            "POST \(Self.path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n"
                + Self.body)
        // One loop serves all of them.
        for _ in 0..<20 {
            #expect(try service.client.request("GET", "/api/health").status == 200)
            let iris = #"{"sepal_length": 6, "sepal_width": 3, "petal_length": 5, "petal_width": 2}"#
            #expect(
                try service.client.post("/api/models/iris_model/prediction", json: iris).body
                    == #"{"species":"Iris virginica"}"#)
        }
        server.send(SIGCONT)
        #expect(try waiting.response(to: "POST").body == Self.prediction)
    }

    @Test(
        "carries the requests of many clients over one connection",
        .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"))
    func pipelining() async throws {
        let server = try RedisServer()
        let service = try await TestService(setup(redis: "host: 127.0.0.1, port: \(server.port), timeout: 30"))
        guard case .internet(_, let port)? = service.service.addresses.first else { return }
        let clients = try (0..<50).map { _ in try HTTPClient(port: port) }
        for round in 0..<4 {
            for (index, client) in clients.enumerated() {
                let body = #"{"age": \#(18 + index % 40), "bmi": \#(20 + round % 2)}"#
                client.send(
                    "POST \(Self.path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                        + body)
            }
            for (index, client) in clients.enumerated() {
                let charges = Double(18 + index % 40) * 100 + Double(20 + round % 2) * 50
                #expect(try client.response(to: "POST").body == "{\"charges\":\(charges)}")
            }
        }
        // Ours, and the one that asks.
        #expect(try server.statistic("connected_clients") == 2)
    }
}
