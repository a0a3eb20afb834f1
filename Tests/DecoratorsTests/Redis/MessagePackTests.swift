import Modeling
import TestSupport
import Testing

@testable import Decorators

@Suite("MessagePack")
struct MessagePackTests {
    private static let every = StoredRecordTests.every

    private func packed(_ record: Record) throws -> [UInt8] {
        var writer = MessagePackWriter()
        try writer.write(record)
        return writer.bytes
    }

    @Test("is cut short at every byte without harm")
    func prefixes() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<20 {
            let bytes = try packed(StoredRecordTests.random(&generator))
            for count in 0..<bytes.count {
                #expect(throws: MessagePackError.truncated) {
                    try MessagePackReader.record(Self.every, from: bytes[..<count])
                }
            }
        }
    }

    @Test("that is altered anywhere is another record or none")
    func altered() throws {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            var bytes = try packed(StoredRecordTests.random(&generator)).prefix(200)
            for _ in 0..<3 {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            if let record = try? MessagePackReader.record(Self.every, from: bytes) { _ = try packed(record) }
        }
    }

    private static let one = ObjectSchema("One", ("n", .anyInteger), ("x", .anyNumber), ("s", .anyString))

    @Test(
        "is refused for what is wrong with it",
        arguments: [
            ([0xC0], .mismatch(field: "One")), ([0x91, 0x01], .mismatch(field: "One")), ([0x80, 0x80], .trailingBytes),
            ([0x81, 0xA1, 0x6D, 0x01], .unknownField), ([0x81, 0x01, 0x01], .mismatch(field: "One")),
            ([0x82, 0xA1, 0x6E, 0x01, 0xA1, 0x6E, 0x02], .repeatedField("n")),
            ([0x81, 0xA1, 0x6E, 0xC0], .mismatch(field: "n")), ([0x81, 0xA1, 0x6E, 0xC3], .mismatch(field: "n")),
            ([0x81, 0xA1, 0x6E, 0xCB, 0, 0, 0, 0, 0, 0, 0, 0], .mismatch(field: "n")),
            // 2⁶³
            ([0x81, 0xA1, 0x6E, 0xCF, 0x80, 0, 0, 0, 0, 0, 0, 0], .mismatch(field: "n")),
            // NaN, in 32 bits and in 64, and infinity
            ([0x81, 0xA1, 0x78, 0xCA, 0x7F, 0xC0, 0, 0], .mismatch(field: "x")),
            ([0x81, 0xA1, 0x78, 0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0], .mismatch(field: "x")),
            ([0x81, 0xA1, 0x78, 0xCB, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0], .mismatch(field: "x")),
            // Not UTF-8, bytes instead of text, and a length that nothing follows
            ([0x81, 0xA1, 0x73, 0xA1, 0xFF], .mismatch(field: "s")),
            ([0x81, 0xA1, 0x73, 0xC4, 0x01, 0x61], .mismatch(field: "s")),
            ([0x81, 0xA1, 0x73, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
            ([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
            ([0x81, 0xA1, 0x6E, 0xC1], .mismatch(field: "n")),
        ] as [([UInt8], MessagePackError)])
    func mistakes(bytes: [UInt8], error: MessagePackError) {
        #expect(throws: error) { try MessagePackReader.record(Self.one, from: bytes[...]) }
    }

    @Test("without a required field is none")
    func missing() {
        let schema = ObjectSchema("R", properties: [.init("n", .anyInteger, isRequired: true)])
        #expect(throws: MessagePackError.missingField("n")) { try MessagePackReader.record(schema, from: [0x80]) }
    }

    @Test(
        "takes every form of a number, and writes the shortest",
        arguments: [
            (0, [0x00], [0xD3, 0, 0, 0, 0, 0, 0, 0, 0]), (127, [0x7F], [0xCC, 0x7F]),
            (128, [0xCC, 0x80], [0xCD, 0, 0x80]),
            (255, [0xCC, 0xFF], [0xD1, 0, 0xFF]), (256, [0xCD, 1, 0], [0xCE, 0, 0, 1, 0]),
            (65_536, [0xCE, 0, 1, 0, 0], [0xCF, 0, 0, 0, 0, 0, 1, 0, 0]),
            (1 << 32, [0xCF, 0, 0, 0, 1, 0, 0, 0, 0], [0xD3, 0, 0, 0, 1, 0, 0, 0, 0]), (-1, [0xFF], [0xD0, 0xFF]),
            (-32, [0xE0], [0xD1, 0xFF, 0xE0]), (-33, [0xD0, 0xDF], [0xD2, 0xFF, 0xFF, 0xFF, 0xDF]),
            (-129, [0xD1, 0xFF, 0x7F], [0xD2, 0xFF, 0xFF, 0xFF, 0x7F]),
            (-32_769, [0xD2, 0xFF, 0xFF, 0x7F, 0xFF], [0xD3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF]),
        ] as [(Int, [UInt8], [UInt8])])
    func forms(number: Int, shortest: [UInt8], other: [UInt8]) throws {
        var record = Record(Self.one)
        record[0] = .integer(number)
        let head: [UInt8] = [0x81, 0xA1, 0x6E]
        #expect(try packed(record) == head + shortest)
        #expect(try MessagePackReader.record(Self.one, from: (head + shortest)[...]) == record)
        #expect(try MessagePackReader.record(Self.one, from: (head + other)[...]) == record)
    }

    @Test(
        "is what Python's msgpack reads and writes",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func python() throws {
        var generator = SplitMix64(seed: 3)
        let encoder = try RecordEncoder(Schema(Self.every))
        // The field without a value has a default, which JSON writes and MessagePack leaves out.
        let records = (0..<200).map { _ in StoredRecordTests.random(&generator) }
        var lines: [String] = []
        for record in records {
            var json: [UInt8] = []
            try encoder.encode(record, into: &json)
            lines.append("\(hexadecimal(try packed(record))) \(String(decoding: json, as: UTF8.self))")
        }
        let file = TemporaryFile(lines.joined(separator: "\n"), name: "records")
        let outcome = try ChildProcess.run(
            program: Repository.python, ["Tests/DecoratorsTests/Redis/messagepack.py", file.path])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let answers = outcome.output.split(separator: "\n")
        #expect(answers.count == records.count)
        for (answer, record) in zip(answers, records) {
            let bytes = stride(from: 0, to: answer.utf8.count, by: 2).map { offset in
                let start = answer.index(answer.startIndex, offsetBy: offset)
                return UInt8(answer[start..<answer.index(start, offsetBy: 2)], radix: 16)!
            }
            #expect(try MessagePackReader.record(Self.every, from: bytes[...]) == record)
        }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
