/// What `martlet top` shows: lines for a terminal of any width.
struct TopPage {
    /// The columns of a rate and of a duration, the space before them included: 7, 8.
    private static let (rateWidth, durationWidth) = (7, 8)
    private static let numbers = [
        ("REQ/S", rateWidth), ("P50", durationWidth), ("P95", durationWidth), ("P99", durationWidth),
        ("4XX/S", rateWidth), ("5XX/S", rateWidth),
    ]
    /// The least columns of a handler, 12; where there are fewer, numbers are cut off.
    private static let leastNameWidth = 12
    /// The columns of what is said of the service as a whole, 10.
    private static let labelWidth = 10

    private(set) var lines: [StyledLine] = []
    private let width: Int
    /// Between two things: three columns where there is room, else two.
    private let gap: String

    /// - Parameters:
    ///   - url: what is asked.
    ///   - activity: what the service did lately; `nil` before there are two snapshots.
    ///   - problem: why there is nothing newer; `nil` when there is.
    ///   - width: of the terminal, in columns.
    init(_ url: String, _ activity: ServiceActivity?, problem: String? = nil, width: Int) {
        self.width = width
        gap = width < 100 ? "  " : "   "
        appendTitle(url, activity, isCurrent: problem == nil)
        if let problem { lines.append(StyledLine(problem, .alarm)) }
        guard let activity else {
            if problem == nil { lines.append(StyledLine("measuring", .dim)) }
            return
        }
        appendProcess(activity)
        appendTotal(activity.total)
        appendHandlers(activity.handlers)
        appendModels(activity.models)
        appendDecorators(activity.decorators)
        appendService(activity)
    }

    /// The page as text.
    ///
    /// - Parameter height: the most lines; the last says how many there would be more.
    func text(height: Int = .max, isColored: Bool) -> [String] {
        guard lines.count > height else { return lines.map { $0.text(width: width, isColored: isColored) } }
        let shown = lines.prefix(max(height - 1, 0))
        let rest = StyledLine("… \(lines.count - shown.count) more lines", .dim)
        return (shown + [rest]).map { $0.text(width: width, isColored: isColored) }
    }

    private mutating func appendTitle(_ url: String, _ activity: ServiceActivity?, isCurrent: Bool) {
        var line = StyledLine("martlet", .bold)
        if let version = activity?.version { line.append(" \(version)", .bold) }
        switch isCurrent ? activity?.isReady : nil {
        case true?: line.append(gap + "ready", .good)
        case false?: line.append(gap + "not ready", .alarm)
        case nil: break
        }
        if isCurrent, activity?.isRestarted == true { line.append(gap + "restarted", .warning) }
        line.append(gap + url, .dim)
        lines.append(line)
    }

    private mutating func appendProcess(_ activity: ServiceActivity) {
        var facts: [String] = []
        if let uptime = activity.uptime { facts.append("up \(Quantity.age(uptime))") }
        if let processors = activity.processors { facts.append("CPU \(Quantity.percent(processors))") }
        if let bytes = activity.residentBytes { facts.append("memory \(Quantity.bytes(bytes))") }
        if let connections = activity.connections { facts.append("connections \(Quantity.count(connections))") }
        if let loops = activity.loops {
            facts.append("loops \(Quantity.count(loops)), lag p99 \(Quantity.duration(activity.loopLag))")
        }
        guard !facts.isEmpty else { return }
        lines.append(StyledLine(facts.joined(separator: gap)))
    }

    private mutating func appendTotal(_ total: ServiceActivity.Requests) {
        var line = StyledLine("requests \(Quantity.rate(total.rate))/s", .bold)
        let latency = total.latency
        for (name, quantile) in [("p50", latency.p50), ("p95", latency.p95), ("p99", latency.p99)] {
            line.append("\(gap)\(name) \(Quantity.duration(quantile))")
        }
        line.append("\(gap)4xx \(Quantity.rate(total.clientErrorRate))/s", style(total.clientErrorRate, .warning))
        line.append("\(gap)5xx \(Quantity.rate(total.serverErrorRate))/s", style(total.serverErrorRate, .alarm))
        lines.append(line)
    }

    private func style(_ rate: Double, _ other: StyledLine.Style) -> StyledLine.Style { rate > 0 ? other : .plain }

    private mutating func appendHandlers(_ handlers: [ServiceActivity.Requests]) {
        guard !handlers.isEmpty else { return }
        let methodWidth = 1 + (handlers.map(\.method.count).max() ?? 0)
        let longest = max(handlers.map(\.handler.count).max() ?? 0, "HANDLER".count)
        let room = width - methodWidth - Self.numbers.reduce(0) { $0 + $1.1 }
        let nameWidth = max(min(longest, room), Self.leastNameWidth)
        lines.append(StyledLine())
        let titles = Self.numbers.map { $0.paddedLeft(to: $1) }.joined()
        lines.append(StyledLine("HANDLER".fitted(to: methodWidth + nameWidth) + titles, .dim))
        for row in handlers {
            var line = StyledLine(row.method.fitted(to: methodWidth) + row.handler.fitted(to: nameWidth))
            line.append(Quantity.rate(row.rate).paddedLeft(to: Self.rateWidth))
            for quantile in [row.latency.p50, row.latency.p95, row.latency.p99] {
                line.append(Quantity.duration(quantile).paddedLeft(to: Self.durationWidth))
            }
            for (rate, other) in [(row.clientErrorRate, StyledLine.Style.warning), (row.serverErrorRate, .alarm)] {
                line.append(Quantity.rate(rate).paddedLeft(to: Self.rateWidth), style(rate, other))
            }
            lines.append(line)
        }
    }

    private mutating func appendModels(_ models: [ServiceActivity.Model]) {
        guard !models.isEmpty else { return }
        let nameWidth = columnWidth("MODEL", models.map(\.name))
        let stateWidth = columnWidth("STATE", models.map(\.state))
        lines.append(StyledLine())
        lines.append(
            StyledLine("MODEL".fitted(to: nameWidth) + "STATE".fitted(to: stateWidth) + "PREDICTIONS", .dim))
        for model in models {
            var line = StyledLine(model.name.fitted(to: nameWidth))
            line.append(
                model.state.fitted(to: stateWidth),
                model.state == "loaded" ? .plain : model.state == "failed" ? .alarm : .warning)
            if let running = model.running { line.append("\(Quantity.count(running)) under way, ") }
            if let queued = model.queued {
                line.append("\(Quantity.count(queued)) queued, ", style(queued, .warning))
            }
            // The first one is that all went well.
            append(model.outcomes.enumerated().map { ($1, $0 == 0 ? .plain : .warning) }, to: &line)
            append(model.latency, to: &line)
            lines.append(line)
        }
    }

    private mutating func appendDecorators(_ decorators: [ServiceActivity.Decorator]) {
        guard !decorators.isEmpty else { return }
        let modelWidth = columnWidth("MODEL", decorators.map(\.model))
        let nameWidth = columnWidth("DECORATOR", decorators.map { "\($0.position) \($0.name)" })
        lines.append(StyledLine())
        lines.append(
            StyledLine("MODEL".fitted(to: modelWidth) + "DECORATOR".fitted(to: nameWidth) + "OUTCOMES", .dim))
        for decorator in decorators {
            var line = StyledLine(
                decorator.model.fitted(to: modelWidth)
                    + "\(decorator.position) \(decorator.name)".fitted(to: nameWidth))
            if let ratio = decorator.hitRatio { line.append("\(Quantity.percent(ratio)) hits, ", .bold) }
            append(decorator.outcomes.map { ($0, .plain) }, to: &line)
            append(decorator.latency, to: &line)
            lines.append(line)
        }
    }

    /// A column as wide as the widest of its texts, but not wider than a third of the page, and a gap.
    private func columnWidth(_ title: String, _ texts: [String]) -> Int {
        min(texts.map(\.count).max() ?? 0, width / 3).clamped(from: title.count) + gap.count
    }

    /// Adds how long it took, where that is known.
    private func append(_ latency: ServiceActivity.Latency, to line: inout StyledLine) {
        guard let p50 = latency.p50, let p99 = latency.p99 else { return }
        line.append(", p50 \(Quantity.duration(p50)), p99 \(Quantity.duration(p99))")
    }

    /// Adds those that there were; `-` for none.
    private func append(_ outcomes: [(ServiceActivity.Outcome, StyledLine.Style)], to line: inout StyledLine) {
        let shown = outcomes.filter { $0.0.rate > 0 }
        if shown.isEmpty { line.append(Quantity.none) }
        for (index, (outcome, style)) in shown.enumerated() {
            line.append("\(index > 0 ? ", " : "")\(outcome.name) \(Quantity.rate(outcome.rate))/s", style)
        }
    }

    private mutating func appendService(_ activity: ServiceActivity) {
        guard activity.reloads != nil || !activity.spans.isEmpty || activity.droppedLogLines > 0 else { return }
        lines.append(StyledLine())
        if activity.droppedLogLines > 0 {
            var line = StyledLine("log".fitted(to: Self.labelWidth), .dim)
            append([(ServiceActivity.Outcome(name: "dropped", rate: activity.droppedLogLines), .warning)], to: &line)
            lines.append(line)
        }
        if !activity.spans.isEmpty {
            var line = StyledLine("spans".fitted(to: Self.labelWidth), .dim)
            append(activity.spans.map { ($0, $0.name == "dropped" ? .warning : .plain) }, to: &line)
            lines.append(line)
        }
        if let reloads = activity.reloads { appendReloads(reloads) }
    }

    private mutating func appendReloads(_ reloads: ServiceActivity.Reloads) {
        var line = StyledLine("reloads".fitted(to: Self.labelWidth), .dim)
        let counts = reloads.counts.map { "\($0.outcome) \(Quantity.count($0.count))" }.joined(separator: ", ")
        line.append(counts, reloads.hasFailed ? .alarm : .plain)
        if let seconds = reloads.secondsSinceSuccess { line.append("\(gap)up to date \(Quantity.age(seconds)) ago") }
        lines.append(line)
    }
}

extension Int {
    fileprivate func clamped(from least: Int) -> Int { Swift.max(self, least) }
}
