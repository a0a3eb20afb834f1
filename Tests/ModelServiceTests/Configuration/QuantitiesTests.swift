import Testing
import YAML

@testable import ModelService

@Suite("Sizes and times are read with their units")
struct QuantitiesTests {
    private func read<Value>(_ text: String, _ expected: Expected<Value>) throws -> Value? {
        try? expected.read(Node(parsing: Array(text.utf8).span))
    }

    @Test(
        "a size is bytes, or a number with a unit",
        arguments: [
            ("0", 0), ("65536", 65_536), ("1B", 1), ("64KiB", 65_536), ("64 KiB", 65_536), ("64Ki", 65_536),
            ("1MiB", 1_048_576), ("1Mi", 1_048_576), ("1GiB", 1_073_741_824), ("2k", 2_000), ("2kB", 2_000),
            ("2KB", 2_000), ("3M", 3_000_000), ("3MB", 3_000_000), ("1G", 1_000_000_000), ("'64KiB'", 65_536),
            ("1.5MiB", nil), ("-1KiB", nil), ("KiB", nil), ("1m", nil), ("1TiB", nil), ("'1'", nil), ("[]", nil),
            ("9223372036854775807GiB", nil), ("99999999999999999999", nil), ("", nil), ("٣KiB", nil),
        ] as [(String, Int?)])
    func sizes(text: String, bytes: Int?) throws {
        #expect(try read(text, .byteCount(in: 0 ... .max)) == bytes)
    }

    @Test(
        "a time is seconds, or numbers with units",
        arguments: [
            ("30", .seconds(30)), ("0.25", .milliseconds(250)), ("250ms", .milliseconds(250)), ("30s", .seconds(30)),
            ("1.5s", .milliseconds(1_500)), ("2m", .seconds(120)), ("1h", .seconds(3_600)), ("1m30s", .seconds(90)),
            ("0.1s", .milliseconds(100)), ("'30s'", .seconds(30)), ("1h1m1s1ms", .milliseconds(3_661_001)),
            ("30 s", nil), ("s", nil), ("", nil), ("1d", nil), ("1ss", nil), ("-1s", nil), ("1.2.3s", nil),
            ("1m30", nil),
            (".inf", nil), (".nan", nil), ("1e300", nil), ("9223372036854775807", nil), ("99999999999h", nil),
            ("'30'", nil), ("{}", nil), ("1s1", nil), ("٣s", nil),
        ] as [(String, Duration?)])
    func times(text: String, duration: Duration?) throws {
        #expect(try read(text, .duration(in: .zero ... .seconds(1_000_000_000))) == duration)
    }

    @Test("what is out of range is told in the words it is written in")
    func ranges() throws {
        let limits = Expected<Duration>.duration(in: .milliseconds(250) ... .seconds(5_400))
        #expect(
            throws: ConfigurationProblems([.init(path: "", at: Position(line: 1, column: 1), "must be 250ms to 90m")])
        ) {
            try limits.read(Node(parsing: Array("2h".utf8).span))
        }
    }
}
