/// A pull reader for the small, flat XML that S3 stores answer: elements, attributes (skipped) and text.
///
/// Strict: what is not well formed is refused, and so is what such answers do not have and attacks do, as document
/// types and their entities, CDATA and comments.
struct XMLReader {
    /// The deepest nesting: 16.
    static let maximumDepth = 16

    enum Event: Equatable {
        case start(String)
        case text(String)
        case end(String)
    }

    struct Malformed: Error, Equatable {
        let reason: String
        /// How many bytes stand before it.
        let offset: Int
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var open: [String] = []
    private var hasRoot = false
    /// The end of an element that was empty.
    private var pending: Event?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The next event; `nil` after the root's end.
    mutating func next() throws(Malformed) -> Event? {
        if let event = pending.take() { return event }
        if open.isEmpty {
            try skipOutside()
            guard offset < bytes.count else {
                guard hasRoot else { throw malformed("there is no element") }
                return nil
            }
            guard !hasRoot else { throw malformed("something follows the end") }
            hasRoot = true
            return try startTag()
        }
        guard offset < bytes.count else { throw malformed("it ends within '\(open[open.count - 1])'") }
        guard bytes[offset] == UInt8(ascii: "<") else { return .text(try text()) }
        return peek(1) == UInt8(ascii: "/") ? try endTag() : try startTag()
    }

    private func malformed(_ reason: String) -> Malformed { Malformed(reason: reason, offset: offset) }

    private func peek(_ distance: Int = 0) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    private func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private mutating func skipSpace() {
        while let byte = peek(), isSpace(byte) { offset += 1 }
    }

    /// White space and the XML declaration, which is first or not there.
    private mutating func skipOutside() throws(Malformed) {
        if !hasRoot, bytes[offset...].starts(with: "<?xml ".utf8) {
            guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: ">")), bytes[end - 1] == UInt8(ascii: "?")
            else {
                throw malformed("the declaration does not end")
            }
            offset = end + 1
        }
        skipSpace()
    }

    private mutating func name() throws(Malformed) -> String {
        let start = offset
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ":"):
                offset += 1
                continue
            default: break
            }
            break
        }
        guard offset > start else { throw malformed("this is not a name") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard peek() == byte else { throw malformed("'\(Character(Unicode.Scalar(byte)))' is missing") }
        offset += 1
    }

    private mutating func startTag() throws(Malformed) -> Event {
        try expect(UInt8(ascii: "<"))
        let name = try name()
        while true {
            skipSpace()
            switch peek() {
            case UInt8(ascii: ">"):
                offset += 1
                guard open.count < Self.maximumDepth else {
                    throw malformed("it nests deeper than \(Self.maximumDepth)")
                }
                open.append(name)
                return .start(name)
            case UInt8(ascii: "/"):
                offset += 1
                try expect(UInt8(ascii: ">"))
                pending = .end(name)
                return .start(name)
            default: try skipAttribute()
            }
        }
    }

    private mutating func skipAttribute() throws(Malformed) {
        _ = try name()
        try expect(UInt8(ascii: "="))
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let end = bytes[(offset + 1)...].firstIndex(where: { $0 == quote || $0 == UInt8(ascii: "<") }),
            bytes[end] == quote
        else { throw malformed("an attribute has no value") }
        offset = end + 1
    }

    private mutating func endTag() throws(Malformed) -> Event {
        offset += 2
        let name = try name()
        guard open.last == name else { throw malformed("'\(name)' ends where '\(open[open.count - 1])' should") }
        skipSpace()
        try expect(UInt8(ascii: ">"))
        open.removeLast()
        return .end(name)
    }

    private mutating func text() throws(Malformed) -> String {
        var text: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "<") {
            if byte == UInt8(ascii: "&") {
                text += try reference()
            } else {
                text.append(byte)
                offset += 1
            }
        }
        guard let text = String(validating: text, as: UTF8.self) else { throw malformed("this is not UTF-8") }
        return text
    }

    /// One of the five entities that every document has, or a character by its number.
    private mutating func reference() throws(Malformed) -> [UInt8] {
        guard let end = bytes[offset...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("a reference does not end")
        }
        let name = String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
        let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let text = entities[name] {
            offset = end + 1
            return Array(text.utf8)
        }
        let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
        guard name.hasPrefix("#"), digits.first?.isHexDigit == true,
            let number = UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10), number > 0,
            let scalar = Unicode.Scalar(number)
        else { throw malformed("'&\(printable(name, limit: 12));' is not a character") }
        offset = end + 1
        return Array(String(Character(scalar)).utf8)
    }
}

/// The texts of an XML document by the path of their element, such as `ListBucketResult/Contents/Key`.
func forEachElement(
    ofXML bytes: [UInt8], _ body: (_ path: [String], _ text: String) throws -> Void
) throws {
    var reader = XMLReader(bytes)
    var path: [String] = []
    var text = ""
    while let event = try reader.next() {
        switch event {
        case .start(let name):
            path.append(name)
            text = ""
        case .text(let piece): text += piece
        case .end:
            try body(path, text)
            path.removeLast()
            text = ""
        }
    }
}
