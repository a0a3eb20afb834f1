import Glibc
import Modeling

/// Files that tests read: fixtures beside them, and the material beside the repository, which may be missing.
enum Files {
    private static let tests = directory(above: #filePath, levels: 2)
    static let shared = directory(above: #filePath, levels: 4) + "/../shared"

    static func fixture(_ name: String) throws -> [UInt8] {
        try bytes("\(tests)/Fixtures/\(name)")
    }

    static func exists(_ path: String) -> Bool {
        access(path, R_OK) == 0
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    static func json(_ path: String) throws -> JSON {
        let bytes = try bytes(path)
        return try JSON(parsing: bytes.span.bytes)
    }

    static func jsonLines(_ bytes: [UInt8]) throws -> [JSON] {
        var lines: [JSON] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let line = Array(line)
            lines.append(try JSON(parsing: line.span.bytes))
        }
        return lines
    }

    private static func directory(above path: String, levels: Int) -> String {
        path.split(separator: "/").dropLast(levels).reduce("") { "\($0)/\($1)" }
    }

    struct Missing: Error { let path: String }
}

extension RecordDecoder {
    /// What a body decodes to: a record, or the messages of its errors.
    func outcome(_ body: String) throws(InputError) -> Record {
        try outcome(Array(body.utf8))
    }

    func outcome(_ body: [UInt8]) throws(InputError) -> Record {
        var record = Record(ObjectSchema("Other", properties: []))
        try decode(body.span.bytes, into: &record)
        return record
    }

    func messages(_ body: String) -> [String] {
        do {
            _ = try outcome(body)
            return []
        } catch {
            return error.messages
        }
    }
}
