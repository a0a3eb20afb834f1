import Glibc
import Modeling
import TestSupport
import Testing

/// The log of a running service, as a collector reads it.
@Suite("The log of a running service")
struct LogTests {
    private static let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
    private static let insurance =
        #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#
    private static let irisPath = "/api/models/iris_model/prediction"
    private static let insurancePath = "/api/models/insurance_charges_model/prediction"

    /// Two models with ids for their predictions, one of them behind a policy that nobody decides; a section of a
    /// Python service, one of whose loggers means nothing here.
    private static func configuration(_ logging: String) -> String {
        """
        service_title: Logged
        \(Repository.developmentKeys)
        model_packages: \(Repository.root)/models
        models:
          - class_path: iris_model.IrisModel
            decorators: [{class_path: PredictionIDDecorator}]
          - class_path: insurance_charges_model.InsuranceChargesModel
            decorators:
              - class_path: OPAPolicyDecorator
                configuration: {host: localhost, port: \(closedPort), policy_package: p}
              - class_path: PredictionIDDecorator
        metrics: {enabled: true}
        logging: {\(logging), loggers: {botocore: {level: WARN}}}
        server: {loops: 1}
        """
    }

    private static func start(_ logging: String) throws -> RunningServer {
        let file = TemporaryFile(configuration(logging), name: "rest_config.yaml")
        return try RunningServer(configuration: file.path)
    }

    /// Every line, each of which has to be an object with what all have.
    private static func records(_ outcome: ChildProcess.Outcome) throws -> [JSON] {
        try outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            let record = try JSON(parsing: String(line))
            #expect(record.object?.prefix(4).map(\.key) == ["time", "level", "logger", "message"], "\(line)")
            let keys = record.object?.map(\.key) ?? []
            #expect(Set(keys).count == keys.count, "\(line)")
            let time = try #require(record["time"]?.string)
            #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
            return record
        }
    }

    /// A request and what its record has to say.
    private struct Case {
        let method: String
        let target: String
        var body: String?
        let status: Int
        /// As the record has it; nothing for a request without a record.
        let route: String?
        var model: String?
    }

    private static let cases = [
        Case(method: "POST", target: irisPath, body: iris, status: 200, route: irisPath, model: "iris_model"),
        Case(method: "POST", target: irisPath + "?a=b", body: "{", status: 400, route: irisPath, model: "iris_model"),
        Case(
            method: "POST", target: insurancePath, body: insurance, status: 503, route: insurancePath,
            model: "insurance_charges_model"),
        Case(
            method: "POST", target: insurancePath, body: "{\"age\":1}", status: 400, route: insurancePath,
            model: "insurance_charges_model"),
        Case(method: "GET", target: "/api/models", status: 200, route: "/api/models"),
        Case(method: "HEAD", target: "/api/models", status: 200, route: "/api/models"),
        Case(method: "GET", target: "/nowhere?secret=1", status: 404, route: ""),
        Case(method: "DELETE", target: "/api/models", status: 405, route: "/api/models"),
        Case(method: "BREW", target: "/", status: 501, route: "/"),
        Case(method: "GET", target: "/", status: 307, route: "/"),
        Case(method: "GET", target: "/api/health/ready", status: 200, route: nil),
        Case(method: "GET", target: "/metrics", status: 200, route: nil),
    ]

    @Test("is JSON line by line, with a record for each answer that says what was asked and answered")
    func access() throws {
        let server = try Self.start("format: json, access: {enabled: true}")
        let client = try server.connect()
        var expected: [(Case, HTTPClient.Response, id: String)] = []
        for (index, asked) in Self.cases.enumerated() {
            for id in [nil, "r-\(index)"] {
                var fields = id.map { [("X-Request-ID", $0)] } ?? []
                if asked.body != nil { fields.append(("content-type", "application/json")) }
                let response = try client.request(
                    asked.method, asked.target, fields: fields, body: asked.body.map { Array($0.utf8) })
                #expect(response.status == asked.status, "\(asked)")
                let told = try #require(response.fields["x-request-id"])
                #expect(id == nil ? told.utf8.count == 36 : told == id)
                if asked.route != nil { expected.append((asked, response, told)) }
            }
        }
        let outcome = try server.stop()
        #expect(outcome.status == 0 && outcome.errors == "")
        let records = try Self.records(outcome)
        let access = records.filter { $0["logger"] == "access" }
        #expect(access.count == expected.count)
        for (record, (asked, response, id)) in zip(access, expected) {
            #expect(record["method"]?.string == asked.method)
            #expect(record["path"]?.string == String(asked.target.prefix { $0 != "?" }))
            #expect(record["status"] == .integer(asked.status))
            #expect(record["level"]?.string == (asked.status >= 500 ? "warning" : "info"))
            #expect((record["route"]?.string ?? "") == asked.route)
            #expect(record["model"]?.string == asked.model)
            #expect(record["request_id"]?.string == id)
            #expect(record["request_bytes"] == .integer(asked.body?.utf8.count ?? 0))
            #expect(record["response_bytes"] == .integer(response.body.utf8.count))
            #expect(record["client"] == "127.0.0.1")
            #expect(record["duration_ms"] != nil)
            if asked.status == 200, asked.model != nil {
                let predicted = try JSON(parsing: response.body)["prediction_id"]
                #expect(predicted != nil && record["prediction_id"] == predicted)
            }
        }
        #expect(!outcome.output.contains("secret"))

        // What else there is: a warning of the configuration, the summary, and the policy's complaint with its ids.
        #expect(records[0]["message"]?.string?.contains("logging.loggers.botocore") == true)
        let summary = try #require(records.first { $0["listening"] != nil })
        #expect(summary["ready"] == true && summary["models"]?.array?.count == 2)
        let complaint = try #require(records.first { $0["decorator"] == "OPAPolicyDecorator" })
        let refused = try #require(expected.first { $0.0.status == 503 })
        #expect(complaint["logger"] == "decorators" && complaint["level"] == "warning")
        #expect(complaint["request_id"]?.string == refused.id)
        #expect(complaint["model"] == "insurance_charges_model")
        let answer = try #require(access.first { $0["request_id"]?.string == refused.id })
        #expect(complaint["prediction_id"] != nil && complaint["prediction_id"] == answer["prediction_id"])

        try Self.compare(documented: "docs/operations.md", with: records)
    }

    /// Every record that a document shows has the facts, in order, of one that was written.
    private static func compare(documented path: String, with records: [JSON]) throws {
        let lines = try Repository.text(of: path).split(separator: "\n").filter { $0.hasPrefix(#"{"time":"#) }
        #expect(lines.count >= 2)
        let shapes = Set(records.map { $0.object?.map(\.key) ?? [] })
        for line in lines {
            let keys = try JSON(parsing: String(line)).object?.map(\.key) ?? []
            #expect(shapes.contains(keys), "\(line)")
        }
    }

    @Test("has a record for each of several requests that come at once")
    func pipelined() throws {
        let server = try Self.start("format: json, access: {enabled: true}")
        let client = try server.connect()
        var wire = ""
        for index in 0..<20 {
            let (path, body) = index % 2 == 0 ? (Self.irisPath, Self.iris) : (Self.insurancePath, Self.insurance)
            wire += "POST \(path) HTTP/1.1\r\nHost: x\r\nX-Request-ID: r-\(index)\r\nContent-Type: application/json\r\n"
            wire += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        client.send(wire)
        for index in 0..<20 {
            let response = try client.response()
            #expect(response.status == (index % 2 == 0 ? 200 : 503))
            #expect(response.fields["x-request-id"] == "r-\(index)")
        }
        let records = try Self.records(try server.stop()).filter { $0["logger"] == "access" }
        #expect(records.map { $0["request_id"]?.string } == (0..<20).map { "r-\($0)" })
        #expect(records.map { $0["status"] } == (0..<20).map { .integer($0 % 2 == 0 ? 200 : 503) })
    }

    @Test("and its answers have nothing of a request id that is none")
    func hostileIDs() throws {
        let server = try Self.start("format: json, access: {enabled: true}")
        let long = String(repeating: "7", count: 129)
        let hostile = [
            "X-Request-ID: \(long)", "X-Request-ID: evil-1\r\nX-Request-ID: evil-2", "X-Request-ID: evil 3",
            "X-Request-ID: evil\u{1}4", "X-Request-ID: evil\u{1B}[31m5", "X-Request-ID: evil\u{85}6",
            "X-Request-ID: evil-7\n{\"time\":\"evil\"}", "X-Request-ID:\r\nX-Request-ID: evil-8",
        ]
        for fields in hostile {
            let client = try server.connect()
            client.send("GET /api/models HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 200 || response.status == 400)
            let id = response.fields["x-request-id"]
            #expect((id != nil) == (response.status == 200))
            #expect(id?.contains("evil") != true && id != long)
        }
        let outcome = try server.stop()
        let access = try Self.records(outcome).filter { $0["logger"] == "access" }
        #expect(access.count == hostile.count)
        #expect(!outcome.output.contains("evil") && !outcome.output.contains(long))
    }

    @Test("is text by default, without a record for each answer, and an answer has no id that nobody gave")
    func text() throws {
        let server = try Self.start("level: info")
        let client = try server.connect()
        let predicted = try client.post(Self.irisPath, json: Self.iris)
        #expect(predicted.status == 200 && predicted.fields["x-request-id"] == nil)
        let named = try client.request("GET", "/api/health", fields: [("X-Request-ID", "r")])
        #expect(named.fields["x-request-id"] == "r")
        #expect(try client.post(Self.insurancePath, json: Self.insurance).status == 503)
        let outcome = try server.stop()
        #expect(outcome.errors.contains("logging.loggers.botocore"))
        #expect(!outcome.output.contains(" access: "))
        let line = try #require(outcome.output.split(separator: "\n").first { $0.contains(" decorators: ") })
        #expect(line.contains(" WARNING decorators: policy p: unavailable: "))
        #expect(line.contains(" model=insurance_charges_model decorator=OPAPolicyDecorator"))
        #expect(line.contains(" prediction_id="))
    }

    @Test("is as quiet as --log-level says, but for components with a level of their own")
    func commandLine() throws {
        let file = TemporaryFile(
            Self.configuration(
                "level: debug, format: json, levels: {access: info}, access: {enabled: true}"))
        let port = freePort()
        let process = try ChildProcess([
            "serve", "--config", file.path, "--host", "127.0.0.1", "--port", "\(port)", "--log-level", "critical",
        ])
        // Nothing says when it listens.
        var client: HTTPClient?
        for _ in 0..<ChildProcess.patience * 100 where client == nil {
            client = try? HTTPClient(port: port)
            usleep(10_000)
        }
        #expect(try #require(client).request("GET", "/api/models").status == 200)
        process.send(SIGINT)
        let records = try Self.records(try process.wait())
        #expect(records.map { $0["logger"] } == ["access"])
    }
}
