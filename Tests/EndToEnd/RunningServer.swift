import Glibc
import TestSupport
import Testing

/// `martlet serve`, or an executable like it, on a free port of this machine.
struct RunningServer {
    let process: ChildProcess
    let port: UInt16
    /// The lines of the start-up summary.
    let summary: String

    /// Starts the server with a configuration file, by default the repository's own, and waits until it says that it
    /// is ready or not.
    init(
        _ program: String = "martlet", configuration: String = "configuration/rest_config.yaml",
        environment: [String: String] = [:]
    ) throws {
        try self.init(
            ChildProcess(
                program: program, ["serve", "--config", configuration, "--host", "127.0.0.1", "--port", "0"],
                environment: environment))
    }

    /// Waits until a server that was started says that it is ready or not.
    init(_ process: ChildProcess) throws {
        self.process = process
        let address = try process.waitForLine(containing: "http://")
        port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
        summary = try process.waitForLine(containing: "ready ")
    }

    /// A new connection.
    func connect() throws -> HTTPClient { try HTTPClient(port: port) }

    /// Asks it to stop, by default as a person does, and returns how it ended.
    func stop(_ signal: Int32 = SIGINT) throws -> ChildProcess.Outcome {
        process.send(signal)
        return try process.wait()
    }
}
