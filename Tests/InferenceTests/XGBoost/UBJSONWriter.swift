import Modeling

/// Writes a JSON value as UBJSON, in each of the forms that readers have to take.
struct UBJSONWriter {
    /// Whether arrays of numbers say their type once.
    var typesArrays = true
    /// Whether arrays say how many elements they have.
    var countsArrays = true
    /// Whether numbers take as few bytes as they can.
    var packs = false

    func bytes(_ value: JSON) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, to: &bytes)
        return bytes
    }

    private func write(_ value: JSON, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(UInt8(ascii: "Z"))
        case .boolean(let value): bytes.append(UInt8(ascii: value ? "T" : "F"))
        case .integer(let value):
            let type = integerType([value])
            bytes.append(type)
            appendInteger(value, type, to: &bytes)
        case .number(let value):
            bytes.append(UInt8(ascii: "d"))
            append(Float(value).bitPattern, to: &bytes)
        case .string(let text):
            bytes.append(UInt8(ascii: "S"))
            appendText(text, to: &bytes)
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for member in members {
                appendText(member.key, to: &bytes)
                write(member.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let elements): writeArray(elements, to: &bytes)
        }
    }

    private func writeArray(_ elements: [JSON], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        let integers = elements.compactMap { if case .integer(let value) = $0 { value } else { nil } }
        let numbers = elements.compactMap { if case .number(let value) = $0 { value } else { nil } }
        if typesArrays, !elements.isEmpty, integers.count == elements.count {
            let type = integerType(integers)
            bytes += [UInt8(ascii: "$"), type]
            appendCount(elements.count, to: &bytes)
            for value in integers { appendInteger(value, type, to: &bytes) }
        } else if typesArrays, !elements.isEmpty, numbers.count == elements.count {
            bytes += Array("$d".utf8)
            appendCount(elements.count, to: &bytes)
            for value in numbers { append(Float(value).bitPattern, to: &bytes) }
        } else {
            if countsArrays { appendCount(elements.count, to: &bytes) }
            for element in elements { write(element, to: &bytes) }
            if !countsArrays { bytes.append(UInt8(ascii: "]")) }
        }
    }

    private func integerType(_ values: [Int]) -> UInt8 {
        let packed: [(UInt8, ClosedRange<Int>)] = [
            (UInt8(ascii: "i"), -128...127), (UInt8(ascii: "U"), 0...255), (UInt8(ascii: "I"), -32768...32767),
        ]
        let all = (packs ? packed : []) + [(UInt8(ascii: "l"), Int(Int32.min)...Int(Int32.max))]
        return all.first { type in values.allSatisfy(type.1.contains) }?.0 ?? UInt8(ascii: "L")
    }

    private func appendInteger(_ value: Int, _ type: UInt8, to bytes: inout [UInt8]) {
        switch type {
        case UInt8(ascii: "i"), UInt8(ascii: "U"): bytes.append(UInt8(truncatingIfNeeded: value))
        case UInt8(ascii: "I"): append(Int16(value), to: &bytes)
        case UInt8(ascii: "l"): append(Int32(value), to: &bytes)
        default: append(Int64(value), to: &bytes)
        }
    }

    private func appendCount(_ count: Int, to bytes: inout [UInt8]) {
        bytes += Array("#L".utf8)
        append(Int64(count), to: &bytes)
    }

    private func appendText(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "L"))
        append(Int64(text.utf8.count), to: &bytes)
        bytes += Array(text.utf8)
    }

    private func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
