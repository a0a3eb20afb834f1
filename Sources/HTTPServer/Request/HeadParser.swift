/// Reads a request's head in one pass (RFC 9112 §2 to §5).
///
/// The bytes decide, not how they arrive: the first mistake in the order of the bytes is the one that is reported, so
/// that a head parsed again whenever more of it is there comes to the same end.
extension RequestHead {
    /// Parses the head at the start of `bytes`.
    ///
    /// - Returns: the head's length with its empty line; `nil` when more bytes are needed.
    /// - Throws: the first mistake; ``RequestMistake/headTooLarge(limit:)`` when `maximumBytes` bytes hold no whole head.
    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(RequestMistake) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        reset()
        if let length = try scan(start, min(bytes.count, maximumBytes)) { return length }
        if bytes.count >= maximumBytes { throw .headTooLarge(limit: maximumBytes) }
        return nil
    }

    private mutating func scan(_ bytes: UnsafePointer<UInt8>, _ end: Int) throws(RequestMistake) -> Int? {
        var at = 0
        // RFC 9112 §2.2: an empty line before the request line is forgiven; old clients end a body with one.
        if bytes[0] == carriageReturn {
            guard end >= 2 else { return nil }
            guard bytes[1] == lineFeed else { throw .badLineEnd }
            at = 2
        }
        guard let fieldsStart = try scanRequestLine(bytes, at, end) else { return nil }
        at = fieldsStart
        while true {
            guard at < end else { return nil }
            if bytes[at] == carriageReturn {
                guard at + 1 < end else { return nil }
                guard bytes[at + 1] == lineFeed else { throw .badLineEnd }
                try conclude()
                return at + 2
            }
            guard fieldCount < maximumFields else { throw .tooManyFields(limit: maximumFields) }
            guard let line = try scanFieldLine(bytes, at, end, into: &fields[fieldCount]) else { return nil }
            try note(fields[fieldCount], bytes)
            fieldCount += 1
            at = line
        }
    }

    // MARK: The request line

    private mutating func scanRequestLine(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(RequestMistake) -> Int? {
        var at = start
        while at < end, ByteSet.token.contains(bytes[at]) { at += 1 }
        guard at < end else { return nil }
        guard bytes[at] == space, at > start else { throw .badMethod }
        methodToken = ByteRange(start, at)
        method = Method(UnsafeBufferPointer(start: bytes + start, count: at - start))
        if method == .connect { throw .connectUnsupported }
        at += 1

        let target = at
        var question = -1
        while at < end {
            let byte = bytes[at]
            if !ByteSet.target.contains(byte) {
                if byte == UInt8(ascii: "%") {
                    hasEscapes = true
                } else if byte == UInt8(ascii: "?") {
                    if question < 0 { question = at }
                } else {
                    break
                }
            }
            at += 1
        }
        guard at < end else { return nil }
        guard at > target else { throw .badTarget }
        guard bytes[at] == space else {
            throw bytes[at] == carriageReturn || bytes[at] == lineFeed ? .badRequestLine : .badTarget
        }
        try split(bytes, target, at, question: question)
        return try scanVersion(bytes, at + 1, end)
    }

    /// RFC 9112 §3.2: origin-form, absolute-form or, for OPTIONS, asterisk-form.
    private mutating func split(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, question: Int
    ) throws(RequestMistake) {
        let pathEnd = question < 0 ? end : question
        query = question < 0 ? nil : ByteRange(question + 1, end)
        if bytes[start] == UInt8(ascii: "/") {
            path = ByteRange(start, pathEnd)
        } else if bytes[start] == UInt8(ascii: "*") {
            guard end == start + 1, method == .options else { throw .badTarget }
            isAsterisk = true
        } else {
            let authority = start + (try schemeLength(bytes, start, pathEnd))
            var at = authority
            while at < pathEnd, bytes[at] != UInt8(ascii: "/") {
                // RFC 9110 §4.2.4: user information in a target is an error.
                guard isHostByte(bytes[at]) else { throw .badTarget }
                at += 1
            }
            guard at > authority else { throw .badTarget }
            path = ByteRange(at, pathEnd)
            isAsterisk = method == .options && at == end
        }
        if hasEscapes { try checkEscapes(bytes, start, end) }
    }

    private func schemeLength(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(RequestMistake) -> Int {
        if end - start >= 7, equals(bytes + start, 7, ignoringCase: "http://") { return 7 }
        if end - start >= 8, equals(bytes + start, 8, ignoringCase: "https://") { return 8 }
        throw .badTarget
    }

    private func checkEscapes(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) throws(RequestMistake) {
        var at = start
        while at < end {
            if bytes[at] == UInt8(ascii: "%") {
                guard at + 2 < end, let high = hexadecimalValue(bytes[at + 1]),
                    let low = hexadecimalValue(bytes[at + 2]), high | low != 0
                else { throw .badEscape }
                at += 2
            }
            at += 1
        }
    }

    private mutating func scanVersion(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(RequestMistake) -> Int? {
        // HTTP/1.1 CR LF
        guard end - start >= 10 else { return nil }
        let name: StaticString = "HTTP/"
        for index in 0..<5 where bytes[start + index] != name.utf8Start[index] { throw .badRequestLine }
        guard let major = decimalValue(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."),
            let minor = decimalValue(bytes[start + 7])
        else { throw .badRequestLine }
        guard bytes[start + 8] == carriageReturn else {
            throw bytes[start + 8] == lineFeed ? .badLineEnd : .badRequestLine
        }
        guard bytes[start + 9] == lineFeed else { throw .badLineEnd }
        guard major == 1 else { throw .unsupportedVersion }
        minorVersion = minor
        return start + 10
    }
}

/// Scans one field line (RFC 9112 §5), of a head or of a chunked body's trailer section.
///
/// - Returns: where the next line starts; `nil` when the line is not all there.
@inline(__always)
func scanFieldLine(
    _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, into line: inout FieldLine
) throws(RequestMistake) -> Int? {
    var at = start
    if bytes[at] == space || bytes[at] == tab { throw .foldedField }
    while at < end, ByteSet.token.contains(bytes[at]) { at += 1 }
    guard at < end else { return nil }
    guard bytes[at] == UInt8(ascii: ":") else {
        switch bytes[at] {
        case space, tab: throw .spaceBeforeColon
        case lineFeed: throw .badLineEnd
        default: throw .badFieldName
        }
    }
    guard at > start else { throw .badFieldName }
    line.name = ByteRange(start, at)
    at += 1
    while at < end, bytes[at] == space || bytes[at] == tab { at += 1 }
    let valueStart = at
    at = skipFieldText(bytes, at, end)
    guard at < end else { return nil }
    guard bytes[at] == carriageReturn else { throw bytes[at] == lineFeed ? .badLineEnd : .badFieldValue }
    guard at + 1 < end else { return nil }
    guard bytes[at + 1] == lineFeed else { throw .badLineEnd }
    var valueEnd = at
    while valueEnd > valueStart, bytes[valueEnd - 1] == space || bytes[valueEnd - 1] == tab { valueEnd -= 1 }
    line.value = ByteRange(valueStart, valueEnd)
    return at + 2
}

/// The index of the first byte that is no field text: a control character other than the tab.
@inline(__always)
private func skipFieldText(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while true {
        // Eight bytes at a time: the high bit of each stays clear while the byte is neither below 0x20 nor 0x7F.
        while at + 8 <= end {
            let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self)
            let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let isControl = (word &- 0x2020_2020_2020_2020) & ~word
            let isDelete = (delete &- 0x0101_0101_0101_0101) & ~delete
            if (isControl | isDelete) & 0x8080_8080_8080_8080 != 0 { break }
            at += 8
        }
        // A tab, the end, or what stops us is within the next eight bytes.
        while at < end, bytes[at] >= 0x20 && bytes[at] != 0x7F { at += 1 }
        guard at < end, bytes[at] == tab else { return at }
        at += 1
    }
}

let carriageReturn = UInt8(ascii: "\r")
let lineFeed = UInt8(ascii: "\n")
let space = UInt8(ascii: " ")
let tab = UInt8(ascii: "\t")

@inline(__always)
func decimalValue(_ byte: UInt8) -> UInt8? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
}

/// Whether a byte may be in a host with a port, also an IPv6 address in brackets.
func isHostByte(_ byte: UInt8) -> Bool {
    ByteSet.host.contains(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
}

/// Whether `count` bytes are `text`, whatever the case of their letters.
@inline(__always)
func equals(_ bytes: UnsafePointer<UInt8>, _ count: Int, ignoringCase text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let text = text.utf8Start
    for index in 0..<count where lowercase(bytes[index]) != lowercase(text[index]) { return false }
    return true
}

@inline(__always)
private func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
