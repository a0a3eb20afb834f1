/// The fields that the server itself understands: those that frame a message and manage its connection, and the one
/// that names it.
extension RequestHead {
    /// Notes what one field says.
    mutating func note(_ line: FieldLine, _ bytes: UnsafePointer<UInt8>) throws(RequestMistake) {
        let name = bytes + Int(line.name.start)
        let count = line.name.count
        switch count {
        case 4 where equals(name, count, ignoringCase: "host"):
            hostCount += 1
            if hostCount > 1 { throw .repeatedHost }
            try checkHost(bytes, line.value)
        case 6 where equals(name, count, ignoringCase: "expect"):
            try noteExpectation(bytes, line.value)
        case 10 where equals(name, count, ignoringCase: "connection"):
            forEachElement(bytes, line.value) { element, count in
                if equals(element, count, ignoringCase: "close") { saidClose = true }
                if equals(element, count, ignoringCase: "keep-alive") { saidKeepAlive = true }
            }
        case 12 where equals(name, count, ignoringCase: "x-request-id"):
            requestIDCount += 1
            let isValid = requestIDCount == 1 && RequestID.isValid(bytes + Int(line.value.start), line.value.count)
            requestID = isValid ? line.value : ByteRange()
        case 14 where equals(name, count, ignoringCase: "content-length"):
            try noteContentLength(bytes, line.value)
        case 17 where equals(name, count, ignoringCase: "transfer-encoding"):
            try noteTransferEncoding(bytes, line.value)
        default: break
        }
    }

    /// Draws the conclusions at the end of the head.
    mutating func conclude() throws(RequestMistake) {
        let isHTTP11 = minorVersion >= 1
        if hostCount == 0, isHTTP11 { throw .missingHost }
        if codings.isPresent {
            // RFC 9112 §6.1: both framings, or a coding in HTTP/1.0, is how requests are smuggled.
            if hasContentLength { throw .conflictingFraming }
            if !isHTTP11 { throw .transferEncodingInHTTP10 }
            // RFC 9112 §6.3 rule 4: a length that cannot be determined is a bad request.
            if !codings.endsChunked || codings.hasEarlyChunked { throw .badTransferEncoding }
            if codings.hasUnknown { throw .unknownTransferCoding }
            framing = .chunked
        } else if hasContentLength, contentLength > 0 {
            framing = .length(contentLength)
        }
        keepsAlive = !saidClose && (isHTTP11 || saidKeepAlive)
        // RFC 9110 §10.1.1: ignored in HTTP/1.0.
        expectsContinue = saidContinue && isHTTP11 && framing != .none
    }

    /// RFC 9110 §7.2: a host and an optional port, or nothing.
    private func checkHost(_ bytes: UnsafePointer<UInt8>, _ value: ByteRange) throws(RequestMistake) {
        var at = Int(value.start)
        let end = Int(value.end)
        if at < end, bytes[at] == UInt8(ascii: "[") {
            at += 1
            while at < end, bytes[at] == UInt8(ascii: ":") || ByteSet.host.contains(bytes[at]) { at += 1 }
            guard at < end, bytes[at] == UInt8(ascii: "]") else { throw .badHost }
            at += 1
        } else {
            while at < end, ByteSet.host.contains(bytes[at]) { at += 1 }
        }
        guard at < end else { return }
        guard bytes[at] == UInt8(ascii: ":"), at > value.start else { throw .badHost }
        for index in at + 1..<end where decimalValue(bytes[index]) == nil { throw .badHost }
    }

    private mutating func noteExpectation(_ bytes: UnsafePointer<UInt8>, _ value: ByteRange) throws(RequestMistake) {
        guard minorVersion >= 1 else { return }
        guard equals(bytes + Int(value.start), value.count, ignoringCase: "100-continue") else {
            throw .unknownExpectation
        }
        saidContinue = true
    }

    /// RFC 9110 §8.6: digits.
    ///
    /// A number that does not fit is larger than every limit.
    private mutating func noteContentLength(_ bytes: UnsafePointer<UInt8>, _ value: ByteRange) throws(RequestMistake) {
        if hasContentLength { throw .repeatedContentLength }
        guard value.count > 0 else { throw .badContentLength }
        var length = 0
        for index in value.range {
            guard let digit = decimalValue(bytes[index]) else { throw .badContentLength }
            length = length > Int.max / 10 - 1 ? Int.max : length * 10 + Int(digit)
        }
        hasContentLength = true
        contentLength = length
    }

    private mutating func noteTransferEncoding(
        _ bytes: UnsafePointer<UInt8>, _ value: ByteRange
    ) throws(RequestMistake) {
        codings.isPresent = true
        var count = 0
        forEachElement(bytes, value) { element, length in
            count += 1
            codings.append(isChunked: equals(element, length, ignoringCase: "chunked"))
        }
        if count == 0 { throw .badTransferEncoding }
    }
}

/// Calls `body` with every element of a comma-separated list, without the white space around it.
///
/// Empty elements count as elements: nobody but an attacker sends them.
@inline(__always)
private func forEachElement(
    _ bytes: UnsafePointer<UInt8>, _ value: ByteRange, _ body: (UnsafePointer<UInt8>, Int) -> Void
) {
    var start = Int(value.start)
    let end = Int(value.end)
    while start <= end {
        var comma = start
        while comma < end, bytes[comma] != UInt8(ascii: ",") { comma += 1 }
        var first = start
        var last = comma
        while first < last, bytes[first] == space || bytes[first] == tab { first += 1 }
        while last > first, bytes[last - 1] == space || bytes[last - 1] == tab { last -= 1 }
        body(bytes + first, last - first)
        start = comma + 1
    }
}
