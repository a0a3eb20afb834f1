import Modeling
import TestSupport
import Testing

@testable import Decorators

@Suite("A prediction in a store")
struct StoredRecordTests {
    static let every = ObjectSchema(
        "Every",
        properties: [
            .init("flag", Schema(.boolean), isRequired: true),
            .init("count", .anyInteger, isRequired: true),
            .init("ratio", .anyNumber, isRequired: true),
            .init("label", .choice("low", "hïgh"), isRequired: true),
            .init("text", .anyString, isRequired: false),
            .init("nothing", Schema(.string(LengthLimits()), defaultValue: .null), isRequired: false),
            .init("given", Schema(.integer(Bounds()), isNullable: true, defaultValue: .integer(3)), isRequired: false),
            .init("list", .list(.list(.anyNumber)), isRequired: true),
            .init(
                "inner", Schema(ObjectSchema("Inner", ("a", .anyInteger), ("b", .list(.anyString)))), isRequired: true),
        ])

    static func random(_ generator: inout SplitMix64) -> Record {
        var record = Record(every)
        func text() -> String {
            let alphabet = ["a", "é", "\"", "\\", "\u{0}", "日", "😀", "\n"]
            return (0..<[0, 1, 31, 32, 300].randomElement(using: &generator)!)
                .map { _ in alphabet.randomElement(using: &generator)! }.joined()
        }
        func number() -> Value {
            let number = Double(bitPattern: generator.next())
            return .number(number.isFinite ? number : 0.1)
        }
        func integer() -> Value {
            let bits = Int.random(in: 0...63, using: &generator)
            return .integer(Int(truncatingIfNeeded: generator.next()) >> bits)
        }
        record[0] = .boolean(.random(using: &generator))
        record[1] = integer()
        record[2] = number()
        record[3] = .enumeration(Int.random(in: 0...1, using: &generator))
        record[4] = Bool.random(using: &generator) ? .string(text()) : .absent
        record[5] = Bool.random(using: &generator) ? .null : .string(text())
        record[6] = [.null, integer()].randomElement(using: &generator)!
        let count = [0, 1, 15, 16, 70].randomElement(using: &generator)!
        record[7] = .array((0..<count).map { _ in .array([number(), number()]) })
        var inner = Record(every.properties[8].schema.objects[0])
        inner[0] = Bool.random(using: &generator) ? integer() : .absent
        inner[1] = .array((0..<3).map { _ in .string(text()) })
        record[8] = .object(inner)
        return record
    }

    private static let key = Array("martlet:0123".utf8)

    private func format(_ form: RedisCachingDecorator.Form, compresses: Bool = false) throws -> StoredRecord {
        try StoredRecord(
            Schema(.anyOf([Schema(ObjectSchema("Other", ("flag", Schema(.boolean)))), Schema(Self.every)])), form: form,
            compresses: compresses)
    }

    @Test("is read as it was written", arguments: RedisCachingDecorator.Form.allCases, [false, true])
    func roundTrip(form: RedisCachingDecorator.Form, compresses: Bool) throws {
        let format = try format(form, compresses: compresses)
        var generator = SplitMix64(seed: 5)
        for _ in 0..<500 {
            let record = Self.random(&generator)
            let bytes = try format.bytes(of: record, key: Self.key)
            #expect(try format.record(from: bytes, key: Self.key) == record)
        }
    }

    @Test("is none when it is cut short, altered or of another key", arguments: RedisCachingDecorator.Form.allCases)
    func corrupted(form: RedisCachingDecorator.Form) throws {
        for compresses in [false, true] {
            let format = try format(form, compresses: compresses)
            var generator = SplitMix64(seed: 6)
            let bytes = try format.bytes(of: Self.random(&generator), key: Self.key)
            for count in 0..<bytes.count {
                #expect(throws: StoredRecordError.malformed) {
                    try format.record(from: Array(bytes[..<count]), key: Self.key)
                }
                var altered = bytes
                altered[count] ^= 1 << UInt8(generator.next() & 7)
                #expect(throws: StoredRecordError.malformed) { try format.record(from: altered, key: Self.key) }
            }
            #expect(throws: StoredRecordError.malformed) { try format.record(from: bytes, key: [1]) }
        }
    }

    @Test("is compressed when that makes it shorter, and decompressed to no more than it says")
    func compression() throws {
        let format = try format(.json, compresses: true)
        var generator = SplitMix64(seed: 7)
        var record = Self.random(&generator)
        record[4] = .string(String(repeating: "a", count: 1_000_000))
        let bytes = try format.bytes(of: record, key: Self.key)
        #expect(bytes.count < 100_000)
        #expect(try format.record(from: bytes, key: Self.key) == record)
        // Short ones stay as they are.
        var other = Record(ObjectSchema("Other", ("flag", Schema(.boolean))))
        other[0] = .boolean(true)
        #expect(try format.bytes(of: other, key: Self.key)[1] == 0)
    }

    @Test("is at most so long", arguments: RedisCachingDecorator.Form.allCases)
    func tooLarge(form: RedisCachingDecorator.Form) throws {
        var generator = SplitMix64(seed: 8)
        var record = Self.random(&generator)
        record[4] = .string(String(repeating: "a", count: StoredRecord.maximumContentBytes))
        #expect(throws: StoredRecordError.tooLarge) {
            try format(form, compresses: true).bytes(of: record, key: Self.key)
        }
    }
}
