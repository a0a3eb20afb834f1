import Glibc
import Modeling
import TestSupport
import Testing

@Suite("martlet serve")
struct ServeTests {
    @Test("answers what the README's commands ask")
    func readme() throws {
        let server = try RunningServer()
        let client = try server.connect()
        let iris = try client.post(
            "/api/models/iris_model/prediction",
            json: #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#)
        #expect(iris.status == 200)
        #expect(iris.body == #"{"species":"Iris versicolor"}"#)
        #expect(iris.fields["content-type"] == "application/json")
        let ready = try client.request("GET", "/api/health/ready")
        #expect(ready.status == 200)
        #expect(ready.body == #"{"readiness_status":"ACCEPTING_TRAFFIC"}"#)
        let insurance = try client.post(
            "/api/models/insurance_charges_model/prediction",
            json: #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#)
        #expect(insurance.status == 200)
        #expect(try JSON(parsing: insurance.body)["charges"] != nil)
        #expect(try server.stop().status == 0)
    }

    @Test("answers every sample of its packages, written byte by byte")
    func samples() throws {
        let server = try RunningServer()
        for model in ["iris_model", "insurance_charges_model"] {
            let client = try server.connect()
            for sample in try Repository.jsonLines(of: "models/\(model)/samples.jsonl") {
                let input = try #require(sample["input"]).description
                let head = """
                    POST /api/models/\(model)/prediction HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                    Content-Length: \(input.utf8.count)\r\n\r\n
                    """
                for byte in (head + input).utf8 { client.send([byte]) }
                let response = try client.response()
                #expect(response.status == 200)
                #expect(try JSON(parsing: response.body) == #require(sample["output"]))
            }
        }
    }

    @Test("answers pipelined requests in order, and good ones after bad ones")
    func pipelined() throws {
        let server = try RunningServer()
        let client = try server.connect()
        let bodies = [
            #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#,
            #"{"age":17,"sex":"other","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#,
            #"{"age":42,"#,
            #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#,
        ]
        var wire = ""
        for body in bodies {
            wire += "POST /api/models/insurance_charges_model/prediction HTTP/1.1\r\nHost: x\r\n"
            wire += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        wire += "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
        client.send(wire)
        let responses = try (0...bodies.count).map { _ in try client.response() }
        #expect(responses.map(\.status) == [200, 400, 400, 200, 200])
        #expect(
            try JSON(parsing: responses[1].body) == [
                "type": "ValidationError",
                "messages": [
                    "Field 'body, age' has error 'greater_than_equal', Input should be greater than or equal to 18.",
                    "Field 'body, sex' has error 'enum', Input should be 'male' or 'female'.",
                ],
            ])
        #expect(responses[2].body.contains("'body, 10' has error 'json_invalid'"))
        #expect(responses[0].body != responses[3].body)
        #expect(responses[4].body == #"{"health_status":"HEALTHY"}"#)
    }

    @Test("keeps serving the other models when one fails to load, is not ready, and says why")
    func failedModel() throws {
        let configuration = TemporaryFile(
            """
            service_title: Half
            \(Repository.developmentKeys)
            models:
              - class_path: iris_model.IrisModel
              - class_path: missing_model.MissingModel
            """)
        let server = try RunningServer(configuration: configuration.path)
        #expect(server.summary.contains("not ready"))
        let client = try server.connect()
        let prediction = try client.post(
            "/api/models/iris_model/prediction",
            json: #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#)
        #expect(prediction.status == 200)
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        #expect(try client.request("GET", "/api/health").body == #"{"health_status":"NOT_HEALTHY"}"#)
        #expect(try client.request("GET", "/api/health/startup").status == 200)
        let failed = try client.post("/api/models/missing_model/prediction", json: "{}")
        #expect(failed.status == 503)
        #expect(try JSON(parsing: failed.body)["type"] == "NotReady")
        let models = try JSON(parsing: client.request("GET", "/api/models").body)
        #expect(models["models"]?.array?.count == 1)
        #expect(models["failed"]?.description.contains("there is no package missing_model") == true)
        let outcome = try server.stop()
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("ERROR loading: model missing_model failed to load"))
    }

    @Test(
        "answers on while nobody reads its log, and says afterwards what was dropped",
        arguments: ["level: debug", "format: json, access: {enabled: true}"])
    func stuckOutput(logging: String) throws {
        // Every refused prediction logs a line.
        let configuration = TemporaryFile(
            try Repository.text(of: "configuration/insurance_policy.yaml")
                .replacing("store: models", with: "store: \(Repository.root)/models")
                .replacing("server:\n", with: "logging: {\(logging)}\nmetrics: {enabled: true}\nserver:\n  loops: 1\n"))
        let server = try RunningServer(
            configuration: configuration.path, environment: ["OPA_PORT": "\(closedPort)"])
        let client = try server.connect()
        let body = #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#
        // Far more than a pipe and the log keep: 1.1 MB.
        let id = String(repeating: "x", count: 128)
        for _ in 0..<8_000 {
            let response = try client.request(
                "POST", "/api/models/insurance_charges_model/prediction",
                fields: [("content-type", "application/json"), ("x-request-id", id)], body: Array(body.utf8))
            #expect(response.status == 503)
        }
        #expect(try client.request("GET", "/api/health/ready").status == 200)
        let metrics = try client.request("GET", "/metrics").body.split(separator: "\n")
        let dropped = try #require(metrics.first { $0.hasPrefix("martlet_log_dropped_lines_total ") })
        #expect(try #require(Int(dropped.split(separator: " ")[1])) > 0)
        let outcome = try server.stop()
        #expect(outcome.status == 0)
        if logging.contains("json") {
            for line in outcome.output.split(separator: "\n") { _ = try JSON(parsing: String(line)) }
        }
        #expect(outcome.output.contains(" lines of the log were dropped: standard output was not read in time"))
    }

    @Test("loads libcurl, and the memory that it takes, only where somebody else is asked")
    func libraries() throws {
        let plain = try RunningServer()
        #expect(try !Repository.text(of: "/proc/\(plain.process.identifier)/maps").contains("libcurl"))
        #expect(try plain.stop().status == 0)
        let asking = try RunningServer(
            configuration: "configuration/insurance_policy.yaml", environment: ["PORT": "0"])
        #expect(try Repository.text(of: "/proc/\(asking.process.identifier)/maps").contains("libcurl"))
        #expect(try asking.stop().status == 0)
    }

    @Test("stops cleanly on SIGINT, with connections open")
    func interrupted() throws {
        let server = try RunningServer()
        let idle = try server.connect()
        #expect(try idle.request("GET", "/api/health").status == 200)
        let outcome = try server.stop(SIGINT)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(idle.isClosed())
    }

    @Test("is not ready on SIGTERM, answers for a while longer, and then stops cleanly")
    func terminated() throws {
        let configuration = TemporaryFile(
            try Repository.text(of: "configuration/rest_config.yaml")
                .replacing("store: models", with: "store: \(Repository.root)/models")
                .replacing("server:\n", with: "server:\n  drain_delay: 10s\n"))
        let server = try RunningServer(configuration: configuration.path)
        let idle = try server.connect()
        #expect(try idle.request("GET", "/api/health/ready").status == 200)
        server.process.send(SIGTERM)
        _ = try server.process.waitForLine(containing: "SIGTERM: not ready from now on")
        // A router for each loop is on its way; a probe asks again, too.
        while try server.connect().request("GET", "/api/health/ready").status == 200 {}
        let refusal = try server.connect().request("GET", "/api/health/ready")
        #expect(refusal.body == #"{"readiness_status":"REFUSING_TRAFFIC"}"#)
        #expect(try server.connect().request("GET", "/api/health").status == 200)
        let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.0,"petal_width":1.3}"#
        // Another loop may not have heard of the end yet.
        for client in [idle, try server.connect()] {
            while try client.post("/api/models/iris_model/prediction", json: iris).fields["connection"] != "close" {}
            #expect(client.isClosed())
        }
        let outcome = try server.process.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }

    @Test("stops at once on a second signal")
    func impatient() throws {
        let configuration = TemporaryFile(
            try Repository.text(of: "configuration/rest_config.yaml")
                .replacing("store: models", with: "store: \(Repository.root)/models")
                .replacing("server:\n", with: "server:\n  drain_delay: 1h\n  drain_timeout: 1h\n"))
        let server = try RunningServer(configuration: configuration.path)
        server.process.send(SIGTERM)
        _ = try server.process.waitForLine(containing: "SIGTERM: not ready from now on")
        #expect(try server.stop(SIGTERM).status == 128 + SIGTERM)
    }

    @Test("stops cleanly on a signal that comes while its models load")
    func stopsEarly() throws {
        for _ in 0..<5 {
            let process = try ChildProcess(
                ["serve", "--config", "configuration/rest_config.yaml", "--host", "127.0.0.1", "--port", "0"])
            _ = try process.waitForLine(containing: "loaded")
            process.send(SIGINT)
            #expect(try process.wait().status == 0)
        }
    }

    @Test("says who holds the port when it is taken")
    func portTaken() throws {
        let server = try RunningServer()
        let outcome = try ChildProcess.run(["serve", "--host", "127.0.0.1", "--port", "\(server.port)"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("\(server.port)"))
        #expect(outcome.errors.contains("in use"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }

    @Test("answers a socket in the file system, and a real curl")
    func unixSocket() throws {
        let configuration = TemporaryFile(
            """
            service_title: Local
            models: [{class_path: iris_model.IrisModel}]
            \(Repository.developmentKeys)
            server: {unix_socket: /tmp/martlet-test-\(getpid()).sock, loops: 1}
            """)
        let server = try ChildProcess(["serve", "--config", configuration.path])
        _ = try server.waitForLine(containing: "ready")
        let outcome = try ChildProcess.run(
            program: "/usr/bin/curl",
            [
                "-sS", "--unix-socket", "/tmp/martlet-test-\(getpid()).sock", "http://local/api/health/ready",
                "-w", " %{http_code}",
            ])
        #expect(outcome.output == #"{"readiness_status":"ACCEPTING_TRAFFIC"} 200"#)
        server.send(SIGINT)
        #expect(try server.wait().status == 0)
    }

    @Test("answers a request that comes too slowly, is too large or is no HTTP, and then closes")
    func hostile() throws {
        let configuration = TemporaryFile(
            """
            service_title: Narrow
            models: [{class_path: iris_model.IrisModel}]
            \(Repository.developmentKeys)
            server: {head_timeout: 50ms, body_timeout: 50ms, body_bytes: 1KiB, request_head_bytes: 1KiB}
            """)
        let server = try RunningServer(configuration: configuration.path)
        let post = "POST /api/models/iris_model/prediction HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        let requests: [(String, Int, String)] = [
            ("GET /api/health HTTP/1.1\r\nHo", 408, "RequestTimeout"),
            (post + "Content-Length: 20\r\n\r\n{", 408, "RequestTimeout"),
            (post + "Content-Length: 1025\r\n\r\n", 413, "PayloadTooLarge"),
            (post + "Transfer-Encoding: chunked\r\n\r\n401\r\n", 413, "PayloadTooLarge"),
            (post + "X: \(String(repeating: "x", count: 1024))\r\n\r\n", 431, "HeadersTooLarge"),
            ("hello\r\n\r\n", 400, "BadRequest"),
            (post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400, "BadRequest"),
            (post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "BadRequest"),
            ("GET /api/health HTTP/1.1\r\n\r\n", 400, "BadRequest"),
        ]
        for (wire, status, type) in requests {
            let client = try server.connect()
            client.send(wire)
            let response = try client.response()
            #expect(response.status == status, "\(wire)")
            #expect(try JSON(parsing: response.body)["type"]?.string == type, "\(wire)")
            #expect(response.fields["connection"] == "close")
            #expect(client.isClosed())
        }
        #expect(try server.connect().request("GET", "/api/health/ready").status == 200)
    }
}
