/// A path's segments, percent-decoded one by one, so that `%2F` never splits one (RFC 3986 §2.2, §3.3).
///
/// One value serves every request of a loop; a path without escapes is not copied.
struct PathSegments: ~Copyable {
    /// Deeper paths than this have no resource: 32.
    static let maximumDepth = 32

    /// The path as it is compared: in the message, or in `decoded`.
    private(set) var path: UnsafeBufferPointer<UInt8>
    private(set) var count = 0
    /// The path ends with a slash and is not the root.
    private(set) var hasTrailingSlash = false
    /// Whether the path has an empty segment inside, or too many: no resource has it.
    private(set) var isUnroutable = false

    /// Owned, `maximumDepth` elements, of which `count` mean something: where the segments are in `path`.
    let ranges: UnsafeMutablePointer<ByteRange>
    /// Owned, grows to the longest path that had escapes.
    private var decoded: UnsafeMutableBufferPointer<UInt8>

    init() {
        path = UnsafeBufferPointer(start: nil, count: 0)
        ranges = .allocate(capacity: Self.maximumDepth)
        ranges.initialize(repeating: ByteRange(), count: Self.maximumDepth)
        decoded = UnsafeMutableBufferPointer(start: nil, count: 0)
    }

    deinit {
        ranges.deallocate()
        decoded.deallocate()
    }

    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: path[ranges[index].range])
    }

    /// Splits a path whose escapes are known to be valid.
    ///
    /// It has to outlive the use of this value.
    mutating func split(_ raw: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        count = 0
        hasTrailingSlash = false
        isUnroutable = false
        if hasEscapes {
            decode(raw)
        } else {
            path = raw
            // An empty path, of an absolute form, is the root. The first byte of any other is a slash.
            var start = 1
            for index in stride(from: 1, to: raw.count, by: 1) where raw[index] == slash {
                append(start, index)
                start = index + 1
            }
            if raw.count > 1 { append(start, raw.count) }
        }
        if count > 0, ranges[count - 1].count == 0 {
            count -= 1
            hasTrailingSlash = true
        }
        for index in 0..<count where ranges[index].count == 0 { isUnroutable = true }
    }

    private mutating func append(_ start: Int, _ end: Int) {
        guard count < Self.maximumDepth else {
            isUnroutable = true
            return
        }
        ranges[count] = ByteRange(start, end)
        count += 1
    }

    private mutating func decode(_ raw: UnsafeBufferPointer<UInt8>) {
        if decoded.count < raw.count {
            decoded.deallocate()
            decoded = .allocate(capacity: max(raw.count, 256))
        }
        var written = 0
        var segment = 1
        var index = 0
        while index < raw.count {
            if raw[index] == slash, index > 0 {
                append(segment, written)
                segment = written + 1
            }
            if raw[index] == UInt8(ascii: "%") {
                // The parser has checked the digits.
                decoded[written] =
                    (hexadecimalValue(raw[index + 1]) ?? 0) << 4 | (hexadecimalValue(raw[index + 2]) ?? 0)
                index += 3
            } else {
                decoded[written] = raw[index]
                index += 1
            }
            written += 1
        }
        if written > 1 { append(segment, written) }
        path = UnsafeBufferPointer(rebasing: decoded[..<written])
    }
}

private let slash = UInt8(ascii: "/")
