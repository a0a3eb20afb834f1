/// A strong entity tag, RFC 9110 §8.8.3: equal for two representations only when they are equal to the byte.
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    private let opaque: [UInt8]

    /// The tag of hexadecimal digits that writes `bytes`.
    package init(_ bytes: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        opaque = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    }

    /// As it is sent, in quotes.
    package var description: String { "\"\(String(decoding: opaque, as: UTF8.self))\"" }

    /// Whether the value of an `If-None-Match` field is `*` or lists this tag.
    ///
    /// Tags are compared weakly (§8.8.3.2): `W/` says nothing here. What follows a mistake in the list is not read, so
    /// that the client gets the whole answer rather than none.
    fileprivate func isNamed(by value: Span<UInt8>) -> Bool {
        if value.count == 1, value[0] == UInt8(ascii: "*") { return true }
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte == space || byte == tab || byte == UInt8(ascii: ",") {
                index += 1
                continue
            }
            if byte == UInt8(ascii: "W"), index + 1 < value.count, value[index + 1] == UInt8(ascii: "/") { index += 2 }
            guard index < value.count, value[index] == quote else { return false }
            let start = index + 1
            index = start
            while index < value.count, value[index] != quote { index += 1 }
            guard index < value.count else { return false }
            if equals(value.extracting(start..<index)) { return true }
            index += 1
        }
        return false
    }

    private func equals(_ other: Span<UInt8>) -> Bool {
        guard other.count == opaque.count else { return false }
        for index in other.indices where other[index] != opaque[index] { return false }
        return true
    }
}

private let quote = UInt8(ascii: "\"")

extension Request {
    /// Whether `If-None-Match` says that the client has the representation with this tag (RFC 9110 §13.1.2).
    ///
    /// It may be given in several lines (§5.3).
    package func ifNoneMatch(names tag: EntityTag) -> Bool {
        for index in 0..<fieldCount where isField(index, called: "if-none-match") {
            if tag.isNamed(by: fieldValue(index)) { return true }
        }
        return false
    }
}
