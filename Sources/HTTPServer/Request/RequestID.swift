internal import Glibc

/// What a client calls its request, in `X-Request-ID`: 1 to 128 bytes of printable ASCII without spaces.
///
/// Anything else, and two fields where one belongs, counts as none: what goes into logs and answers as it came must end
/// no line and hide nothing.
package enum RequestID {
    /// The most bytes of an id, 128.
    package static let byteLimit = 128

    /// Whether these are the bytes of an id.
    static func isValid(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard (1...byteLimit).contains(count) else { return false }
        for index in 0..<count where !(0x21...0x7E).contains(bytes[index]) { return false }
        return true
    }
}

/// Room for the id of one request after the other: each is as the client gave it, or made here.
struct RequestIDBuffer: ~Copyable {
    /// Owned, ``RequestID/byteLimit`` bytes.
    private let room = UnsafeMutablePointer<UInt8>.allocate(capacity: RequestID.byteLimit)

    deinit {
        room.deallocate()
    }

    /// Keeps an id that was made; valid until the next.
    func keep(_ id: String) -> UnsafeBufferPointer<UInt8> {
        var count = 0
        for byte in id.utf8.prefix(RequestID.byteLimit) {
            room[count] = byte
            count += 1
        }
        return UnsafeBufferPointer(start: room, count: count)
    }
}
