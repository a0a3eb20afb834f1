/// What a collector says of a batch that it has taken in part: an `ExportTraceServiceResponse` of OTLP 1.
enum PartialSuccess {
    /// How many spans it did not want; 0 also for an answer that is no message.
    static func rejectedCount(in response: [UInt8]) -> Int {
        // partial_success = 1, and in it rejected_spans = 1.
        var outer = Reader(bytes: response[...])
        while let (field, value) = outer.next() {
            guard field == 1, case .bytes(let bytes) = value else { continue }
            var inner = Reader(bytes: bytes)
            while let (field, value) = inner.next() {
                if field == 1, case .varint(let count) = value { return Int(clamping: Int64(bitPattern: count)) }
            }
        }
        return 0
    }

    private enum Value {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        case other
    }

    private struct Reader {
        var bytes: ArraySlice<UInt8>

        /// The next field; `nil` at the end, and where the bytes make no sense.
        mutating func next() -> (field: UInt64, Value)? {
            guard let tag = varint() else { return nil }
            switch tag & 7 {
            case 0: return varint().map { (tag >> 3, .varint($0)) }
            case 1: return take(8).map { _ in (tag >> 3, .other) }
            case 2:
                guard let count = varint(), let content = take(Int(clamping: count)) else { return nil }
                return (tag >> 3, .bytes(content))
            case 5: return take(4).map { _ in (tag >> 3, .other) }
            default: return nil
            }
        }

        private mutating func varint() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: 0, to: 64, by: 7) {
                guard let byte = bytes.popFirst() else { return nil }
                value |= UInt64(byte & 0x7F) << UInt64(shift)
                if byte < 0x80 { return value }
            }
            return nil
        }

        private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= bytes.count else { return nil }
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count)
        }
    }
}
