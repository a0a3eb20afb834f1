/// Writes records of one output schema as JSON, appended to bytes.
///
/// Nothing is allocated once the bytes have room. Fields are written in the schema's order; an absent field is written
/// as its default, or left out when it has none and is not required.
package struct RecordEncoder: Sendable {
    private let plan: EncodingPlan

    /// An encoder of what `schema` allows: an object, or one of several.
    ///
    /// - Throws: when the schema is of another kind, or a field is one of several shapes.
    package init(_ schema: Schema) throws(SchemaError) {
        plan = try EncodingPlan(schema)
    }

    /// Appends `record`, by the record's own schema.
    ///
    /// After an error `bytes` are as they were.
    package func encode(_ record: Record, into bytes: inout [UInt8]) throws(OutputError) {
        let start = bytes.count
        do throws(OutputError) {
            try plan.appendObject(try root(of: record.schema), record, to: &bytes)
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
    }

    @inline(__always)
    private func root(of schema: ObjectSchema) throws(OutputError) -> Int {
        for root in plan.roots where plan.objects[root].schema === schema { return root }
        for root in plan.roots where plan.objects[root].schema == schema { return root }
        throw .unknownSchema(schema.name)
    }
}

extension EncodingPlan {
    fileprivate func appendObject(
        _ index: Int, _ record: borrowing Record, to bytes: inout [UInt8]
    ) throws(OutputError) {
        let opening = bytes.count
        for field in 0..<objects[index].count {
            let plan = objects[index].start + field
            switch record.values[field] {
            case .absent:
                guard values[plan].defaultText.isEmpty else {
                    append(values[plan].key, to: &bytes)
                    append(values[plan].defaultText, to: &bytes)
                    break
                }
                if values[plan].isRequired { throw .missing(field: name(field, of: index)) }
            case let value:
                append(values[plan].key, to: &bytes)
                do throws(OutputError) {
                    try append(value, plan, to: &bytes)
                } catch {
                    throw error.within(name(field, of: index))
                }
            }
        }
        // Every key begins with the comma that separates it; the first one's place is the brace's.
        if bytes.count > opening {
            bytes[opening] = UInt8(ascii: "{")
        } else {
            bytes.append(UInt8(ascii: "{"))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func name(_ field: Int, of object: Int) -> String {
        objects[object].schema.properties[field].name
    }

    /// Appends what stands ready in `text`.
    @inline(__always)
    private func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        // The range is one of the plan's own, and the pointer is used within the closure only.
        text.withUnsafeBufferPointer { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    }

    private func append(_ value: Value, _ index: Int, to bytes: inout [UInt8]) throws(OutputError) {
        switch (values[index].kind, value) {
        case (.number, .number(let number)):
            guard number.isFinite else { throw .notFinite(field: "", value: number) }
            bytes.appendJSON(number)
        case (.integer, .integer(let number)), (.number, .integer(let number)): bytes.appendJSON(number)
        case (.boolean, .boolean(let boolean)): bytes.appendJSON(boolean)
        case (.enumeration, .enumeration(let label)) where 0..<values[index].count ~= label:
            append(labels[values[index].reference + label], to: &bytes)
        case (.string, .string(let string)): bytes.appendJSON(string)
        case (.array, .array(let elements)): try appendArray(elements, values[index].reference, to: &bytes)
        case (.object, .object(let record)):
            let object = values[index].reference
            guard record.schema === objects[object].schema || record.schema == objects[object].schema else {
                throw .mismatch(field: "")
            }
            try appendObject(object, record, to: &bytes)
        case (_, .null) where values[index].allowsNull: bytes.append(contentsOf: "null".utf8)
        default: throw .mismatch(field: "")
        }
    }

    private func appendArray(_ elements: [Value], _ items: Int, to bytes: inout [UInt8]) throws(OutputError) {
        bytes.append(UInt8(ascii: "["))
        for index in elements.indices {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            do throws(OutputError) {
                try append(elements[index], items, to: &bytes)
            } catch {
                throw error.within(String(index))
            }
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
