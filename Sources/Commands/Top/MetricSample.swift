/// One sample of a metrics page.
struct MetricSample: Hashable, Sendable {
    struct Label: Hashable, Sendable {
        let name: String
        let value: String
    }

    let name: String
    /// In the page's order.
    let labels: [Label]
    let value: Double

    /// The value of a label; `nil` without it.
    subscript(label: String) -> String? {
        labels.first { $0.name == label }?.value
    }
}

extension MetricSample {
    /// Reads a line of Prometheus's text format 0.0.4 or of OpenMetrics: `name{label="value"} 1.5`.
    ///
    /// - Returns: `nil` for a comment, an empty line, and one that is neither: a page that has something new in it is
    ///   shown without that. Timestamps and exemplars are passed over.
    init?(line: some Collection<UInt8>) {
        var reader = SampleReader(line)
        reader.skipSpace()
        guard let name = reader.word(until: [UInt8(ascii: "{")]), name.first != "#" else { return nil }
        reader.skipSpace()
        guard let labels = reader.labels() else { return nil }
        reader.skipSpace()
        guard let text = reader.word(until: []), let value = Double(text) else { return nil }
        self.init(name: name, labels: labels, value: value)
    }

    /// All samples of a page, in its order.
    static func samples(of page: [UInt8]) -> [MetricSample] {
        page.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.compactMap { MetricSample(line: $0) }
    }
}

/// Takes a line apart, byte by byte.
private struct SampleReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ line: some Collection<UInt8>) {
        bytes = Array(line)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    mutating func skipSpace() {
        while let byte = next, Self.isSpace(byte) { index += 1 }
    }

    /// What comes before space or one of `ends`; `nil` for nothing.
    mutating func word(until ends: [UInt8]) -> String? {
        let start = index
        while let byte = next, !Self.isSpace(byte), !ends.contains(byte) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    /// What stands in braces; none when there are none, `nil` when they are not closed or hold something else.
    mutating func labels() -> [MetricSample.Label]? {
        var labels: [MetricSample.Label] = []
        guard take(UInt8(ascii: "{")) else { return labels }
        while true {
            skipSpace()
            if take(UInt8(ascii: "}")) { return labels }
            guard let name = word(until: Array("=\"}".utf8)) else { return nil }
            skipSpace()
            guard take(UInt8(ascii: "=")) else { return nil }
            skipSpace()
            guard take(UInt8(ascii: "\"")), let value = quoted() else { return nil }
            labels.append(MetricSample.Label(name: name, value: value))
            skipSpace()
            guard take(UInt8(ascii: ",")) || next == UInt8(ascii: "}") else { return nil }
        }
    }

    /// What comes before the closing quote, with `\\`, `\"` and `\n` for what they stand for.
    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = next else { return nil }
                index += 1
                text.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
            default: text.append(byte)
            }
        }
        return nil
    }
}
