@testable import HTTPServer

/// Parses a head whole and in parts: the parts may ask for more bytes, and come to no other end than the whole.
func readHead(_ bytes: [UInt8]) {
    let whole = end(of: bytes, bytes.count)
    for part in Set([bytes.count / 3, bytes.count / 2, bytes.count - 1]) where part > 0 && part < bytes.count {
        let early = end(of: bytes, part)
        precondition(early == .unfinished || early == whole, "\(part) bytes: \(early), all: \(whole)")
    }
}

private enum End: Equatable {
    case unfinished
    case head(length: Int, fieldCount: Int, framing: Framing, keepsAlive: Bool)
    case refused(RequestMistake)
}

private func end(of bytes: [UInt8], _ count: Int) -> End {
    var head = RequestHead(maximumBytes: 1024, maximumFields: 8)
    // A copy of as many bytes as there are, so that a read beyond them is seen.
    let part = Array(bytes[..<count])
    do throws(RequestMistake) {
        guard let length = try part.withUnsafeBufferPointer({ (bytes) throws(RequestMistake) in try head.parse(bytes) })
        else { return .unfinished }
        precondition(length <= count && head.fieldCount <= 8)
        for index in 0..<head.fieldCount {
            precondition(head.fields[index].name.range.upperBound <= length)
            precondition(head.fields[index].value.range.upperBound <= length)
        }
        precondition(head.path.range.upperBound <= length)
        return .head(
            length: length, fieldCount: head.fieldCount, framing: head.framing, keepsAlive: head.keepsAlive)
    } catch {
        return .refused(error)
    }
}
