import Glibc
import TestSupport
import Testing

@Suite("martlet healthcheck")
struct HealthcheckTests {
    private func check(_ arguments: String..., environment: [String: String] = [:]) throws -> ChildProcess.Outcome {
        try ChildProcess.run(["healthcheck"] + arguments, environment: environment)
    }

    @Test("finds the service where the configuration has it listen, and says what it answers")
    func well() throws {
        let server = try RunningServer()
        let healthy = try check(
            "--config", "configuration/rest_config.yaml", environment: ["PORT": "\(server.port)"])
        #expect(healthy.status == 0)
        #expect(healthy.output == "200 {\"health_status\":\"HEALTHY\"}\n")
        #expect(healthy.errors == "")

        let ready = try check("--url", "http://127.0.0.1:\(server.port)/api/health/ready")
        #expect(ready.status == 0)
        #expect(ready.output == "200 {\"readiness_status\":\"ACCEPTING_TRAFFIC\"}\n")
    }

    @Test("finds it at a socket in the file system")
    func unixSocket() throws {
        let folder = TemporaryFolder()
        let configuration = TemporaryFile(
            """
            service_title: Local
            models: [{class_path: iris_model.IrisModel}]
            \(Repository.developmentKeys)
            server: {unix_socket: \(folder.path)/socket, loops: 1}
            """)
        let server = try ChildProcess(["serve", "--config", configuration.path])
        _ = try server.waitForLine(containing: "ready")
        #expect(try check("--config", configuration.path).status == 0)
        server.send(SIGINT)
        #expect(try server.wait().status == 0)
    }

    @Test("fails for a service that is not well, is none, or does not answer, in a line")
    func ill() throws {
        let configuration = TemporaryFile(
            "{service_title: A, models: [{class_path: nobodys_model.M}], server: {port: 0, drain_delay: 0}}")
        let server = try RunningServer(configuration: configuration.path)
        let failed = try check("--url", "http://127.0.0.1:\(server.port)/api/health")
        #expect(failed.status == 1)
        #expect(failed.output == "503 {\"health_status\":\"NOT_HEALTHY\"}\n")

        let silent = try ScriptedServer { connection in connection.waitForClose() }
        let late = try check("--url", silent.url, "--timeout", "0.2")
        #expect(late.status == 1)
        #expect(late.output == "")
        #expect(
            late.errors
                == "127.0.0.1:\(silent.port): no complete answer within 0.2 seconds; check the server's load, or raise the timeout\n"
        )

        let none = try check("--url", "http://127.0.0.1:\(closedPort)/")
        #expect(none.status == 1)
        #expect(none.errors.hasPrefix("127.0.0.1:\(closedPort): cannot connect"))
        #expect(try check("--timeout", "never").status == 2)
    }
}
