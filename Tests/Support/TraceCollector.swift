package import Modeling

/// A collector of traces on a free port, `Servers/collector.py`: decodes what comes with OpenTelemetry's own classes.
///
/// Ends with this value. For one thread at a time.
package final class TraceCollector {
    package let port: UInt16
    private let process: ChildProcess

    /// - Parameters:
    ///   - statuses: of the first answers, with `Retry-After: 0` unless they are 200; 200 from then on.
    ///   - rejected: how many spans of each batch it says it does not want.
    package init(statuses: [Int] = [], rejected: Int = 0) throws {
        process = try ChildProcess(
            program: Repository.python,
            [
                "Tests/Support/Servers/collector.py", "--statuses",
                statuses.map { "\($0)" }.joined(separator: ","), "--rejected", "\(rejected)",
            ])
        port = UInt16(try process.waitForLine(containing: "ready ").dropFirst("ready ".count)) ?? 0
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// The next request: `path`, `fields`, `status`, `resource`, `scope`, and `spans`, each with `trace`, `span`,
    /// `parent`, `name`, `kind`, `status`, `attributes`.
    package func nextBatch() throws -> JSON {
        let line = try process.waitForLine(containing: "batch {")
        return try JSON(parsing: String(line.dropFirst("batch ".count)))
    }

    /// The spans of as many requests as it takes until there are `count`.
    package func spans(_ count: Int) throws -> [JSON] {
        var spans: [JSON] = []
        while spans.count < count { spans += try nextBatch()["spans"]?.array ?? [] }
        return spans
    }
}
