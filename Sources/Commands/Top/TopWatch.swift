import Glibc

/// Looks at a service's metrics again and again, and shows what happened in between.
struct TopWatch: Sendable {
    let source: MetricsSource
    let interval: Duration
    let isColored: Bool

    /// What a loop of looks came to.
    private enum Look: Sendable {
        case snapshot(MetricsSnapshot)
        case nothing(reason: String)
    }

    /// Prints what happened in one interval.
    ///
    /// - Throws: ``Failure`` when the service does not answer.
    func printOnce() async throws {
        let first = try await source.snapshot()
        try await Task.sleep(for: interval)
        let second = try await source.snapshot()
        _ = print(page(ServiceActivity(MetricsInterval(from: first, to: second))))
    }

    /// Prints a page each interval, until nobody reads them.
    func printForever() async throws {
        var state = State()
        while true {
            state.take(await look())
            if state.isShowable, !print(page(state.activity, state.problem) + [""]) { return }
            try await Task.sleep(for: interval)
        }
    }

    /// Shows pages on the terminal until a person ends it, or a signal does.
    func show() async {
        enum Event: Sendable {
            case screen(TerminalScreen.Event)
            case look(Look)
            case signal
        }
        let (events, report) = AsyncStream<Event>.makeStream()
        let signals = ProcessSignals()
        let screen = TerminalScreen { report.yield(.screen($0)) }
        defer { screen.close() }
        // Beside the keys, which do not wait for a service that is away.
        let looking = Task {
            while !Task.isCancelled {
                report.yield(.look(await look()))
                try await Task.sleep(for: interval)
            }
        }
        defer { looking.cancel() }
        Task {
            _ = await signals.next()
            report.yield(.signal)
        }
        var state = State()
        screen.show(lines(state))
        for await event in events {
            switch event {
            case .screen(.key(let key)) where Self.endingKeys.contains(key): return
            case .screen(.closed), .signal: return
            case .screen(.key): continue
            case .screen(.resized): break
            case .look(let look): state.take(look)
            }
            screen.show(lines(state))
        }
    }

    /// `q`, and Ctrl-C, Ctrl-D and Ctrl-\, which are keys here.
    private static let endingKeys: Set<UInt8> = [UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03, 0x04, 0x1C]

    private func look() async -> Look {
        do throws(Failure) {
            return .snapshot(try await source.snapshot())
        } catch {
            return .nothing(reason: error.message)
        }
    }

    /// What is known so far.
    private struct State {
        private var snapshot: MetricsSnapshot?
        private(set) var activity: ServiceActivity?
        private(set) var problem: String?

        /// Whether there is anything to tell.
        var isShowable: Bool { activity != nil || problem != nil }

        mutating func take(_ look: Look) {
            switch look {
            case .snapshot(let later):
                if let snapshot { activity = ServiceActivity(MetricsInterval(from: snapshot, to: later)) }
                snapshot = later
                problem = nil
            case .nothing(let reason):
                let since = snapshot.map { (ContinuousClock.now - $0.moment) / .seconds(1) }
                problem = (since.map { "no metrics for \(Quantity.age($0)): " } ?? "no metrics: ") + reason
            }
        }
    }

    private func lines(_ state: State) -> [String] {
        let size = TerminalScreen.size
        return TopPage(source.url, state.activity, problem: state.problem, width: size.width)
            .text(height: size.height, isColored: isColored)
    }

    private func page(_ activity: ServiceActivity?, _ problem: String? = nil) -> [String] {
        TopPage(source.url, activity, problem: problem, width: Self.printedWidth).text(isColored: isColored)
    }

    /// The columns of a page that is printed: a terminal's, elsewhere 140.
    private static var printedWidth: Int { isatty(STDOUT_FILENO) == 1 ? TerminalScreen.size.width : 140 }

    /// Prints lines; `false` when nobody reads them.
    private func print(_ lines: [String]) -> Bool {
        Terminal.write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
        var reader = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&reader, 1, 0) <= 0 || reader.revents & Int16(POLLERR) == 0
    }
}
