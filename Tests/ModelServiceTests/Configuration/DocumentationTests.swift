import ModelService
import TestSupport
import Testing

@Suite("docs/configuration.md")
struct DocumentationTests {
    private struct Row {
        let key: String
        let standard: String
        let limits: String
    }

    @Test("gives the default of every key of 'server', and limits that hold")
    func server() throws {
        let rows = try rows(of: "server")
        for row in rows where row.standard.hasPrefix("`") {
            let standard = row.standard.split(separator: "`")[0]
            let server = try configuration("server: {\(row.key): \(standard)}").server
            #expect(server == ServerConfiguration(), "\(row.key)")
        }
        for row in rows {
            let limits = row.limits.components(of: " to ")
            guard limits.count == 2, row.limits.first?.isNumber == true else { continue }
            for limit in limits {
                #expect(mistakes(Array("server: {\(row.key): \(limit)}".utf8)).isEmpty, "\(row.key): \(limit)")
            }
            let beyond = "\(row.key): 9\(limits[1])"
            #expect(!mistakes(Array("server: {\(beyond)}".utf8)).isEmpty, "\(beyond)")
        }
    }

    @Test("has a row for every key", arguments: [("The service", ""), ("models", "models"), ("server", "server")])
    func keys(section: String, key: String) throws {
        let nested = [
            "": "no_such_key: 1", "models": "models: [{no_such_key: 1}]", "server": "server: {no_such_key: 1}",
        ]
        let message = try #require(mistakes(Array(nested[key]!.utf8)).first { $0.contains("known here: ") })
        let known = message.components(of: "known here: ")[1].components(of: ", ")
        var documented = Set(try rows(of: section).map(\.key))
        if section == "The service" { documented.insert("server") }
        #expect(documented == Set(known))
    }

    /// The rows of the table under a heading.
    private func rows(of section: String) throws -> [Row] {
        let text = try Repository.text(of: "docs/configuration.md")
        let body = try #require(text.components(of: "\n## ").first { $0.hasPrefix(section + "\n") })
        return body.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            let key = cells[1].split(separator: "`")[0]
            return Row(key: String(key), standard: cells[2], limits: cells[3])
        }
    }
}

extension StringProtocol {
    /// The parts between occurrences of `separator`.
    fileprivate func components(of separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
