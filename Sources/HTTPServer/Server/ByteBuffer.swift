internal import Glibc

/// Bytes that are appended at one end and consumed at the other.
///
/// ```
///   0          start        end         capacity
///   │ consumed │ readable   │ writable  │
/// ```
struct ByteBuffer: ~Copyable {
    /// The least that is allocated: 4 KiB.
    static let minimumCapacity = 4096

    /// Owned; no memory until the first byte.
    private var base: UnsafeMutablePointer<UInt8>?
    private(set) var capacity = 0
    private var start = 0
    private var end = 0

    init() {}

    deinit {
        free(base)
    }

    var count: Int { end - start }
    var isEmpty: Bool { end == start }

    /// The bytes that are there, valid until the buffer changes.
    var readable: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: base.map { $0 + start }, count: count)
    }

    /// The room behind them, valid until the buffer changes.
    var writable: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base.map { $0 + end }, count: capacity - end)
    }

    /// Makes room for `count` more bytes: moves what is there to the front, or doubles the capacity until it fits.
    mutating func reserve(_ count: Int) {
        if capacity - end < count { makeRoom(count) }
    }

    @inline(never)
    private mutating func makeRoom(_ count: Int) {
        let used = end - start
        // Moving is worth it only while it moves less than it gains.
        if capacity - used >= count, start >= used {
            if used > 0, let base { memmove(base, base + start, used) }
        } else {
            var larger = max(capacity, Self.minimumCapacity)
            while larger - used < count { larger *= 2 }
            // The machine cannot go on without memory, and neither can we.
            guard let memory = malloc(larger)?.assumingMemoryBound(to: UInt8.self) else { fatalError("out of memory") }
            if used > 0, let base { memcpy(memory, base + start, used) }
            free(base)
            base = memory
            capacity = larger
        }
        start = 0
        end = used
    }

    /// Says that `count` bytes were written into the room behind the end.
    mutating func commit(_ count: Int) {
        end += count
    }

    /// Drops `count` bytes at the front.
    mutating func consume(_ count: Int) {
        start += count
        if start == end { removeAll() }
    }

    /// Drops all but the first `count` bytes.
    mutating func truncate(to count: Int) {
        end = start + count
    }

    /// Drops all bytes and keeps the memory.
    mutating func removeAll() {
        start = 0
        end = 0
    }

    /// Drops all bytes, and the memory too when it is more than `kept` bytes.
    mutating func removeAll(keeping kept: Int) {
        removeAll()
        guard capacity > kept else { return }
        free(base)
        base = nil
        capacity = 0
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        reserve(count)
        guard let base else { return }
        memcpy(base + end, bytes, count)
        end += count
    }

    mutating func append(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        if let start = bytes.baseAddress { append(start, bytes.count) }
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(text.utf8Start, text.utf8CodeUnitCount)
    }

    @inline(__always)
    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { append(start, bytes.count) }
        }
    }

    /// Appends a number that is not negative, in decimal.
    mutating func append(decimal number: Int) {
        reserve(20)
        guard let base else { return }
        var count = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        rest = number
        for index in stride(from: end + count - 1, through: end, by: -1) {
            base[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        end += count
    }
}
