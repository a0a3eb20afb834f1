package import YAML

/// The `metrics:` section.
package struct MetricsConfiguration: Sendable, Hashable {
    /// Whether `GET /metrics` answers; default false.
    package var isEnabled = false
    /// The whole section, unread; nil when the file has none.
    package var section: Node?

    package init() {}
}

extension Expected<MetricsConfiguration> {
    /// Keys of the reference's section that are accepted and warned about.
    private static let withoutEffect = [
        "should_group_status_codes", "should_ignore_untemplated", "should_group_untemplated",
        "should_round_latency_decimals", "should_respect_env_var", "should_instrument_requests_inprogress",
        "excluded_handlers", "body_handlers", "round_latency_decimals", "env_var_name", "inprogress_name",
        "inprogress_labels",
    ]

    static var metrics: Expected {
        .mapping { reader in
            var metrics = MetricsConfiguration()
            metrics.isEnabled = reader.value(
                "enabled", .bool, default: metrics.isEnabled, about: "Whether GET /metrics answers.")
            metrics.section = reader.cursor.node
            for key in withoutEffect {
                reader.ignore(key, "has no effect")
            }
            return metrics
        }
    }
}
