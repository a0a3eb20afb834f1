import Glibc

/// A `redis-server` of a test's own, on a free port and a Unix socket, ended with the value.
package final class RedisServer {
    private static let program = "/usr/bin/redis-server"
    private static let client = "/usr/bin/redis-cli"

    /// Whether Redis is installed.
    package static let isThere = Repository.has(program) && Repository.has(client)
    /// Why a test that needs it was skipped.
    package static let isMissing: String = "no redis-server; 'make test' installs it"

    package let port: UInt16
    package let socket: String
    private let process: ChildProcess
    private let folder = TemporaryFolder()

    /// Starts Redis and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - port: where it listens; left out, on a free one.
    ///   - options: of its configuration, as on its command line.
    package init(port: UInt16? = nil, _ options: String...) throws {
        self.port = port ?? freePort()
        socket = folder.path + "/redis.sock"
        process = try ChildProcess(
            program: Self.program,
            [
                "--port", "\(self.port)", "--bind", "127.0.0.1", "--unixsocket", socket, "--save", "", "--dir",
                folder.path,
            ] + options)
        _ = try process.waitForLine(containing: "Ready to accept connections")
    }

    /// What Redis answers to a command, as its own client prints it.
    @discardableResult
    package func command(_ words: String...) throws -> String {
        let outcome = try ChildProcess.run(program: Self.client, ["-s", socket] + words)
        return String(outcome.output.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed())
    }

    /// A number of what Redis says of itself; −1 when it does not say it.
    package func statistic(_ name: String) throws -> Int {
        let lines = try command("INFO").split(whereSeparator: \.isNewline)
        return lines.first { $0.hasPrefix(name + ":") }.flatMap { Int($0.dropFirst(name.count + 1)) } ?? -1
    }

    /// Sends the process a signal: SIGSTOP holds it, SIGCONT lets it go on.
    package func send(_ signal: Int32) { process.send(signal) }

    /// Ends it at once and waits until it is gone.
    package func kill() throws {
        process.send(SIGKILL)
        _ = try process.wait()
    }
}
