/// A set of strings that bytes of a text are looked up in without making a `String`: the keys of an object, the
/// values of an enumeration.
///
/// Open addressing over a power of two at least twice the count. Strings of up to 16 bytes are compared as two words.
struct StringTable: Sendable {
    private struct Entry {
        var length = 0
        /// The first 8 bytes, or all of them with zeros after.
        var head: UInt64 = 0
        /// The last 8 bytes of a string longer than that; otherwise 0.
        var tail: UInt64 = 0
        /// Where the string starts in `characters`.
        var offset = 0
        /// `length`, or 0 when the string is not written as it is between quotes.
        var quotedLength = 0
    }

    private let entries: [Entry]
    /// Positions in `entries`; −1 where there is none.
    private let buckets: [Int32]
    private let characters: [UInt8]

    /// A table of `strings`, which are distinct and fewer than 2³¹.
    init(_ strings: [String]) {
        let characters = strings.flatMap(\.utf8)
        var entries: [Entry] = []
        var capacity = 4
        while capacity < strings.count * 2 { capacity *= 2 }
        var buckets = [Int32](repeating: -1, count: capacity)
        var offset = 0
        for string in strings {
            let length = string.utf8.count
            var entry = Self.entry(characters.span.bytes, offset, offset + length)
            if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                entry.quotedLength = length
            }
            var bucket = Self.hash(entry) & (capacity - 1)
            while buckets[bucket] >= 0 { bucket = (bucket + 1) & (capacity - 1) }
            buckets[bucket] = Int32(entries.count)
            entries.append(entry)
            offset += length
        }
        self.entries = entries
        self.buckets = buckets
        self.characters = characters
    }

    /// The position of the string that `bytes[start..<end]` spell; `nil` when there is none.
    @inline(__always)
    func index(of bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
        let key = Self.entry(bytes, start, end)
        let mask = buckets.count &- 1
        var bucket = Self.hash(key) & mask
        while true {
            let index = Int(buckets[bucket])
            if index < 0 { return nil }
            if matches(index, key, bytes) { return index }
            bucket = (bucket &+ 1) & mask
        }
    }

    /// The length of string number `index` if `bytes` spell it from `start` on with a quote after it; otherwise `nil`.
    /// A quote, a backslash or a control character in the string itself would be escaped there: such a string is
    /// never found.
    @inline(__always)
    func length(ofExpected index: Int, in bytes: RawSpan, at start: Int) -> Int? {
        guard index < entries.count else { return nil }
        let length = entries[index].quotedLength
        guard length > 0, start &+ length < bytes.byteCount,
            bytes.unsafeLoad(fromByteOffset: start &+ length, as: UInt8.self) == UInt8(ascii: "\""),
            matches(index, Self.entry(bytes, start, start &+ length), bytes)
        else { return nil }
        return length
    }

    @inline(__always)
    private static func entry(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Entry {
        let length = end &- start
        var entry = Entry(length: length, offset: start)
        if length >= 8 {
            entry.head = bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
            entry.tail = bytes.unsafeLoadUnaligned(fromByteOffset: end &- 8, as: UInt64.self)
        } else if start <= bytes.byteCount &- 8 {
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
            entry.head = word & ((1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1)
        } else {
            for index in 0..<length {
                let byte = bytes.unsafeLoad(fromByteOffset: start &+ index, as: UInt8.self)
                entry.head |= UInt64(byte) &<< UInt64(truncatingIfNeeded: index &* 8)
            }
        }
        return entry
    }

    @inline(__always)
    private static func hash(_ entry: Entry) -> Int {
        let mixed = (entry.head ^ (entry.tail &<< 1) ^ UInt64(truncatingIfNeeded: entry.length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 32)
    }

    @inline(__always)
    private func matches(_ index: Int, _ key: Entry, _ bytes: RawSpan) -> Bool {
        let entry = entries[index]
        guard entry.length == key.length, entry.head == key.head, entry.tail == key.tail else { return false }
        return entry.length <= 16 || matchesMiddle(entry, key, bytes)
    }

    private func matchesMiddle(_ entry: Entry, _ key: Entry, _ bytes: RawSpan) -> Bool {
        for index in 8..<entry.length - 8 {
            let byte = bytes.unsafeLoad(fromByteOffset: key.offset + index, as: UInt8.self)
            guard characters[entry.offset + index] == byte else { return false }
        }
        return true
    }
}
