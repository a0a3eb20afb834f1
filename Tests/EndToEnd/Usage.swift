import FoundationEssentials
import Glibc
import TestSupport

/// What a process holds.
struct Usage {
    let descriptors: Int
    let threads: Int
    let residentKilobytes: Int

    init(of process: pid_t) throws {
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
        let status = try Repository.text(of: "/proc/\(process)/status").split(separator: "\n")
        func number(_ key: String) -> Int {
            status.first { $0.hasPrefix(key) }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
        threads = number("Threads:")
        residentKilobytes = number("VmRSS:")
    }
}
