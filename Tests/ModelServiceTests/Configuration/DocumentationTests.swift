import TestSupport
import Testing
import YAML

@testable import ModelService

@Suite("docs/configuration.md")
struct DocumentationTests {
    private struct Row {
        let key: String
        let standard: String
        let limits: String
    }

    @Test(
        "gives the default of every key of a section, and limits that hold", arguments: ["server", "limits", "reload"])
    func limits(section: String) throws {
        let rows = try rows(of: section)
        func text(_ row: Row, _ value: some StringProtocol) -> String {
            let text = "{\(row.key): \(value)}"
            return section == "limits" ? "model_packages: {limits: \(text)}" : "\(section): \(text)"
        }
        for row in rows where row.standard.hasPrefix("`") {
            let service = try configuration(text(row, row.standard.split(separator: "`")[0]))
            #expect(service.server == ServerConfiguration(), "\(row.key)")
            #expect(service.modelPackages == PackagesConfiguration(), "\(row.key)")
            #expect(service.reload == ReloadConfiguration(), "\(row.key)")
        }
        var checked = 0
        for row in rows {
            let limits = row.limits.components(of: " to ")
            guard limits.count == 2, limits.allSatisfy({ $0.first?.isNumber == true }) else { continue }
            checked += 1
            for limit in limits { #expect(mistakes(Array(text(row, limit).utf8)).isEmpty, "\(row.key): \(limit)") }
            let beyond = text(row, "9\(limits[1])")
            #expect(!mistakes(Array(beyond.utf8)).isEmpty, "\(beyond)")
        }
        #expect(checked >= (section == "reload" ? 1 : 5))
    }

    @Test("gives the default of every key of metrics")
    func metrics() throws {
        for row in try rows(of: "metrics") where row.standard.hasPrefix("`") {
            let service = try configuration("metrics: {\(row.key): \(row.standard.split(separator: "`")[0])}")
            #expect(service.metrics == MetricsConfiguration(), "\(row.key)")
        }
    }

    @Test("gives the default of every key of tracing, and limits that hold")
    func tracing() throws {
        func text(_ row: Row, _ value: some StringProtocol) -> String {
            "tracing: {enabled: true, \(row.key): \(value)}"
        }
        let standard = try configuration("tracing: {enabled: true}").tracing
        for row in try rows(of: "tracing") {
            if row.standard.hasPrefix("`"), row.key != "enabled" {
                let service = try configuration(text(row, row.standard.split(separator: "`")[0]))
                #expect(service.tracing == standard, "\(row.key)")
            }
            let limits = row.limits.components(of: " to ")
            guard limits.count == 2 else { continue }
            for limit in limits { #expect(mistakes(Array(text(row, limit).utf8)).isEmpty, "\(row.key): \(limit)") }
            #expect(!mistakes(Array(text(row, "9\(limits[1])").utf8)).isEmpty, "\(row.key)")
        }
        #expect(try configuration("tracing: {enabled: false}").tracing == nil)
    }

    @Test("gives the default of every key of logging")
    func logging() throws {
        for section in ["logging", "access"] {
            for row in try rows(of: section) where row.standard.hasPrefix("`") {
                let entry = "{\(row.key): \(row.standard.split(separator: "`")[0])}"
                let text = section == "logging" ? entry : "{access: \(entry)}"
                #expect(try configuration("logging: \(text)").logging == LoggingConfiguration(), "\(row.key)")
            }
        }
        let said = try #require(try rows(of: "access").first { $0.key == "exclude" }).limits
        let patterns = try #require(said.split(separator: "`").first { $0.hasPrefix("[") })
        #expect(
            try configuration("logging: {access: {exclude: \(patterns)}}").logging == LoggingConfiguration())
        let components = try #require(try rows(of: "logging").first { $0.key == "levels" }).limits
        for component in LogComponent.allCases { #expect(components.contains("`\(component)`")) }
    }

    @Test("has a row for every key of logging, which takes others too")
    func loggingKeys() throws {
        let section = try #require(Expected.service(file: "").shape.section("logging"))
        #expect(Set(try rows(of: "logging").map(\.key)) == Set(section.properties.map(\.name)))
    }

    /// The sections, and a configuration with an unknown key in each.
    private static let sections = [
        ("The service", "zzzzzzzz: 1"), ("models", "models: [{zzzzzzzz: 1}]"), ("server", "server: {zzzzzzzz: 1}"),
        ("model_packages", "model_packages: {zzzzzzzz: 1}"),
        ("model_packages", "model_packages: {store: s3://bucket, zzzzzzzz: 1}"),
        ("metrics", "metrics: {zzzzzzzz: 1}"), ("reload", "reload: {zzzzzzzz: 1}"),
        ("tracing", "tracing: {zzzzzzzz: 1}"),
        ("limits", "model_packages: {limits: {zzzzzzzz: 1}}"),
        ("keys", "keys: [{zzzzzzzz: 1}]"), ("access", "logging: {access: {zzzzzzzz: 1}}"),
    ]

    @Test("has a row for every key", arguments: sections)
    func keys(section: String, text: String) throws {
        let message = try #require(mistakes(Array(text.utf8)).first { $0.contains("known here: ") })
        var documented = Set(try rows(of: section).map(\.key))
        if section == "The service" { documented.insert("server") }
        #expect(documented == knownKeys(message))
    }

    @Test("has a row for every key of a package's own configuration")
    func packageKeys() async throws {
        let service = try configuration("models: [{class_path: a.IrisModel, configuration: {zzzzzzzz: 1}}]")
        let error = try await #require(throws: (any Error).self) {
            try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
        }
        let documented = Set(try rows(of: "configuration of a package").map(\.key))
        #expect(documented == knownKeys("\(error)"))
    }

    private func knownKeys(_ message: String) -> Set<String> {
        Set(message.components(of: "known here: ").dropFirst().joined().components(of: ", "))
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

extension Shape {
    /// The mapping of one key.
    fileprivate func section(_ key: String) -> MappingShape? {
        guard case .mapping(let mapping) = self, let property = mapping.properties.first(where: { $0.name == key }),
            case .mapping(let section) = property.shape
        else { return nil }
        return section
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
