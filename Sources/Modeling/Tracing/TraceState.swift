/// The `tracestate` header (W3C Trace Context level 2, section 3.3), which is handed on as it came.
package enum TraceState {
    /// The longest that is handed on, 512 bytes: as much as every system has to.
    package static let maximumBytes = 512
    /// The most members, 32 (section 3.3.1.1).
    private static let maximumMembers = 32
    /// The longest key and the longest value, 256 characters (section 3.3.1.3).
    private static let maximumPartBytes = 256

    /// Whether this is a list of members, and short enough to hand on.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumBytes else { return false }
        // Empty members are allowed, and a list of nothing else says nothing.
        let members = bytes.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
        return (1...maximumMembers).contains(members.count) && members.allSatisfy(isMember)
    }

    /// Without spaces and tabs around it.
    private static func trimmed(_ member: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let start = member.drop(while: isSpace)
        return start[..<(start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex)]
    }

    private static func isMember(_ member: ArraySlice<UInt8>) -> Bool {
        guard let sign = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let (key, value) = (member[..<sign], member[(sign + 1)...])
        guard let first = key.first, first != UInt8(ascii: "_"), isOfWord(first), key.count <= maximumPartBytes,
            !value.isEmpty, value.count <= maximumPartBytes
        else { return false }
        return key.allSatisfy { isOfWord($0) || keySigns.contains($0) }
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    /// What a key may have beside letters, digits and `_`, not at its start.
    private static let keySigns = Array("-*/@".utf8)

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
