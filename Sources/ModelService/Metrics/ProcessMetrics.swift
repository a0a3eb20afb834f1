import Glibc

/// What the kernel says of this process (proc(5)); absent where there is no /proc.
struct ProcessMetrics {
    /// User and system time.
    let cpuSeconds: Double
    let virtualBytes: Int
    let residentBytes: Int
    /// Since the epoch.
    let startSeconds: Double
    /// `nil` when they can't be counted, as when there is none left to count them with.
    let openDescriptors: Int?
    /// `nil` when there is no limit.
    let maximumDescriptors: Int?
    let threads: Int

    init?() {
        // The name, in parentheses, may hold spaces; fields are numbered from 3, the state, on.
        guard let stat = contents("/proc/self/stat"), let name = stat.lastIndex(of: ")"),
            let boot = contents("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let bootSeconds = Double(boot.dropFirst("btime ".count))
        else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ").map { Int($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        func field(_ number: Int) -> Int { fields[number - 3] }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        cpuSeconds = Double(field(14) + field(15)) / ticks
        threads = field(20)
        startSeconds = bootSeconds + Double(field(22)) / ticks
        virtualBytes = field(23)
        residentBytes = field(24) * sysconf(Int32(_SC_PAGESIZE))
        // Less the one that reads the folder, and its two dots.
        openDescriptors = entryCount(of: "/proc/self/fd").map { $0 - 3 }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        maximumDescriptors = Int(exactly: limit.rlim_cur)
    }
}

private func contents(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}

private func entryCount(of path: String) -> Int? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
}
