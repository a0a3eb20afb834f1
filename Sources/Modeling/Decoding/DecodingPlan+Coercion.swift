/// What pydantic 2 makes of one JSON value. Each function sets the slot, or says why not.
extension DecodingPlan {
    /// The issue of a value whose JSON type is never taken.
    func typeIssue(_ index: Int) -> InputIssue {
        switch schemas[index].kind {
        case .boolean: .boolType
        case .integer: .intType
        case .number: .floatType
        case .string: .stringType
        case .enumeration(let enumeration): .enumeration(enumeration.values)
        case .array: .listType
        case .object, .anyOf: .modelAttributesType
        }
    }

    // MARK: JSON booleans

    func accept(_ value: Bool, _ index: Int, into slot: inout Value) -> InputIssue? {
        switch values[index].kind {
        case .boolean:
            slot = .boolean(value)
            return nil
        case .integer where !isStrict: return set(value ? 1 : 0, index, &slot)
        case .number where !isStrict: return set(value ? 1.0 : 0.0, index, &slot)
        default: return typeIssue(index)
        }
    }

    // MARK: JSON numbers

    @inline(__always)
    func accept(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue? {
        switch values[index].kind {
        case .integer:
            if let integer = number.integer { return set(integer, index, &slot) }
            return acceptAsInteger(number, index, into: &slot, cursor)
        case .number:
            let double = cursor.double(number)
            // Python turns an integer into a float, and fails beyond the range, where a fraction becomes infinite.
            if number.isInteger, double.isInfinite { return .floatType }
            return set(double == 0 && number.isInteger ? 0 : double, index, &slot)
        case .boolean where !isStrict:
            let integer = number.isInteger ? number.integer : Int(exactly: cursor.double(number))
            guard let integer else { return .boolType }
            guard integer == 0 || integer == 1 else { return .boolParsing }
            slot = .boolean(integer == 1)
            return nil
        default: return typeIssue(index)
        }
    }

    /// An integer field's number that has a fraction or exponent, or more digits than `Int`.
    private func acceptAsInteger(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue? {
        if number.isInteger { return setBeyondInt(isNegative: number.isNegative, index) }
        if isStrict { return .intType }
        let double = cursor.double(number)
        guard double.isFinite else { return .finiteNumber }
        guard double == double.rounded() else { return .intFromFloat }
        guard abs(double) < 0x1p63 else { return .intParsingSize }
        return set(Int(double), index, &slot)
    }

    // MARK: JSON strings

    @inline(__always)
    func accept(
        _ string: JSONString, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue? {
        if values[index].kind == .enumeration, !string.hasEscapes {
            return setLabel(cursor.bytes, string.start, string.end, index, &slot)
        }
        return acceptText(string, index, into: &slot, cursor)
    }

    @inline(never)
    private func acceptText(
        _ string: JSONString, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue? {
        switch values[index].kind {
        case .array, .object: return typeIssue(index)
        case .boolean where isStrict, .integer where isStrict, .number where isStrict: return typeIssue(index)
        default: break
        }
        guard string.hasEscapes else {
            return acceptText(cursor.bytes.extracting(string.start..<string.end), index, into: &slot)
        }
        // Python's strings can hold half a surrogate pair; UTF-8 cannot.
        guard let text = cursor.unescaped(string) else { return .stringUnicode }
        return acceptText(text.span.bytes, index, into: &slot)
    }

    private func acceptText(_ text: RawSpan, _ index: Int, into slot: inout Value) -> InputIssue? {
        switch values[index].kind {
        case .string: return setText(text, index, &slot)
        case .enumeration: return setLabel(text, 0, text.byteCount, index, &slot)
        case .boolean:
            guard let value = Bool(laxText: text) else { return .boolParsing }
            slot = .boolean(value)
            return nil
        case .integer:
            switch LaxInteger(text) {
            case .value(let integer): return set(integer, index, &slot)
            case .beyondInt(let isNegative): return setBeyondInt(isNegative: isNegative, index)
            case .tooLong: return .intParsingSize
            case .malformed: return .intParsing
            }
        case .number:
            guard let double = Double(laxText: text) else { return .floatParsing }
            return set(double, index, &slot)
        case .array, .object: return typeIssue(index)
        }
    }

    // MARK: Constraints

    @inline(__always)
    private func set(_ value: Int, _ index: Int, _ slot: inout Value) -> InputIssue? {
        guard values[index].lowest <= value, value <= values[index].highest else { return boundIssue(value, index) }
        slot = .integer(value)
        return nil
    }

    @inline(__always)
    private func set(_ value: Double, _ index: Int, _ slot: inout Value) -> InputIssue? {
        guard (values[index].least <= value && value <= values[index].greatest) || !values[index].isBounded else {
            return boundIssue(value, index)
        }
        slot = .number(value)
        return nil
    }

    /// An integer that no `Int` holds fails the first bound on its side; without one it is too large for us.
    private func setBeyondInt(isNegative: Bool, _ index: Int) -> InputIssue {
        guard case .integer(let bounds) = schemas[index].kind else { return .intParsingSize }
        if isNegative {
            let inclusive = bounds.minimum.map { InputIssue.greaterThanEqual(String($0)) }
            return inclusive ?? bounds.exclusiveMinimum.map { .greaterThan(String($0)) } ?? .intParsingSize
        }
        let inclusive = bounds.maximum.map { InputIssue.lessThanEqual(String($0)) }
        return inclusive ?? bounds.exclusiveMaximum.map { .lessThan(String($0)) } ?? .intParsingSize
    }

    @inline(never)
    private func boundIssue(_ value: Int, _ index: Int) -> InputIssue {
        guard case .integer(let bounds) = schemas[index].kind else { return .intType }
        return bounds.issue(value) { String($0) } ?? .intType
    }

    @inline(never)
    private func boundIssue(_ value: Double, _ index: Int) -> InputIssue {
        guard case .number(let bounds) = schemas[index].kind else { return .floatType }
        return bounds.issue(value, \.positional) ?? .floatType
    }

    @inline(__always)
    private func setLabel(_ bytes: RawSpan, _ start: Int, _ end: Int, _ index: Int, _ slot: inout Value) -> InputIssue? {
        guard let label = enumerations[values[index].reference].index(of: bytes, start, end) else {
            return typeIssue(index)
        }
        slot = .enumeration(label)
        return nil
    }

    private func setText(_ text: RawSpan, _ index: Int, _ slot: inout Value) -> InputIssue? {
        let (lowest, highest) = (values[index].lowest, values[index].highest)
        if lowest > 0 || highest < .max {
            let count = scalarCount(text)
            if count > highest { return .stringTooLong(highest) }
            if count < lowest { return .stringTooShort(lowest) }
        }
        slot = .string(String(decoding: text))
        return nil
    }

    /// The length as Python's `len` counts it.
    private func scalarCount(_ text: RawSpan) -> Int {
        var count = 0
        for index in 0..<text.byteCount where text.unsafeLoad(fromByteOffset: index, as: UInt8.self) & 0xC0 != 0x80 {
            count += 1
        }
        return count
    }
}

extension Bounds {
    /// The first bound that `value` does not keep, in pydantic's order. NaN keeps none.
    fileprivate func issue(_ value: Number, _ text: (Number) -> String) -> InputIssue? {
        if let maximum, !(value <= maximum) { return .lessThanEqual(text(maximum)) }
        if let exclusiveMaximum, !(value < exclusiveMaximum) { return .lessThan(text(exclusiveMaximum)) }
        if let minimum, !(value >= minimum) { return .greaterThanEqual(text(minimum)) }
        if let exclusiveMinimum, !(value > exclusiveMinimum) { return .greaterThan(text(exclusiveMinimum)) }
        return nil
    }
}
