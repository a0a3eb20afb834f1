import EventLoop
import Glibc
import ModelService

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
        let signals = ServeSignals()
        let port = try arguments.value(of: .port, expected: "a number from 0 to 65535", UInt16.init)
        let override: @Sendable (ServiceConfiguration) -> ServiceConfiguration = { [host = arguments[.host]] read in
            var configuration = read
            if let host { configuration.server.host = host }
            if let port { configuration.server.port = Int(port) }
            return configuration
        }
        let configuration = override(try arguments.configuration(in: environment))
        let level = try arguments.logLevel(configuration)
        let writer = LogWriter(to: STDOUT_FILENO) { count in
            Log.line(.warning, "\(count) lines of the log were dropped: standard output was not read in time")
        }
        let log = Log(level: level) { writer.write($0) }
        defer { writer.flush() }
        let service = Service(configuration: configuration, catalog: environment.catalog, log: log) {
            // The file that was found, also where another one would be found by now.
            override(try ServiceConfiguration.load(path: configuration.file, environment: environment.variables))
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
            writer.write("\(summary)\n")
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
