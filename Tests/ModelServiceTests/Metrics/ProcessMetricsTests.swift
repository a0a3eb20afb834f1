import Glibc
import Testing

@testable import ModelService

@Suite("What the kernel says of the process")
struct ProcessMetricsTests {
    @Test("is what it says elsewhere")
    func values() throws {
        let process = try #require(ProcessMetrics())
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let used =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        // A tick is a hundredth of a second.
        #expect(process.cpuSeconds <= used + 0.02)
        #expect(process.residentBytes > 1 << 20 && process.residentBytes <= usage.ru_maxrss * 1024)
        #expect(process.virtualBytes >= process.residentBytes)
        // The start is exact to a tick, the boot that it is counted from to a second.
        #expect(process.startSeconds <= Double(time(nil)) + 1 && process.startSeconds > Double(time(nil) - 86400))
        #expect(process.threads >= 1)
        #expect(try #require(process.openDescriptors) >= 3)
    }
}
