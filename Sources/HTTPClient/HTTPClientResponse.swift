/// What a server answered.
package struct HTTPClientResponse: Sendable {
    /// The status code: 100 to 999.
    package let status: Int
    /// The field lines in the order they came, without the trailer.
    package let fields: HTTPClientFields
    /// The content; empty when it went to the request's sink.
    package let body: [UInt8]
    /// Whether the connection was there already.
    package let isConnectionReused: Bool

    /// Whether the status says success: 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }
}

/// The field lines of a response, as they came over the wire: nothing is taken apart before somebody asks.
package struct HTTPClientFields: Sendable {
    /// Lines with their line ends.
    var lines: [UInt8] = []

    /// The value of the first line with this name, in any case, without space around it.
    package subscript(name: StaticString) -> String? {
        var line = lines[...]
        while !line.isEmpty {
            let rest = line.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            if let value = Self.value(of: line[..<rest.startIndex], named: name) { return value }
            line = rest
        }
        return nil
    }

    private static func value(of line: ArraySlice<UInt8>, named name: StaticString) -> String? {
        let count = name.utf8CodeUnitCount
        guard line.count > count, line[line.startIndex + count] == UInt8(ascii: ":") else { return nil }
        for index in 0..<count where line[line.startIndex + index].lowercased != name.utf8Start[index].lowercased {
            return nil
        }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        let value = line.dropFirst(count + 1).drop(while: isSpace)
        let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
        return String(decoding: value[..<end], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
