import Glibc
import TestSupport
import Testing

/// `martlet top` beside a service that runs.
@Suite("martlet top")
struct TopTests {
    private static func configuration(metrics: String = "metrics: {enabled: true}") -> String {
        """
        service_title: Iris
        \(Repository.developmentKeys)
        model_packages: \(Repository.root)/models
        models:
          - class_path: iris_model.prediction.model.IrisModel
            decorators: [{class_path: ml_model_caching.caching.CachingDecorator}]
        \(metrics)
        server: {host: 127.0.0.1, port: "${PORT:-0}", loops: 1}
        """
    }

    private func top(_ server: RunningServer, _ words: String..., environment: [String: String] = [:]) throws
        -> ChildProcess
    {
        try ChildProcess(
            ["top", "--url", "http://127.0.0.1:\(server.port)/metrics", "--interval", "0.2"] + words,
            environment: environment)
    }

    @Test(
        "is at home in a terminal: it follows its size, outlives the service, and leaves it as it was",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func terminal() throws {
        let configuration = TemporaryFile(Self.configuration())
        let outcome = try ChildProcess.run(
            program: Repository.python,
            [
                "Tests/EndToEnd/Top/terminal.py", "--binary", ChildProcess.buildFolder + "/martlet", "--config",
                configuration.path, "--port", "\(freePort())",
            ], patience: 120)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").count == 12)
    }

    @Test("prints one page, without colors, where it is asked for one")
    func once() throws {
        let configuration = TemporaryFile(Self.configuration())
        let server = try RunningServer(configuration: configuration.path)
        let outcome = try top(server, "--once").wait()
        #expect(outcome.status == 0 && outcome.errors == "")
        #expect(outcome.output.hasPrefix("martlet 0.1.0   ready   http://127.0.0.1:\(server.port)/metrics\nup "))
        #expect(outcome.output.contains("\nGET /metrics"))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test("prints one page after another where nobody types, also about a service that has gone")
    func pages() throws {
        let configuration = TemporaryFile(Self.configuration())
        let server = try RunningServer(
            ChildProcess([
                "serve", "--config", configuration.path, "--host", "127.0.0.1", "--port", "\(freePort())",
            ]))
        let process = try top(server)
        for _ in 0..<3 { _ = try process.waitForLine(containing: "martlet 0.1.0   ready") }
        #expect(try server.stop().status == 0)
        _ = try process.waitForLine(containing: "no metrics for")
        process.send(SIGTERM)
        #expect(try process.wait().status == 128 + SIGTERM)
    }

    @Test("ends when nobody reads its pages")
    func pipe() throws {
        let configuration = TemporaryFile(Self.configuration())
        let server = try RunningServer(configuration: configuration.path)
        let command =
            "\(ChildProcess.buildFolder)/martlet top --url http://127.0.0.1:\(server.port)/metrics --interval 0.1"
        let outcome = try ChildProcess.run(program: "/bin/sh", ["-c", "\(command) | head -n 1"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("martlet 0.1.0"))
    }

    @Test("says why there is nothing to see")
    func nothing() throws {
        let configuration = TemporaryFile(Self.configuration(metrics: "metrics: {enabled: false}"))
        let server = try RunningServer(configuration: configuration.path)
        let silent = try top(server, "--once").wait()
        #expect(silent.status == 1 && silent.output == "")
        #expect(
            silent.errors
                == "http://127.0.0.1:\(server.port)/metrics answers 404; 'metrics: {enabled: true}' in the configuration turns it on\n"
        )
        #expect(try server.stop().status == 0)
        let gone = try ChildProcess.run(["top", "--url", "http://127.0.0.1:\(closedPort)/metrics", "--once"])
        #expect(gone.status == 1)
        #expect(gone.errors.contains("cannot connect: Connection refused"))
    }

    @Test("takes no interval that makes no sense", arguments: ["0", "-1", "nan", "soon", "1e9"])
    func interval(text: String) throws {
        let outcome = try ChildProcess.run(["top", "--interval=\(text)"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("martlet: --interval \(text): expected a number of seconds, 0.1 to 3600\n"))
    }
}
