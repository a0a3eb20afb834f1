internal import Glibc

/// Decodes a chunked body in its place (RFC 9112 §7.1), as far as it has arrived.
///
/// ```
///   bodyStart      bodyEnd                                end
///   │ decoded body │ not decoded: less than a line, or    │
///   │              │ nothing, once `decode` has run       │
/// ```
///
/// The body never needs more memory than it has content, whatever the chunks' sizes promise.
struct ChunkedDecoder {
    /// The longest line with a chunk's size and extensions: 4096 bytes.
    static let maximumLineBytes = 4096
    /// Framing that a body may have beyond what its chunks' content pays for: 16 KiB.
    ///
    /// A chunk pays for 16 bytes of framing and twice its content; what is beyond that is an extension for the sake
    /// of making us read it.
    static let maximumExcessBytes = 16 * 1024

    private enum State {
        case size
        case content(remaining: Int)
        case contentEnd
        case trailers
    }

    private var state = State.size
    private var excess = 0
    private var trailerBytes = 0
    private var trailerFields = 0

    /// Offset of the body in the message.
    let bodyStart: Int
    /// Offset of the end of what is decoded.
    private(set) var bodyEnd: Int

    init(at bodyStart: Int) {
        self.bodyStart = bodyStart
        bodyEnd = bodyStart
    }

    /// Limits of a decoder.
    struct Limits {
        let bodyBytes: Int
        let trailerBytes: Int
        let trailerFields: Int
    }

    /// Decodes what is there.
    ///
    /// - Parameters:
    ///   - bytes: the message.
    ///   - end: where the bytes that have arrived end; lower afterwards when chunks were joined and more is needed.
    /// - Returns: the offset of what follows the body; `nil` when more bytes are needed.
    mutating func decode(
        _ bytes: UnsafeMutablePointer<UInt8>, to end: inout Int, _ limits: Limits
    ) throws(RequestMistake) -> Int? {
        var at = bodyEnd
        while true {
            let next: Int?
            switch state {
            case .size: next = try decodeSize(bytes, at, end, limits)
            case .content(let remaining): next = moveContent(bytes, at, end, remaining)
            case .contentEnd: next = try decodeContentEnd(bytes, at, end)
            case .trailers:
                if at + 1 < end, bytes[at] == carriageReturn, bytes[at + 1] == lineFeed { return at + 2 }
                next = try decodeTrailer(bytes, at, end, limits)
            }
            guard let next else { break }
            at = next
        }
        if case .content = state {
            end = bodyEnd
        } else {
            memmove(bytes + bodyEnd, bytes + at, end - at)
            end = bodyEnd + (end - at)
        }
        return nil
    }

    private mutating func decodeSize(
        _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ arrived: Int, _ limits: Limits
    ) throws(RequestMistake) -> Int? {
        let end = min(arrived, start + Self.maximumLineBytes)
        func needMore() throws(RequestMistake) -> Int? {
            if end < arrived { throw .badChunk }
            return nil
        }
        var at = start
        var size = 0
        while at < end, let digit = hexadecimalValue(bytes[at]) {
            guard size <= Int.max >> 4 else { throw .badChunk }
            size = size << 4 | Int(digit)
            at += 1
        }
        guard at < end else { return try needMore() }
        guard at > start else { throw .badChunk }
        if bytes[at] != carriageReturn {
            // RFC 9112 §7.1.1: white space may stand before an extension's semicolon, and nowhere else.
            while at < end, bytes[at] == space || bytes[at] == tab { at += 1 }
            guard at < end else { return try needMore() }
            guard bytes[at] == UInt8(ascii: ";") else { throw .badChunk }
            while at < end, bytes[at] >= space && bytes[at] != 0x7F || bytes[at] == tab { at += 1 }
            guard at < end else { return try needMore() }
            guard bytes[at] == carriageReturn else { throw .badChunk }
        }
        guard at + 1 < end else { return try needMore() }
        guard bytes[at + 1] == lineFeed else { throw .badChunk }
        guard size <= limits.bodyBytes - (bodyEnd - bodyStart) else { throw .bodyTooLarge(limit: limits.bodyBytes) }
        // `size` is within the limit, so doubling it does not overflow.
        excess = max(0, excess + (at + 2 - start) - 16 - 2 * size)
        if excess > Self.maximumExcessBytes { throw .excessiveChunking }
        state = size == 0 ? .trailers : .content(remaining: size)
        return at + 2
    }

    private mutating func moveContent(
        _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int, _ remaining: Int
    ) -> Int? {
        let count = min(remaining, end - start)
        memmove(bytes + bodyEnd, bytes + start, count)
        bodyEnd += count
        state = count == remaining ? .contentEnd : .content(remaining: remaining - count)
        return count == remaining ? start + count : nil
    }

    private mutating func decodeContentEnd(
        _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int
    ) throws(RequestMistake) -> Int? {
        guard start < end else { return nil }
        guard bytes[start] == carriageReturn else { throw .badChunk }
        guard start + 1 < end else { return nil }
        guard bytes[start + 1] == lineFeed else { throw .badChunk }
        state = .size
        return start + 2
    }

    /// Trailer fields are checked and dropped: RFC 9110 §6.5.1 lets nobody merge them into the head unasked.
    private mutating func decodeTrailer(
        _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ arrived: Int, _ limits: Limits
    ) throws(RequestMistake) -> Int? {
        let end = min(arrived, start + limits.trailerBytes - trailerBytes)
        func needMore() throws(RequestMistake) -> Int? {
            if end < arrived { throw .headTooLarge(limit: limits.trailerBytes) }
            return nil
        }
        guard start < end else { return try needMore() }
        if bytes[start] == carriageReturn {
            if start + 1 < end { throw .badLineEnd }
            return try needMore()
        }
        guard trailerFields < limits.trailerFields else { throw .tooManyFields(limit: limits.trailerFields) }
        var line = FieldLine()
        guard let next = try scanFieldLine(bytes, start, end, into: &line) else { return try needMore() }
        trailerFields += 1
        trailerBytes += next - start
        return next
    }
}
