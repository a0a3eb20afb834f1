import EventLoop
import Glibc
import ModelService
import Modeling
import YAML

extension Option {
    fileprivate static let host = Option(
        name: "--host", value: "ADDRESS", summary: "The address to listen on (default: the configuration's, or 0.0.0.0)"
    )
    fileprivate static let port = Option(
        name: "--port", value: "PORT",
        summary: "The port to listen on, 0 for any free one (default: the configuration's, or 8000)")
}

extension Martlet {
    static let serveCommand = Command(
        name: "serve", summary: "Serve the models of a configuration over HTTP", operands: "",
        details: """
            Answers health endpoints at once and each model as soon as it has loaded. A model that fails to load
            leaves the others serving and the service not ready. SIGTERM makes the service not ready at once, waits
            for the load balancers to notice (server.drain_delay), finishes what is in flight and stops; SIGINT does
            so without waiting. A second signal stops at once. SIGHUP loads the configuration and the packages anew
            beside what is served and puts them in its place if all of it is well.
            """,
        options: [.config, .host, .port, .logLevel]
    ) { arguments, environment in
        let start = ContinuousClock.now
        // Asked for before anything else, so that a signal that comes early still stops cleanly or is heard later.
        let signals = ProcessSignals(takesHangUps: true)
        let port = try arguments.value(of: .port, expected: "a number from 0 to 65535", UInt16.init)
        let override: @Sendable (ServiceConfiguration) -> ServiceConfiguration = { [host = arguments[.host]] read in
            var configuration = read
            if let host { configuration.server.host = host }
            if let port { configuration.server.port = Int(port) }
            return configuration
        }
        var configuration = override(try arguments.configuration(in: environment, printsWarnings: false))
        configuration.logging.level = try arguments.logLevel(configuration)
        let format = configuration.logging.format
        let writer = LogWriter(to: STDOUT_FILENO) { count in
            let message = "\(count) lines of the log were dropped: standard output was not read in time"
            return format.line(
                LogRecord(
                    level: .warning, component: .service, message: message, said: [.init("dropped", .integer(count))]))
        }
        let log = Log(configuration.logging) { writer.write($0) }
        defer { writer.flush() }
        for warning in configuration.warnings {
            let text = warning.description(in: configuration.file)
            // Text is for people, who look for what is wrong with a file where a command says so.
            if format == .json { log.warning(text) } else { Terminal.printError("warning: \(text)") }
        }
        let service = Service(configuration: configuration, catalog: environment.catalog, log: log) {
            [file = configuration.file, level = arguments[.logLevel].map { _ in configuration.logging.level }] in
            // The file that was found, also where another one would be found by now.
            var read = override(try ServiceConfiguration.load(path: file, environment: environment.variables))
            if let level { read.logging.level = level }
            return read
        }
        do {
            try service.start()
        } catch {
            throw Failure(message: "\(environment.programName): \(error)")
        }
        // Beside the wait for a signal, which does not wait for a slow model.
        Task { [configuration] in
            await service.loadModels()
            let summary = StartupSummary(
                configuration: configuration, models: service.models, addresses: service.addresses,
                loopCount: service.loopCount, isReady: service.isReady, elapsed: ContinuousClock.now - start)
            if format == .json { summary.write(to: log) } else { writer.write(Array("\(summary)\n".utf8)) }
        }
        Task { for await _ in signals.hangUps { service.requestReload() } }
        let signal = await signals.next()
        let delay = signal == .terminate ? service.configuration.server.drainDelay : .zero
        if delay > .zero {
            log.info("\(signal): not ready from now on; takes requests for \(delay) more")
            await service.beginDraining()
            try await Task.sleep(for: delay)
        }
        log.info("\(signal): finishing what is in flight")
        await service.stop(after: delay)
        log.info("stopped")
        return .success
    }
}
