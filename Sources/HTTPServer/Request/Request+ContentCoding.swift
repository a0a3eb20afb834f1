extension Request {
    /// Whether `Accept-Encoding` lists `gzip`, or `*` and not `gzip`, with a weight above 0 (RFC 9110 §12.5.3).
    ///
    /// Without the field any coding would do, but who writes none often decodes none: that is no. Makes strings, so it
    /// is not for the path of a prediction.
    package var acceptsGzip: Bool {
        var accepted: (gzip: Bool?, any: Bool?) = (nil, nil)
        for index in 0..<fieldCount where isField(index, called: "accept-encoding") {
            let value = fieldValue(index).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            for element in value.lowercased().split(separator: ",") {
                let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
                switch parts[0] {
                case "gzip", "x-gzip": accepted.gzip = hasWeight(parts.dropFirst())
                case "*": accepted.any = hasWeight(parts.dropFirst())
                default: continue
                }
            }
        }
        return accepted.gzip ?? accepted.any ?? false
    }
}

/// Whether the parameters of an element leave it a weight above 0: `q=0`, `q=0.000` and what is no weight do not.
private func hasWeight(_ parameters: ArraySlice<Substring>) -> Bool {
    guard let parameter = parameters.first else { return true }
    return parameters.count == 1 && parameter.hasPrefix("q=") && (Double(parameter.dropFirst(2)) ?? 0) > 0
}

private func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return start.prefix(start.count - start.reversed().prefix { $0 == " " || $0 == "\t" }.count)
}
