internal import YAML

/// The `metrics:` section: whether `GET /metrics` answers, and with what.
package struct MetricsConfiguration: Sendable, Hashable {
    /// Whether requests are counted and `GET /metrics` answers; default false.
    package var isEnabled = false
    /// Handlers that are left out of what is told of requests; default none.
    package var excludedHandlers: [HandlerPattern] = []
    /// Whether statuses are told by their hundred, `2xx`; default true.
    package var groupsStatusCodes = true
    /// Whether requests for paths that the service does not have are left out; default false.
    package var ignoresUntemplated = false
    /// The name of the gauge of requests that wait for their answer; default none, and no gauge.
    package var inProgressName: String?

    package init() {}
}

extension Expected<MetricsConfiguration> {
    /// Keys of the reference's section that are accepted and warned about.
    private static let withoutEffect: KeyValuePairs = [
        "should_group_untemplated": "has no effect: unknown paths are one handler, 'none'",
        "should_round_latency_decimals": "has no effect: latencies are told as they are",
        "round_latency_decimals": "has no effect: latencies are told as they are",
        "should_respect_env_var": "has no effect; write 'enabled: ${ENABLE_METRICS:-false}'",
        "env_var_name": "has no effect; write 'enabled: ${ENABLE_METRICS:-false}'",
        "body_handlers": "has no effect: sizes are told of every handler",
        "inprogress_labels": "has no effect: the gauge has no labels",
    ]

    static var metrics: Expected {
        .mapping { reader in
            var metrics = MetricsConfiguration()
            metrics.isEnabled = reader.value(
                "enabled", .bool, default: metrics.isEnabled, about: "Whether GET /metrics answers.")
            metrics.excludedHandlers = reader.value(
                "excluded_handlers", .sequence(of: .handlerPattern), default: metrics.excludedHandlers,
                about: "Regular expressions (POSIX extended) of the handlers that are left out.")
            metrics.groupsStatusCodes = reader.value(
                "should_group_status_codes", .bool, default: metrics.groupsStatusCodes,
                about: "Whether statuses are told by their hundred, 2xx.")
            metrics.ignoresUntemplated = reader.value(
                "should_ignore_untemplated", .bool, default: metrics.ignoresUntemplated,
                about: "Whether requests for paths that the service does not have are left out.")
            let name = reader.value(
                "inprogress_name", .metricName, default: "http_requests_inprogress",
                about: "The name of the gauge of requests that wait for their answer.")
            let isWanted = reader.value(
                "should_instrument_requests_inprogress", .bool, default: false,
                about: "Whether there is a gauge of requests that wait for their answer.")
            metrics.inProgressName = isWanted ? name : nil
            for (key, why) in withoutEffect { reader.ignore(key, why) }
            return metrics
        }
    }
}

extension Expected<HandlerPattern> {
    static var handlerPattern: Expected {
        Expected<String>.string.map { text, cursor in
            if let pattern = HandlerPattern(text) { return pattern }
            cursor.refuse("must be a POSIX regular expression, such as ^/api/health, with [0-9] for \\d")
            return nil
        }
    }
}

extension Expected<String> {
    /// The name of a metric, as Prometheus takes it.
    fileprivate static var metricName: Expected {
        nonEmptyString.shaped(.text(matching: "^[A-Za-z_:][A-Za-z0-9_:]*$")).checked { name in
            let isName = name.utf8.enumerated().allSatisfy { offset, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                    UInt8(ascii: ":"):
                    true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): offset > 0
                default: false
                }
            }
            guard isName else { return "must be letters, digits, '_' and ':', and begin with no digit" }
            return ServiceMetrics.isTaken(name) ? "must not be, or end as, the name of another metric" : nil
        }
    }
}
