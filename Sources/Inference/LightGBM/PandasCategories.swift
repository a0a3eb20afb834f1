/// The `pandas_categorical:` line that LightGBM's Python package appends: for each categorical column of the training
/// data the categories in the order of their codes, as JSON.
enum PandasCategories {
    /// Reads `null` or a list of lists of scalars that fills `range` of `text`.
    ///
    /// Strings lose their quotes and escapes; other scalars stay as written: `1`, `2.5`, `true`, `NaN`.
    static func parse(_ text: RawSpan, _ range: Range<Int>, line: Int) throws(ModelFileError) -> [[String]]? {
        var reader = Reader(text: text, range: range, line: line)
        if reader.take("null") {
            try reader.expectEnd()
            return nil
        }
        var lists: [[String]] = []
        try reader.expect("[")
        if !reader.take("]") {
            repeat {
                lists.append(try reader.list())
            } while reader.take(",")
            try reader.expect("]")
        }
        try reader.expectEnd()
        return lists
    }

    private struct Reader: ~Escapable {
        let text: RawSpan
        let start: Int
        let end: Int
        let line: Int
        var offset: Int

        @_lifetime(copy text)
        init(text: RawSpan, range: Range<Int>, line: Int) {
            self.text = text
            self.start = range.lowerBound
            self.end = range.upperBound
            self.line = line
            self.offset = range.lowerBound
        }

        var mistake: ModelFileError { ModelFileError(.malformedCategories(byte: offset - start), line: line) }

        mutating func skipSpace() {
            while offset < end, text.byte(offset) == UInt8(ascii: " ") || text.byte(offset) == UInt8(ascii: "\t") {
                offset += 1
            }
        }

        mutating func take(_ token: StaticString) -> Bool {
            skipSpace()
            guard offset + token.utf8CodeUnitCount <= end, text.starts(at: offset, with: token) else { return false }
            offset += token.utf8CodeUnitCount
            return true
        }

        mutating func expect(_ token: StaticString) throws(ModelFileError) {
            guard take(token) else { throw mistake }
        }

        mutating func expectEnd() throws(ModelFileError) {
            skipSpace()
            guard offset == end else { throw mistake }
        }

        mutating func list() throws(ModelFileError) -> [String] {
            var values: [String] = []
            try expect("[")
            if take("]") { return values }
            repeat {
                values.append(take("\"") ? try string() : try scalar())
            } while take(",")
            try expect("]")
            return values
        }

        /// A number or a word, as written.
        mutating func scalar() throws(ModelFileError) -> String {
            let first = offset
            scan: while offset < end {
                switch text.byte(offset) {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
                    offset += 1
                default: break scan
                }
            }
            guard offset > first else { throw mistake }
            return text.string(first..<offset)
        }

        /// The rest of a string whose opening quote was taken.
        mutating func string() throws(ModelFileError) -> String {
            var content: [UInt8] = []
            while offset < end {
                let byte = text.byte(offset)
                offset += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard let string = String(validating: content, as: UTF8.self) else { throw mistake }
                    return string
                case UInt8(ascii: "\\"): content.append(contentsOf: String(try escape()).utf8)
                case 0..<0x20: throw mistake
                default: content.append(byte)
                }
            }
            throw mistake
        }

        /// The character of an escape whose backslash was taken.
        mutating func escape() throws(ModelFileError) -> Character {
            guard offset < end else { throw mistake }
            let byte = text.byte(offset)
            offset += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{c}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"): break
            default: throw mistake
            }
            var units = [try hexadecimalUnit()]
            if UTF16.isLeadSurrogate(units[0]), take("\\u") { units.append(try hexadecimalUnit()) }
            guard let string = String(validating: units, as: UTF16.self), let scalar = string.unicodeScalars.first,
                string.unicodeScalars.count == 1
            else { throw mistake }
            return Character(scalar)
        }

        mutating func hexadecimalUnit() throws(ModelFileError) -> UInt16 {
            var unit: UInt16 = 0
            for _ in 0..<4 {
                guard offset < end, let digit = Character(Unicode.Scalar(text.byte(offset))).hexDigitValue else {
                    throw mistake
                }
                unit = unit << 4 | UInt16(digit)
                offset += 1
            }
            return unit
        }
    }
}
