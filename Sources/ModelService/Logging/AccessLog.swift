import Decorators
import EventLoop
import HTTPServer
import Modeling

/// One loop's records of what it has answered.
final class AccessLog {
    /// The most bytes of a path that a record has, 1024; the rest of a longer one is left out.
    static let pathByteLimit = 1_024
    /// The most bytes of a method that a record has, 32.
    static let methodByteLimit = 32

    private let configuration: AccessLogConfiguration
    private let log: Log
    private let slow: UInt64
    /// What of the next success is due: it is logged when this has come to 1.
    private var share: Double
    /// Whether a handler is left out, by its template.
    private var exclusions: [String: Bool] = [:]

    init(_ configuration: AccessLogConfiguration, _ log: Log) {
        self.configuration = configuration
        self.log = log.of(.access)
        slow = configuration.slow?.clampedNanoseconds ?? .max
        // The first success is logged, so that one sees that there is a log.
        share = configuration.sample > 0 ? 1 - configuration.sample : 0
    }

    /// What the server tells this log.
    var observer: RequestObserver {
        RequestObserver(makeRequestID: UUIDText.random) { [self] in note($0, $1) }
    }

    func note(_ request: ObservedRequest, _ answer: ObservedAnswer) {
        if let template = request.template, isExcluded(template) { return }
        let isSlow = answer.nanoseconds >= slow
        guard answer.status >= 400 || isSlow || isDue() else { return }
        let method = request.method.cut(to: Self.methodByteLimit)
        let path = request.path.cut(to: Self.pathByteLimit)
        let milliseconds = Double(answer.nanoseconds / 1_000) / 1_000
        // What can't be read has neither.
        let target = "\(method.isEmpty ? "-" : method) \(path.isEmpty ? "-" : path)"
        log.write(
            answer.status >= 500 || isSlow ? .warning : .info,
            "\(target) \(answer.status) in \(milliseconds) ms", fields(request, answer),
            said: [
                .init("method", .string(method)), .init("path", .string(path)),
                .init("status", .integer(Int(answer.status))), .init("duration_ms", .number(milliseconds)),
            ])
    }

    private func fields(_ request: ObservedRequest, _ answer: ObservedAnswer) -> [JSON.Member] {
        var fields: [JSON.Member] = []
        if !request.requestID.isEmpty { fields.append(.init("request_id", .string(request.requestID))) }
        for note in answer.notes { fields.append(.init("\(note.name)", .string(note.value))) }
        if let template = request.template { fields.append(.init("route", .string(template))) }
        fields.append(.init("request_bytes", .integer(request.byteCount)))
        fields.append(.init("response_bytes", .integer(answer.byteCount)))
        if let client = request.client { fields.append(.init("client", .string(client))) }
        return fields
    }

    private func isExcluded(_ template: String) -> Bool {
        if let known = exclusions[template] { return known }
        let isExcluded = configuration.exclude.contains { $0.matches(template) }
        exclusions[template] = isExcluded
        return isExcluded
    }

    /// Whether this success is one that is logged: of `n` in a row, `n` times the sample.
    private func isDue() -> Bool {
        share += configuration.sample
        guard share >= 1 else { return false }
        share -= 1
        return true
    }
}

extension String {
    /// The first bytes, and an ellipsis for the others.
    func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        return String(decoding: utf8.prefix(limit), as: UTF8.self) + "…"
    }
}
