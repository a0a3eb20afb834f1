/// Writes messages of Protocol Buffers: what OTLP needs of the wire format.
///
/// Each field begins with its number and its wire type: 0 a varint, 1 eight bytes, 2 a length and so many bytes, 5 four.
/// Numbers that are 0 and texts that are empty are left out, as proto3 has it.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ field: Int, _ value: UInt64) {
        if value != 0 { oneOf(field, value) }
    }

    /// A number of a `oneof`, of which also 0 is told.
    mutating func oneOf(_ field: Int, _ value: UInt64) {
        tag(field, wireType: 0)
        varint(value)
    }

    /// A text of a `oneof`, of which also the empty one is told.
    mutating func oneOf(_ field: Int, _ text: String) {
        tag(field, wireType: 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, wireType: 1)
        append(value.littleEndian)
    }

    mutating func fixed32(_ field: Int, _ value: UInt32) {
        guard value != 0 else { return }
        tag(field, wireType: 5)
        append(value.littleEndian)
    }

    mutating func text(_ field: Int, _ text: String) {
        if !text.isEmpty { oneOf(field, text) }
    }

    /// Numbers as bytes, the most significant first.
    mutating func bytes(_ field: Int, _ words: UInt64...) {
        tag(field, wireType: 2)
        varint(UInt64(8 * words.count))
        for word in words { append(word.bigEndian) }
    }

    /// A message in this one, also when it is empty.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        tag(field, wireType: 2)
        let start = bytes.count
        body(&self)
        // What stands behind is moved once for each level, of which there are few.
        var length = ProtobufWriter()
        length.varint(UInt64(bytes.count - start))
        bytes.insert(contentsOf: length.bytes, at: start)
    }

    private mutating func tag(_ field: Int, wireType: UInt64) {
        varint(UInt64(field) << 3 | wireType)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func append(_ word: some FixedWidthInteger) {
        withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
}
