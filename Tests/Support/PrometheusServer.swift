import Glibc
package import Modeling

/// A Prometheus of a test's own that scrapes one target, on a free port and with its own folder, ended with the value.
package final class PrometheusServer {
    private static let program = "/usr/bin/prometheus"
    /// The tool that comes with it.
    package static let tool = "/usr/bin/promtool"

    /// Whether Prometheus is installed.
    package static let isThere = Repository.has(program) && Repository.has(tool)
    /// Why a test that needs it was skipped.
    package static let isMissing: String = "no prometheus; 'make test' installs it"

    package let port: UInt16
    private let process: ChildProcess
    private let folder = TemporaryFolder()

    /// Starts Prometheus and waits until it takes requests.
    ///
    /// - Parameter target: the port on this machine whose `/metrics` it scrapes, as the job `martlet`.
    package init(scraping target: UInt16) throws {
        port = freePort()
        let configuration = folder.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: martlet
                static_configs: [{targets: ['127.0.0.1:\(target)']}]
            """)
        process = try ChildProcess(
            program: Self.program,
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)",
            ])
        guard comesTrue({ (try? HTTPClient(port: port).request("GET", "/-/ready").status) == 200 }) else {
            process.send(SIGKILL)
            let outcome = try process.wait()
            throw ChildProcess.Failure.late(waitingFor: "Prometheus", output: outcome.output, errors: outcome.errors)
        }
    }

    /// What its interface answers to a path, with a query in it.
    package func ask(_ target: String) throws -> JSON {
        try JSON(parsing: try HTTPClient(port: port).request("GET", target).body)
    }

    /// The values of an expression that is written as a part of a query; none before it was scraped.
    package func values(of expression: String) throws -> [JSON] {
        try ask("/api/v1/query?query=\(expression)")["data"]?["result"]?.array ?? []
    }

    /// Asks it to stop and waits until it has.
    package func stop() throws -> ChildProcess.Outcome {
        process.send(SIGTERM)
        return try process.wait()
    }
}
