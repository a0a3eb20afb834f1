/// What pydantic 2 makes of one JSON value. Each function sets the slot, or says what is wrong.
extension DecodingPlan {
    /// Adds an issue with a value of `values[index]`.
    @inline(never)
    func report(_ kind: InputIssue.Kind, _ index: Int, count: Int = 0, _ issues: inout [InputIssue]) {
        issues.append(InputIssue(kind, kind.message(schemas[index].kind, count: count)))
    }

    /// The issue of a value whose JSON type is never taken.
    func typeIssue(_ index: Int) -> InputIssue.Kind {
        switch values[index].kind {
        case .boolean: .boolType
        case .integer: .intType
        case .number: .floatType
        case .string: .stringType
        case .enumeration: .enumeration
        case .array: .listType
        case .object: .modelAttributesType
        }
    }

    // MARK: JSON booleans

    func accept(_ value: Bool, _ index: Int, into slot: inout Value) -> InputIssue.Kind? {
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
    func acceptInteger(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ text: RawSpan
    ) -> InputIssue.Kind? {
        if let integer = number.integer { return set(integer, index, &slot) }
        return acceptAsInteger(number, index, into: &slot, text)
    }

    /// An integer field's number that has a fraction or exponent, or more digits than `Int`.
    @inline(never)
    private func acceptAsInteger(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ text: RawSpan
    ) -> InputIssue.Kind? {
        if number.isInteger { return setBeyondInt(isNegative: number.isNegative, index) }
        let double = number.double(in: text)
        // JSON Schema's integers are numbers without a fraction, however they are written (2020-12 validation, §6.1.1);
        // pydantic's strict mode takes no `4.0`.
        if isStrict {
            guard let integer = Int(exactly: double) else { return .intType }
            return set(integer, index, &slot)
        }
        guard double.isFinite else { return .finiteNumber }
        guard double == double.rounded() else { return .intFromFloat }
        guard abs(double) < 0x1p63 else { return .intParsingSize }
        return set(Int(double), index, &slot)
    }

    @inline(__always)
    func acceptNumber(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ text: RawSpan
    ) -> InputIssue.Kind? {
        let double = number.double(in: text)
        guard number.isInteger else { return set(double, index, &slot) }
        // Python turns an integer into a float: it knows no negative zero, and fails beyond the range, where a
        // fraction becomes infinite.
        return double.isInfinite ? .floatType : set(double + 0, index, &slot)
    }

    @inline(never)
    func acceptBoolean(
        _ number: JSONNumber, _ index: Int, into slot: inout Value, _ text: RawSpan
    ) -> InputIssue.Kind? {
        if isStrict { return .boolType }
        let double = number.isInteger ? 0 : number.double(in: text)
        // pydantic takes the least Int as an integer but not as a fraction.
        let integer = number.isInteger ? number.integer : double == -0x1p63 ? nil : Int(exactly: double)
        guard let integer else { return .boolType }
        guard integer == 0 || integer == 1 else { return .boolParsing }
        slot = .boolean(integer == 1)
        return nil
    }

    // MARK: JSON strings

    @inline(__always)
    func accept(
        _ string: JSONString, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue.Kind? {
        if values[index].kind == .enumeration, !string.hasEscapes {
            return setLabel(cursor.bytes, string.start, string.end, index, &slot)
        }
        return acceptText(string, index, into: &slot, cursor)
    }

    @inline(never)
    private func acceptText(
        _ string: JSONString, _ index: Int, into slot: inout Value, _ cursor: borrowing JSONCursor
    ) -> InputIssue.Kind? {
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

    private func acceptText(_ text: RawSpan, _ index: Int, into slot: inout Value) -> InputIssue.Kind? {
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
    private func set(_ value: Int, _ index: Int, _ slot: inout Value) -> InputIssue.Kind? {
        guard values[index].lowest <= value, value <= values[index].highest else { return boundIssue(value, index) }
        slot = .integer(value)
        return nil
    }

    @inline(__always)
    private func set(_ value: Double, _ index: Int, _ slot: inout Value) -> InputIssue.Kind? {
        guard (values[index].least <= value && value <= values[index].greatest) || !values[index].isBounded else {
            return boundIssue(value, index)
        }
        slot = .number(value)
        return nil
    }

    /// An integer that no `Int` holds fails the first bound on its side; without one it is too large for us.
    private func setBeyondInt(isNegative: Bool, _ index: Int) -> InputIssue.Kind {
        guard case .integer(let bounds) = schemas[index].kind else { return .intParsingSize }
        if isNegative {
            if bounds.minimum != nil { return .greaterThanEqual }
            return bounds.exclusiveMinimum == nil ? .intParsingSize : .greaterThan
        }
        if bounds.maximum != nil { return .lessThanEqual }
        return bounds.exclusiveMaximum == nil ? .intParsingSize : .lessThan
    }

    @inline(never)
    private func boundIssue(_ value: Int, _ index: Int) -> InputIssue.Kind? {
        guard case .integer(let bounds) = schemas[index].kind else { return nil }
        return bounds.issue(value)
    }

    @inline(never)
    private func boundIssue(_ value: Double, _ index: Int) -> InputIssue.Kind? {
        guard case .number(let bounds) = schemas[index].kind else { return nil }
        return bounds.issue(value)
    }

    @inline(__always)
    private func setLabel(_ bytes: RawSpan, _ start: Int, _ end: Int, _ index: Int, _ slot: inout Value) -> InputIssue
        .Kind?
    {
        guard let label = enumerations[values[index].reference].index(of: bytes, start, end) else {
            return typeIssue(index)
        }
        slot = .enumeration(label)
        return nil
    }

    private func setText(_ text: RawSpan, _ index: Int, _ slot: inout Value) -> InputIssue.Kind? {
        let (lowest, highest) = (values[index].lowest, values[index].highest)
        if lowest > 0 || highest < .max {
            let count = scalarCount(text)
            if count > highest { return .stringTooLong }
            if count < lowest { return .stringTooShort }
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
    /// The first bound that `value` does not keep, in pydantic's order.
    ///
    /// NaN keeps none.
    fileprivate func issue(_ value: Number) -> InputIssue.Kind? {
        if let maximum, !(value <= maximum) { return .lessThanEqual }
        if let exclusiveMaximum, !(value < exclusiveMaximum) { return .lessThan }
        if let minimum, !(value >= minimum) { return .greaterThanEqual }
        if let exclusiveMinimum, !(value > exclusiveMinimum) { return .greaterThan }
        return nil
    }
}
