internal import Glibc

/// One page of ListObjectsV2.
struct S3Listing {
    /// Keys as the store writes them, with the store's prefix.
    private(set) var objects: [StoredObject] = []
    /// Asks for the next page; `nil` on the last one.
    private(set) var continuationToken: String?

    private struct Incomplete: Error, CustomStringConvertible {
        let description: String
    }

    init(_ bytes: [UInt8]) throws {
        var (key, size, tag, modified): (String?, Int?, String?, Int?) = (nil, nil, nil, nil)
        var (isTruncated, token): (Bool?, String?) = (nil, nil)
        try forEachElement(ofXML: bytes) { path, text in
            guard path.first == "ListBucketResult" else {
                throw Incomplete(description: "the list is a '\(printable(path.first ?? "", limit: 40))'")
            }
            switch path.dropFirst() {
            case ["Contents", "Key"]: key = text
            case ["Contents", "Size"]: size = Int(text)
            case ["Contents", "ETag"]: tag = text
            case ["Contents", "LastModified"]: modified = S3Time.seconds(ofISO: text)
            case ["Contents"]:
                guard let key, let size, size >= 0 else {
                    throw Incomplete(description: "an entry of the list has no key or no size")
                }
                objects.append(StoredObject(name: key, byteCount: size, entityTag: tag, modified: modified))
                (tag, modified) = (nil, nil)
            case ["IsTruncated"]: isTruncated = text == "true"
            case ["NextContinuationToken"]: token = text
            default: break
            }
            if path.count == 2, path[1] == "Contents" { (key, size) = (nil, nil) }
        }
        guard let isTruncated else { throw Incomplete(description: "the list does not say whether it is complete") }
        guard isTruncated else { return }
        guard let token, !token.isEmpty else { throw Incomplete(description: "the list does not say how it goes on") }
        continuationToken = token
    }
}

/// The document that explains a status, as far as it can be trusted: it is whatever somebody has sent.
struct S3Explanation {
    /// One word such as `NoSuchKey`.
    private(set) var code: String?
    /// Printable, at most 200 characters.
    private(set) var message: String?
    private(set) var region: String?

    init(_ bytes: [UInt8]) {
        try? forEachElement(ofXML: bytes) { path, text in
            guard path.count == 2, path[0] == "Error" else { return }
            switch path[1] {
            case "Code": code = Self.word(text)
            case "Message" where !text.isEmpty: message = printable(text, limit: 200)
            case "Region": region = Self.word(text)
            default: break
            }
        }
    }

    /// A text of at most 64 letters, digits, dots and dashes.
    static func word(_ text: String) -> String? {
        let isWord =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        return isWord ? text : nil
    }
}

/// Times as S3 writes them, in seconds since 1970 (UTC); `nil` for other text.
enum S3Time {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `2009-10-12T17:50:30.000Z`, as lists have it.
    static func seconds(ofISO text: String) -> Int? {
        let parts = text.split(separator: "T")
        guard parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        guard date.count == 3 else { return nil }
        return seconds(year: date[0], month: date[1], day: date[2], time: parts[1].prefix(8))
    }

    /// `Mon, 12 Oct 2009 17:50:30 GMT`, as the field `Last-Modified` has it (RFC 9110, section 5.6.7).
    static func seconds(ofField text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        return seconds(year: year, month: month + 1, day: day, time: parts[4])
    }

    private static func seconds(year: Int, month: Int, day: Int, time: Substring) -> Int? {
        let clock = time.split(separator: ":").compactMap { CInt($0) }
        guard clock.count == 3, (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (CInt(year - 1900), CInt(month - 1), CInt(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return timegm(&parts)
    }
}
