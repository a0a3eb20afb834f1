import HTTPServer

/// What `X-Request-Timeout` says: how long the client waits for its prediction.
///
/// ```
/// X-Request-Timeout = 1*DIGIT [ "." 1*DIGIT ] [ "s" / "ms" ]     without a unit, seconds
/// ```
enum RequestTimeout {
    /// The most bytes of the field, 32.
    private static let byteLimit = 32

    /// - Parameter limit: what a longer time is cut to.
    /// - Returns: `nil` when the field is not of that form.
    static func duration(_ field: Span<UInt8>, upTo limit: Duration) -> Duration? {
        guard field.count <= byteLimit else { return nil }
        let isInMilliseconds = field.hasSuffix("ms")
        let unitLength = isInMilliseconds ? 2 : field.hasSuffix("s") ? 1 : 0
        let number = field.extracting(droppingLast: unitLength)
        guard number.count > 0, isDigit(number[0]), isDigit(number[number.count - 1]) else { return nil }
        for index in number.indices where !isDigit(number[index]) && number[index] != UInt8(ascii: ".") { return nil }
        // Digits and points alone: what is left to refuse is more than one point.
        let text = number.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let value = Double(text) else { return nil }
        let seconds = isInMilliseconds ? value / 1_000 : value
        return seconds < limit / .seconds(1) ? .seconds(seconds) : limit
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// What is wrong with a field of another form, in the words of all validation.
    static let mistake =
        "Field 'header, x-request-timeout' has error 'time_delta_parsing', "
        + "Input should be a number of seconds, such as 1.5 or 2s, or of milliseconds, such as 250ms."
}
