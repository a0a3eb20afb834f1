import Testing
import YAML

@Suite("A mapping is read by its keys")
struct MappingReaderTests {
    struct Server: Equatable {
        var host: String
        var port: Int
        var tags: [String]
    }

    static let server = Expected<Server>.mapping { reader in
        let host = reader.required("host", .string)
        let port = reader.value("port", .integer(in: 1...65_535), default: 8_000)
        let tags = reader.value("tags", .sequence(of: .nonEmptyString), default: [])
        reader.ignore("legacy", "has no effect")
        guard let host else { return nil }
        return Server(host: host, port: port, tags: tags)
    }

    private func messages<Value>(_ text: String, _ expected: Expected<Value>, path: String = "") throws -> [String] {
        let node = try parse(text)
        do throws(ConfigurationProblems) {
            _ = try expected.read(node, path: path)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("values, defaults and absent or null keys")
    func values() throws {
        let full = try Self.server.read(parse("host: a\nport: 1\ntags: [x, y]\n"))
        #expect(full == Server(host: "a", port: 1, tags: ["x", "y"]))
        let least = try Self.server.read(parse("host: a\nport:\ntags: ~\n"))
        #expect(least == Server(host: "a", port: 8_000, tags: []))
    }

    @Test("all mistakes are told at once, in the document's order, with path, line and column")
    func allMistakes() throws {
        #expect(
            try messages("prot: 1\nport: 65536\ntags: [x, 1, '']\nhost: {}\n", Self.server, path: "server") == [
                "1:1: server.prot: unknown key; did you mean 'port'?",
                "2:7: server.port: must be 1 to 65535",
                "3:11: server.tags[1]: expected a string, found an integer; put it into quotes",
                "3:14: server.tags[2]: must not be empty",
                "4:7: server.host: expected a string, found a mapping",
            ])
        #expect(try messages("port: 1\n", Self.server, path: "s") == ["1:1: s.host: this key is required"])
        #expect(try messages("host:\n", Self.server) == ["1:6: host: expected a string, found nothing"])
        #expect(try messages("- host: a\n", Self.server) == ["1:1: expected a mapping, found a list"])
        #expect(
            try messages("host: a\n'': 1\n\"b\\nc\": 2\n", Self.server) == [
                "2:1: ['']: unknown key; known here: host, port, tags, legacy",
                "3:1: ['b\\u{a}c']: unknown key; known here: host, port, tags, legacy",
            ])
    }

    @Test("a key without effect is a warning")
    func warnings() throws {
        var warnings: [String] = []
        _ = try Self.server.read(parse("host: a\nlegacy: [1]\n")) { warnings.append($0.description(in: "f.yaml")) }
        #expect(warnings == ["f.yaml:2:1: legacy: has no effect"])
    }

    @Test("mistakes past the limit are counted only")
    func many() throws {
        let text = (0..<Problems.limit + 5).map { "unknown\($0): 1\n" }.joined()
        do throws(ConfigurationProblems) {
            _ = try Expected<Bool>.mapping { _ in true }.read(try! parse(text))
            Issue.record("not refused")
        } catch {
            #expect(error.problems.count == Problems.limit)
            #expect(error.omitted == 5)
            #expect(error.description(in: "f").hasSuffix("\nf: and 5 more"))
        }
    }
}
