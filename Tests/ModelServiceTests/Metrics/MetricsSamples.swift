import TestSupport

/// A page of metrics, read back as far as tests need it.
struct MetricsSamples {
    let text: String
    /// The values as written, by name and labels as written.
    let values: [String: String]
    /// The types, by the family's name.
    let types: [String: String]

    init(_ text: String) {
        self.text = text
        var (values, types): ([String: String], [String: String]) = ([:], [:])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") {
                types[String(words[2])] = String(words[3])
            } else if !line.hasPrefix("#"), let space = line.lastIndex(of: " ") {
                values[String(line[..<space])] = String(line[line.index(after: space)...])
            }
        }
        (self.values, self.types) = (values, types)
    }

    subscript(name: String) -> String? { values[name] }

    /// Those of one family whose labels contain `text`.
    func names(of family: String, containing text: String = "") -> Set<String> {
        Set(values.keys.filter { $0.hasPrefix(family + "{") && $0.contains(text) })
    }
}

extension HTTPClient {
    /// What `GET /metrics` tells.
    func metrics() throws -> MetricsSamples { MetricsSamples(try request("GET", "/metrics").body) }
}
