extension JSON {
    /// The value that `bytes` write, which must be JSON as RFC 8259 has it, in UTF-8 and nothing after it.
    ///
    /// Half a surrogate pair, which only an escape can write, becomes U+FFFD.
    package init(parsing bytes: RawSpan) throws(JSONSyntaxError) {
        var cursor = JSONCursor(bytes, maximumDepth: Self.maximumDepth)
        cursor.skipByteOrderMark()
        self = try cursor.scanTree()
        try cursor.expectEnd()
    }
}

extension JSONCursor {
    /// The stack grows with the depth, which is limited.
    fileprivate mutating func scanTree() throws(JSONSyntaxError) -> JSON {
        switch next() {
        case UInt8(ascii: "\""): return .string(replacingHalves(of: try scanString()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try scanNumber()
            return number.integer.map(JSON.integer) ?? .number(number.double(in: bytes))
        case UInt8(ascii: "t"):
            try scanTrue()
            return .boolean(true)
        case UInt8(ascii: "f"):
            try scanFalse()
            return .boolean(false)
        case UInt8(ascii: "n"):
            try scanNull()
            return .null
        case UInt8(ascii: "{"): return .object(try scanMembers())
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            guard try openArray() else { return .array(elements) }
            repeat { elements.append(try scanTree()) } while try hasNextElement()
            return .array(elements)
        default: throw error(.value)
        }
    }

    private mutating func scanMembers() throws(JSONSyntaxError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var places: [String: Int] = [:]
        guard try openObject() else { return members }
        repeat {
            let key = replacingHalves(of: try scanKey())
            let value = try scanTree()
            if let place = places[key] {
                members[place].value = value
            } else {
                places[key] = members.count
                members.append(JSON.Member(key, value))
            }
        } while try hasNextMember()
        return members
    }

    private func replacingHalves(of string: JSONString) -> String {
        text(string) ?? "\u{FFFD}"
    }
}
