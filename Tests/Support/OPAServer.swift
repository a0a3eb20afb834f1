import Glibc
package import Modeling

/// Open Policy Agent on a free port, or what stands for it: `Servers/opa_server.py`, which evaluates the same Rego.
///
/// Ends with this value.
package final class OPAServer {
    /// What serves.
    package enum Program: Sendable {
        /// Python and regopy.
        case standIn
        /// `opa`, of `OPA_BIN` or the `PATH`.
        case opa

        /// Those that are there.
        package static let available: [Program] =
            (Repository.hasPython ? [.standIn] : []) + (OPAServer.opaPath == nil ? [] : [.opa])
        package static let hasOPA = OPAServer.opaPath != nil
        package static let opaIsMissing: String = "no opa on the PATH or in OPA_BIN; only the stand-in was asked"
    }

    /// How it is started beyond its policies.
    package struct Options {
        /// A port that it had before; 0 for any that is free.
        package var port: UInt16 = 0
        package var unixSocket: String?
        /// The bearer token that everything but `/health` asks for.
        package var token: String?
        package var certificate: TestCertificate?
        /// Whether each decision has an id.
        package var givesDecisionIDs = false
        /// Whether ``OPAServer/nextFields()`` tells of questions, which only the stand-in does.
        package var tellsFields = false

        package init() {}
    }

    package let port: UInt16
    private let process: ChildProcess
    private let folder = TemporaryFolder()

    /// - Parameter policies: files of Rego, or folders of them.
    package init(_ program: Program, policies: [String], _ change: (inout Options) -> Void = { _ in }) throws {
        var options = Options()
        change(&options)
        // It can come back there: nobody takes the port while it is down.
        port = options.port == 0 ? freePort() : options.port
        options.port = port
        switch program {
        case .standIn:
            process = try ChildProcess(program: Repository.python, Self.standInArguments(options) + policies)
            _ = try process.waitForLine(containing: "ready ")
        case .opa:
            var policies = policies
            if let token = options.token { policies.append(folder.write("authorization.rego", authorization(token))) }
            process = try ChildProcess(program: Self.opaPath ?? "", Self.opaArguments(options) + policies)
            try waitUntilListening(options)
        }
    }

    private static func standInArguments(_ options: Options) -> [String] {
        ["Tests/Support/Servers/opa_server.py", "--port", "\(options.port)"]
            + (options.unixSocket.map { ["--unix", $0] } ?? []) + (options.token.map { ["--token", $0] } ?? [])
            + (options.certificate.map { ["--certificate", $0.path, "--key", $0.keyPath] } ?? [])
            + (options.givesDecisionIDs ? ["--decision-ids"] : []) + (options.tellsFields ? ["--fields"] : [])
    }

    private static func opaArguments(_ options: Options) -> [String] {
        ["run", "--server", "--log-level", "error"]
            + ["--addr", options.unixSocket.map { "unix://\($0)" } ?? "127.0.0.1:\(options.port)"]
            + (options.token == nil ? [] : ["--authentication", "token", "--authorization", "basic"])
            + (options.certificate.map { ["--tls-cert-file", $0.path, "--tls-private-key-file", $0.keyPath] } ?? [])
            + (options.givesDecisionIDs ? ["--set", "decision_logs.console=true"] : [])
    }

    /// The fields of the next question, by their names in lower case.
    package func nextFields() throws -> JSON {
        try JSON(parsing: String(process.waitForLine(containing: "asked {").dropFirst("asked ".count)))
    }

    /// Stops it where it is: it takes connections and answers nothing.
    package func hold() { process.send(SIGSTOP) }

    /// Lets it go on after ``hold()``.
    package func resume() { process.send(SIGCONT) }

    /// Ends it without a word to anyone, and returns when it is gone.
    package func kill() throws {
        process.send(SIGKILL)
        _ = try process.wait()
    }

    /// Where `opa` is.
    package static let opaPath: String? = {
        if let path = getenv("OPA_BIN").map({ String(cString: $0) }), !path.isEmpty { return path }
        let folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":") ?? []
        return folders.map { "\($0)/opa" }.first { access($0, X_OK) == 0 }
    }()

    private func waitUntilListening(_ options: Options) throws {
        let deadline = time(nil) + ChildProcess.patience
        while !Self.isListening(options, port) {
            guard time(nil) < deadline else { throw HTTPClient.Failure.notConnected(errno: errno) }
            usleep(20_000)
        }
    }

    private static func isListening(_ options: Options, _ port: UInt16) -> Bool {
        if let path = options.unixSocket { return access(path, R_OK | W_OK) == 0 }
        return (try? HTTPClient(port: port)) != nil
    }
}

/// A policy that lets in who has the token, as OPA asks one.
private func authorization(_ token: String) -> String {
    """
    package system.authz

    import future.keywords.if

    default allow := false

    allow if input.identity == "\(token)"

    allow if input.path == ["health"]
    """
}
