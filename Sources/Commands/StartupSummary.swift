import EventLoop
import ModelService
import Modeling

/// What `martlet serve` prints once every model has loaded or failed, and what they depend on has been asked for: a page
/// to read, not a log; or, where programs read the log, a record of it.
struct StartupSummary: CustomStringConvertible {
    let configuration: ServiceConfiguration
    let models: [ModelSlot]
    let addresses: [SocketAddress]
    let loopCount: Int
    let isReady: Bool
    let elapsed: Duration

    var description: String {
        let server = configuration.server
        var rows: [(String, String)] = [("service", "\(configuration.serviceTitle) \(configuration.version)")]
        rows += models.enumerated().map { ($0 == 0 ? "models" : "", modelLine($1)) }
        rows += addresses.enumerated().map { ($0 == 0 ? "listening" : "", location($1)) }
        rows += [
            ("loops", "\(loopCount)"),
            (
                "limits",
                "head \(byteCount(server.requestHeadBytes)), body \(byteCount(server.bodyBytes)), "
                    + "\(server.connections) connections, idle \(seconds(server.idleTimeout))"
            ),
            (isReady ? "ready" : "not ready", "after \(milliseconds(elapsed)) ms"),
        ]
        return
            (["martlet \(Martlet.version)"]
            + rows.map { label, text in
                "  " + label + String(repeating: " ", count: max(1, 12 - label.count)) + text
            }).joined(separator: "\n")
    }

    /// Writes the same as one record.
    func write(to log: Log) {
        log.write(
            isReady ? .info : .warning, "\(isReady ? "ready" : "not ready") after \(milliseconds(elapsed)) ms",
            said: [
                .init("martlet", .string(Martlet.version)), .init("service", .string(configuration.serviceTitle)),
                .init("version", .string(configuration.version)),
                .init("models", .array(models.map(modelDocument))),
                .init("listening", .array(addresses.map { .string(location($0)) })),
                .init("loops", .integer(loopCount)), .init("ready", .boolean(isReady)),
                .init("duration_ms", .integer(Int(milliseconds(elapsed)))),
            ])
    }

    private func modelDocument(_ slot: ModelSlot) -> JSON {
        let name = JSON.string(slot.model == nil ? slot.entry.label : slot.entry.qualifiedName)
        return switch slot.state {
        case .loaded(let loaded): ["name": name, "state": "loaded", "version": .string(loaded.model.version)]
        case .failed: ["name": name, "state": "failed"]
        case .loading: ["name": name, "state": "loading"]
        }
    }

    private func location(_ address: SocketAddress) -> String {
        switch address {
        case .internet: "http://\(address)"
        case .unix: "\(address)"
        }
    }

    private func modelLine(_ slot: ModelSlot) -> String {
        let name = slot.entry.label
        switch slot.state {
        case .loaded(let loaded):
            let endpoint =
                slot.entry.createEndpoint
                ? slot.entry.paths.map { "POST \($0)/prediction" }.joined(separator: ", ") : "no endpoint of its own"
            return "\(slot.entry.qualifiedName) \(loaded.model.version): \(loaded.summary); \(endpoint)"
        case .failed(let reason): return "\(name): FAILED: \(reason)"
        case .loading: return "\(name): loading"
        }
    }

    private func byteCount(_ count: Int) -> String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where count.isMultiple(of: size) {
            return "\(count / size) \(unit)"
        }
        return "\(count) B"
    }

    private func seconds(_ duration: Duration) -> String {
        "\(Double(milliseconds(duration)) / 1000) s"
    }
}
