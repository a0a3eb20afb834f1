extension JSON: CustomStringConvertible {
    /// Appends this value without white space.
    ///
    /// A number that is not finite is written as `null`: JSON has no other.
    package func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.appendJSON(value)
        case .integer(let value): bytes.appendJSON(value)
        case .number(let value):
            if value.isFinite { bytes.appendJSON(value) } else { bytes.append(contentsOf: "null".utf8) }
        case .string(let value): bytes.appendJSON(value)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.appendJSON(member.key)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The text without white space.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends `true` or `false`.
    @inline(__always)
    package mutating func appendJSON(_ value: Bool) {
        append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Appends a whole number in decimal.
    package mutating func appendJSON(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDigits(UInt64(value.magnitude))
    }

    private mutating func appendDigits(_ value: UInt64) {
        let start = count
        var rest = value
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = quotient
        } while rest > 0
        self[start...].reverse()
    }

    /// Appends `string` in double quotes, with the escapes that RFC 8259 §7 demands and no others.
    package mutating func appendJSON(_ string: String) {
        append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
            case 0x08: append(contentsOf: #"\b"#.utf8)
            case 0x09: append(contentsOf: #"\t"#.utf8)
            case 0x0A: append(contentsOf: #"\n"#.utf8)
            case 0x0C: append(contentsOf: #"\f"#.utf8)
            case 0x0D: append(contentsOf: #"\r"#.utf8)
            case 0..<0x20:
                append(contentsOf: #"\u00"#.utf8)
                append(UInt8(ascii: "0") + byte >> 4)
                append(byte & 0xF < 10 ? UInt8(ascii: "0") + byte & 0xF : UInt8(ascii: "a") + byte & 0xF - 10)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends the shortest text that reads back as `value`, in the form of Python's `repr`: `24.0`, `8640.78`,
    /// `1e-07`, `1e+16`.
    ///
    /// - Precondition: `value` is finite.
    package mutating func appendJSON(_ value: Double) {
        precondition(value.isFinite, "JSON has no text for \(value)")
        var stream = ASCIIStream()
        swap(&self, &stream.bytes)
        value.write(to: &stream)
        swap(&self, &stream.bytes)
    }
}

/// The end of an array of bytes as a stream, so that a number's digits need no `String` on their way.
private struct ASCIIStream: TextOutputStream {
    var bytes: [UInt8] = []

    mutating func write(_ string: String) {
        bytes.append(contentsOf: string.utf8)
    }

    /// What the standard library calls for numbers; without it they would come through `write`.
    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: buffer)
    }
}
