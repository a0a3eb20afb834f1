import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Commands

@Suite("The page of martlet top")
struct TopPageTests {
    private static let golden = "Tests/CommandsTests/Golden/Top"
    private static let url = "http://127.0.0.1:8000/metrics"
    private static let begin = ContinuousClock.now

    /// What a service did in a second of a load, by two pages that it answered, with a few lines more.
    private func activity() throws -> ServiceActivity {
        func snapshot(_ name: String, _ seconds: Int) throws -> MetricsSnapshot {
            MetricsSnapshot(
                try Repository.bytes(of: "\(Self.golden)/\(name).txt"), at: Self.begin + .seconds(seconds),
                epochSeconds: 1_795_170_723 + Double(seconds))
        }
        return ServiceActivity(MetricsInterval(from: try snapshot("first", 0), to: try snapshot("second", 1)))
    }

    /// Written anew with `MARTLET_UPDATE_GOLDEN=1 swift test --filter TopPageTests`.
    @Test("is what the golden file says, in terminals of two widths", arguments: [80, 140])
    func golden(width: Int) throws {
        let path = "\(Repository.root)/\(Self.golden)/page.\(width).txt"
        let lines = TopPage(Self.url, try activity(), width: width).text(isColored: false)
        let text = lines.joined(separator: "\n") + "\n"
        if getenv("MARTLET_UPDATE_GOLDEN") != nil { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try Repository.text(of: path) == text)
    }

    @Test("fits every width and height", arguments: [1, 2, 10, 20, 40, 79, 200])
    func fits(width: Int) throws {
        for height in [0, 1, 3, 10, 100] {
            let lines = TopPage(Self.url, try activity(), width: width).text(height: height, isColored: false)
            #expect(lines.count <= max(height, 1))
            #expect(lines.allSatisfy { $0.count <= width })
        }
    }

    @Test("has colors besides the same text")
    func colors() throws {
        let page = TopPage(Self.url, try activity(), width: 140)
        let colored = page.text(isColored: true).joined(separator: "\n")
        let plain = colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
        #expect(colored.contains("\u{1B}[32m   ready\u{1B}[0m"))
        #expect(
            plain.split(separator: "\n").map { $0.trimmingSuffix { $0 == " " } }
                == page.text(isColored: false).filter { !$0.isEmpty }.map { $0[...] })
    }

    @Test("says that it has no numbers yet, or why there are no newer ones")
    func problems() throws {
        func lines(_ activity: ServiceActivity?, _ problem: String?) -> [String] {
            TopPage(Self.url, activity, problem: problem, width: 100).text(isColored: false)
        }
        #expect(lines(nil, nil) == ["martlet   \(Self.url)", "measuring"])
        #expect(lines(nil, "no metrics: refused") == ["martlet   \(Self.url)", "no metrics: refused"])
        let late = lines(try activity(), "no metrics for 3 s: refused")
        #expect(late[0] == "martlet 0.1.0   \(Self.url)", "nobody knows whether it is ready")
        #expect(late[1] == "no metrics for 3 s: refused")
        #expect(late[2...] == lines(try activity(), nil)[1...])
    }

    @Test("obeys nothing that a name says")
    func hostile() {
        let page = #"http_requests_total{handler="/\u{1B}[2J\#u{1B}[2J\n\#u{202E}x",method="GET",status="2xx"} 1"#
        let snapshot = MetricsSnapshot(Array(page.utf8))
        let interval = MetricsInterval(from: snapshot, to: snapshot)
        let text = TopPage(Self.url, ServiceActivity(interval), width: 140).text(isColored: true).joined()
        #expect(!text.contains("\u{1B}[2J") && !text.contains("\u{202E}") && text.contains("[2J??x"))
    }

    @Test("shows what there is of a page that has next to nothing")
    func sparse() {
        let snapshot = MetricsSnapshot(Array("up 1\n".utf8))
        let lines = TopPage(Self.url, ServiceActivity(MetricsInterval(from: snapshot, to: snapshot)), width: 100)
            .text(isColored: false)
        #expect(lines == ["martlet   \(Self.url)", "requests 0/s   p50 -   p95 -   p99 -   4xx 0/s   5xx 0/s"])
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isCut: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isCut(last) { text.removeLast() }
        return text
    }
}
