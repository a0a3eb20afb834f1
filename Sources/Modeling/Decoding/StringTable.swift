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
    }

    /// A string with the quote that ends it in a text.
    private struct Quoted {
        /// The length without the quote.
        let length: Int
        /// The first 8 bytes, of which `mask` tells those that count.
        let head: UInt64
        let mask: UInt64
        /// The last 8 bytes of 9 or more.
        let tail: UInt64

        init(_ string: String) {
            let bytes = Array(string.utf8) + [UInt8(ascii: "\"")]
            let needsEscape = string.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
            length = string.utf8.count
            mask = bytes.count >= 8 ? .max : 1 << UInt64(bytes.count * 8) - 1
            head = needsEscape ? 0 : Self.word(bytes.prefix(8))
            tail = bytes.count > 8 ? Self.word(bytes.suffix(8)) : 0
        }

        private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private let entries: [Entry]
    private let quoted: [Quoted]
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
            let entry = Self.entry(characters.span.bytes, offset, offset + length)
            var bucket = Self.hash(entry) & (capacity - 1)
            while buckets[bucket] >= 0 { bucket = (bucket + 1) & (capacity - 1) }
            buckets[bucket] = Int32(entries.count)
            entries.append(entry)
            offset += length
        }
        self.entries = entries
        self.quoted = strings.map(Quoted.init)
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

    /// The length of string number `index` if the text spells it at `start` with a quote after it; otherwise `nil`.
    ///
    /// It looks at eight bytes in any case: near the end of the text it finds nothing. A string that has to be escaped
    /// is never found either.
    @inline(__always)
    func length(ofExpected index: Int, in bytes: RawSpan, at start: Int) -> Int? {
        guard index < quoted.count else { return nil }
        let expected = quoted[index]
        guard start &+ max(expected.length &+ 1, 8) <= bytes.byteCount else { return nil }
        // Within the text, as just compared.
        let head = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
        guard UInt64(littleEndian: head) & expected.mask == expected.head else { return nil }
        guard expected.length >= 8 else { return expected.length }
        let tail = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ expected.length &- 7, as: UInt64.self)
        guard UInt64(littleEndian: tail) == expected.tail,
            expected.length <= 15 || matchesMiddle(entries[index], at: start, bytes)
        else { return nil }
        return expected.length
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
        let mixed =
            (entry.head ^ (entry.tail &<< 1) ^ UInt64(truncatingIfNeeded: entry.length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 32)
    }

    @inline(__always)
    private func matches(_ index: Int, _ key: Entry, _ bytes: RawSpan) -> Bool {
        let entry = entries[index]
        guard entry.length == key.length, entry.head == key.head, entry.tail == key.tail else { return false }
        return entry.length <= 16 || matchesMiddle(entry, at: key.offset, bytes)
    }

    private func matchesMiddle(_ entry: Entry, at start: Int, _ bytes: RawSpan) -> Bool {
        for index in 8..<entry.length - 7 {
            let byte = bytes.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)
            guard characters[entry.offset + index] == byte else { return false }
        }
        return true
    }
}
