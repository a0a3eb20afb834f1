internal import CZlib

/// Why compressed parameters can't be had.
package enum GzipError: Error, Hashable, CustomStringConvertible {
    case damaged
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .damaged: "this is no whole gzip file; compress it anew"
        case .tooLarge(let limit):
            "it has more than \(limit) bytes once decompressed, the most that are read"
        }
    }
}

/// The content of a gzip file (RFC 1952) of one or several members.
///
/// - Parameter limit: the most bytes that the content may have.
package func decompressed(gzip bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    var content = [UInt8](repeating: 0, count: min(max(4 * bytes.count, 1 << 16), limit))
    var count = 0
    var next = 0
    repeat {
        try inflateMember(bytes, from: &next, into: &content, &count, limit: limit)
    } while next < bytes.count
    content.removeLast(content.count - count)
    return content
}

private func inflateMember(
    _ bytes: [UInt8], from next: inout Int, into content: inout [UInt8], _ count: inout Int, limit: Int
) throws(GzipError) {
    var stream = z_stream()
    // 16 asks for the gzip form and its check sum; 15 is the largest window.
    guard inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        throw .damaged
    }
    defer { inflateEnd(&stream) }
    while true {
        if count == content.count {
            guard count < limit else { throw .tooLarge(limit: limit) }
            content.append(contentsOf: repeatElement(0, count: min(max(count, 1), limit - count)))
        }
        let room = min(content.count - count, Int(Int32.max))
        let available = min(bytes.count - next, Int(Int32.max))
        let code = bytes.withUnsafeBufferPointer { input in
            content.withUnsafeMutableBufferPointer { output in
                // zlib reads through a pointer that it does not call constant.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + next)
                stream.avail_in = UInt32(available)
                stream.next_out = output.baseAddress! + count
                stream.avail_out = UInt32(room)
                return inflate(&stream, Z_NO_FLUSH)
            }
        }
        next += available - Int(stream.avail_in)
        count += room - Int(stream.avail_out)
        if code == Z_STREAM_END { return }
        // Without input left and without an end, the file was cut short.
        guard code == Z_OK, next < bytes.count || count == content.count else { throw .damaged }
    }
}
