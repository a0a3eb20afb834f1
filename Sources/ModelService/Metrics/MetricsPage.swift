/// Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0.
struct MetricsPage {
    enum Format: Sendable {
        case prometheus, openMetrics

        var contentType: StaticString {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    enum Kind: String {
        case counter, gauge, histogram, summary
    }

    /// Names and values, in the order in which they are written.
    struct Labels: ExpressibleByDictionaryLiteral {
        fileprivate var pairs: [(name: StaticString, value: String)]

        init(dictionaryLiteral elements: (StaticString, String)...) { pairs = elements.map { ($0, $1) } }

        static func + (some: Labels, others: Labels) -> Labels {
            var all = some
            all.pairs += others.pairs
            return all
        }
    }

    let format: Format
    private(set) var bytes: [UInt8] = []

    init(_ format: Format) {
        self.format = format
    }

    /// Begins a family: all samples of one name stand together.
    ///
    /// - Parameter name: of a counter, with `_total`.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        // OpenMetrics names a counter's family without what its samples end in.
        let isShortened = format == .openMetrics && kind == .counter && name.hasSuffix("_total")
        let name = isShortened ? String(name.dropLast("_total".count)) : name
        append("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
    }

    mutating func sample(_ name: String, _ labels: Labels, _ value: some Numeric) {
        sample(name, labels, extra: nil, "\(value)")
    }

    mutating func sample(_ name: String, _ value: some Numeric) {
        sample(name, [:], value)
    }

    /// A histogram of durations.
    ///
    /// - Parameters:
    ///   - buckets: how many durations fell into each bucket of `bounds`, and into none.
    ///   - kept: the bounds that are written, in nanoseconds; all when left out.
    mutating func histogram(
        _ name: String, _ labels: Labels = [:], bounds: [UInt64], _ buckets: [UInt64], nanoseconds: UInt64,
        kept: Set<UInt64>? = nil
    ) {
        var sum: UInt64 = 0
        for (bound, count) in zip(bounds, buckets) {
            sum += count
            if kept?.contains(bound) ?? true {
                sample(name + "_bucket", labels, extra: ("le", "\(Double(bound) / 1e9)"), "\(sum)")
            }
        }
        sum += buckets[bounds.count]
        sample(name + "_bucket", labels, extra: ("le", "+Inf"), "\(sum)")
        sample(name + "_count", labels, sum)
        sample(name + "_sum", labels, Double(nanoseconds) / 1e9)
    }

    /// Ends the page.
    mutating func end() {
        if format == .openMetrics { append("# EOF\n") }
    }

    private mutating func sample(
        _ name: String, _ labels: Labels, extra: (StaticString, String)?, _ value: String
    ) {
        append(name)
        if !labels.pairs.isEmpty || extra != nil {
            append("{")
            for (index, label) in labels.pairs.enumerated() {
                if index > 0 { append(",") }
                append(label.name, label.value)
            }
            if let extra {
                if !labels.pairs.isEmpty { append(",") }
                append(extra.0, extra.1)
            }
            append("}")
        }
        append(" \(value)\n")
    }

    private mutating func append(_ label: StaticString, _ value: String) {
        append("\(label)=\"")
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": append("\\\\")
            case "\"": append("\\\"")
            case "\n": append("\\n")
            default: append(String(scalar))
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
