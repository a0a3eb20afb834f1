import Glibc
import Modeling
import TestSupport
import Testing

/// `martlet serve`, or an executable like it, on a free port of this machine.
struct RunningServer {
    let process: ChildProcess
    let port: UInt16
    /// The last line of the start-up summary, or all of it in one record where the log is JSON.
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
        let record = address.hasPrefix("{") ? try JSON(parsing: address) : nil
        let url = record?["listening"]?.array?.first?.string ?? address
        port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        summary = record == nil ? try process.waitForLine(containing: "ready ") : address
    }

    /// A new connection.
    func connect() throws -> HTTPClient { try HTTPClient(port: port) }

    /// Asks it to stop, by default as a person does, and returns how it ended.
    func stop(_ signal: Int32 = SIGINT) throws -> ChildProcess.Outcome {
        process.send(signal)
        return try process.wait()
    }
}
