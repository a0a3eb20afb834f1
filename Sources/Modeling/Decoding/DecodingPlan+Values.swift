extension DecodingPlan {
    /// Decodes the object that begins at `cursor` into `record`, which is of its schema.
    ///
    /// Issues are appended with their locations from the inside out: each level adds its own step.
    func decodeObject(
        _ index: Int, into record: inout Record, _ cursor: inout JSONCursor, _ issues: inout [InputIssue]
    ) throws(JSONSyntaxError) {
        let start = objects[index].start
        let firstIssue = issues.count
        var given = FieldSet(count: objects[index].count)
        if try cursor.openObject() {
            var slots = record.values.mutableSpan
            var expected = 0
            repeat {
                guard let field = try scanField(of: index, expected: expected, &cursor) else {
                    try cursor.skipValue()
                    continue
                }
                expected = field &+ 1
                if !given.insert(field), issues.count > firstIssue {
                    // An earlier value of this key does not count, nor what was wrong with it.
                    let step = InputIssue.Step.index(field)
                    issues[firstIssue...].removeAll { $0.location.last == step }
                }
                let known = issues.count
                try decodeValue(start &+ field, into: &slots[field], &cursor, &issues)
                if issues.count > known { locate(&issues[known...], at: field) }
            } while try cursor.hasNextMember()
        }
        if !given.isFull { completeFields(of: index, given, &record, &issues) }
        if issues.count > firstIssue { sortIssues(of: index, &issues[firstIssue...]) }
    }

    /// Passes a key and its colon; `nil` when no field is called so.
    @inline(__always)
    private func scanField(of object: Int, expected: Int, _ cursor: inout JSONCursor) throws(JSONSyntaxError) -> Int? {
        guard cursor.next() == UInt8(ascii: "\"") else { throw cursor.error(.key) }
        let start = cursor.position &+ 1
        if let length = objects[object].keys.length(ofExpected: expected, in: cursor.bytes, at: start) {
            cursor.position = start &+ length &+ 1
            try cursor.scanColon()
            return expected
        }
        let key = try cursor.scanString()
        try cursor.scanColon()
        if !key.hasEscapes { return objects[object].keys.index(of: cursor.bytes, key.start, key.end) }
        guard let text = cursor.unescaped(key) else { return nil }
        return objects[object].keys.index(of: text.span.bytes, 0, text.count)
    }

    @inline(never)
    private func locate(_ issues: inout ArraySlice<InputIssue>, at index: Int) {
        for issue in issues.indices { issues[issue].location.append(.index(index)) }
    }

    /// Sets what was not given to its default, and reports what must be given.
    private func completeFields(
        of object: Int, _ given: borrowing FieldSet, _ record: inout Record, _ issues: inout [InputIssue]
    ) {
        let start = objects[object].start
        for field in 0..<objects[object].count where !given.contains(field) {
            record.values[field] = schemas[start + field].defaultValue ?? .absent
            if values[start + field].isRequired {
                report(.missing, start + field, &issues)
                issues[issues.count - 1].location = [.index(field)]
            }
        }
    }

    /// Puts one object's issues into the order of its fields, and names where they know only positions.
    private func sortIssues(of object: Int, _ issues: inout ArraySlice<InputIssue>) {
        let properties = objects[object].schema.properties
        func position(_ issue: InputIssue) -> Int {
            guard case .index(let field) = issue.location.last else { return properties.count }
            return field
        }
        // The sort of the standard library is stable.
        issues.sort { position($0) < position($1) }
        for index in issues.indices {
            let name = properties[position(issues[index])].name
            issues[index].location[issues[index].location.count - 1] = .key(name)
        }
    }

    /// Decodes the value that begins at `cursor` as `values[index]` says.
    func decodeValue(
        _ index: Int, into slot: inout Value, _ cursor: inout JSONCursor, _ issues: inout [InputIssue]
    ) throws(JSONSyntaxError) {
        switch cursor.next() {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try cursor.scanNumber()
            let issue: InputIssue.Kind?
            switch values[index].kind {
            case .integer: issue = acceptInteger(number, index, into: &slot, cursor.bytes)
            case .number: issue = acceptNumber(number, index, into: &slot, cursor.bytes)
            case .boolean: issue = acceptBoolean(number, index, into: &slot, cursor.bytes)
            default: issue = typeIssue(index)
            }
            if let issue { report(issue, index, &issues) }
        case UInt8(ascii: "\""):
            let string = try cursor.scanString()
            if let issue = accept(string, index, into: &slot, cursor) { report(issue, index, &issues) }
        case UInt8(ascii: "t"):
            try cursor.scanTrue()
            if let issue = accept(true, index, into: &slot) { report(issue, index, &issues) }
        case UInt8(ascii: "f"):
            try cursor.scanFalse()
            if let issue = accept(false, index, into: &slot) { report(issue, index, &issues) }
        case UInt8(ascii: "n"):
            try cursor.scanNull()
            if values[index].isNullable { slot = .null } else { report(typeIssue(index), index, &issues) }
        case UInt8(ascii: "{") where values[index].kind == .object:
            try decodeNestedObject(values[index].reference, into: &slot, &cursor, &issues)
        case UInt8(ascii: "[") where values[index].kind == .array:
            try decodeArray(index, into: &slot, &cursor, &issues)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try cursor.skipValue()
            report(typeIssue(index), index, &issues)
        default: throw cursor.error(.value)
        }
    }

    private func decodeNestedObject(
        _ object: Int, into slot: inout Value, _ cursor: inout JSONCursor, _ issues: inout [InputIssue]
    ) throws(JSONSyntaxError) {
        let schema = objects[object].schema
        var record: Record
        if case .object(let existing) = slot, existing.schema === schema {
            record = existing
            // Now `record` is the storage's only owner, and decoding into it copies nothing.
            slot = .absent
        } else {
            record = Record(schema)
        }
        try decodeObject(object, into: &record, &cursor, &issues)
        slot = .object(record)
    }

    private func decodeArray(
        _ index: Int, into slot: inout Value, _ cursor: inout JSONCursor, _ issues: inout [InputIssue]
    ) throws(JSONSyntaxError) {
        let (lowest, highest, items) = (values[index].lowest, values[index].highest, values[index].reference)
        var elements: [Value] = []
        if case .array(let existing) = slot {
            elements = existing
            slot = .absent
            elements.removeAll(keepingCapacity: elements.capacity <= RecordDecoder.maximumReusedCapacity)
        }
        let firstIssue = issues.count
        var count = 0
        if try cursor.openArray() {
            repeat {
                defer { count += 1 }
                let before = issues.count
                guard count < highest, before - firstIssue < RecordDecoder.maximumIssuesOfArray else {
                    try cursor.skipValue()
                    continue
                }
                var element = Value.absent
                try decodeValue(items, into: &element, &cursor, &issues)
                if issues.count == before { elements.append(element) } else { locate(&issues[before...], at: count) }
            } while try cursor.hasNextElement()
        }
        // As pydantic: too many elements outweigh wrong ones, wrong ones outweigh too few.
        if count > highest {
            issues.removeSubrange(firstIssue...)
            report(.tooLong, index, count: count, &issues)
        } else if count < lowest, issues.count == firstIssue {
            report(.tooShort, index, count: count, &issues)
        }
        slot = .array(elements)
    }
}

/// Which fields of an object were given.
///
/// Up to 64 fields it is one word; beyond that it allocates.
private struct FieldSet: ~Copyable {
    private var first: UInt64 = 0
    private var others: [UInt64]?
    private var missing: Int

    @inline(__always)
    init(count: Int) {
        others = count <= 64 ? nil : Array(repeating: 0, count: (count - 1) / 64)
        missing = count
    }

    var isFull: Bool { missing == 0 }

    func contains(_ field: Int) -> Bool {
        (field < 64 ? first : others![field / 64 - 1]) & (1 << UInt64(field & 63)) != 0
    }

    /// Adds `field`; false when it was there.
    @inline(__always)
    mutating func insert(_ field: Int) -> Bool {
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: field & 63)
        if field < 64 {
            guard first & bit == 0 else { return false }
            first |= bit
        } else {
            guard others![field / 64 - 1] & bit == 0 else { return false }
            others![field / 64 - 1] |= bit
        }
        missing -= 1
        return true
    }
}
