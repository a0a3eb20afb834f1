internal import CLinux
internal import Glibc

/// How many CPUs the process may use: what the scheduler's mask and the control groups leave of the machine's.
package enum CPUAllowance {
    /// The smallest of the affinity mask and the quotas of the process's control groups (v1 and v2) and their
    /// parents, rounded up, at least 1.
    package static func count() -> Int {
        count(root: "", affinity: Int(linux_affinity_count()))
    }

    /// The allowance as the files under `root` tell it: `root` stands for `/`, and `affinity` for the mask's count.
    static func count(root: String, affinity: Int) -> Int {
        var quota = Double(max(affinity, 1))
        for group in groups(root: root) {
            for folder in group.folders {
                if let limit = group.isUnified ? unifiedQuota(root + folder) : legacyQuota(root + folder) {
                    quota = min(quota, limit)
                }
            }
        }
        return max(1, Int(quota.rounded(.up)))
    }

    /// A control group that may hold a CPU quota.
    private struct Group {
        let isUnified: Bool
        /// The folder where the hierarchy is mounted, and the group's below it, parents first.
        let folders: [String]
    }

    /// The process's groups: `/proc/self/cgroup` names them, `/proc/self/mountinfo` says where they are mounted and
    /// which part of the hierarchy is (a container often sees its own group as the mount's root).
    private static func groups(root: String) -> [Group] {
        let mounts = lines(root + "/proc/self/mountinfo").compactMap(Mount.init)
        return lines(root + "/proc/self/cgroup").flatMap { line -> [Group] in
            // hierarchy:controllers:path
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isUnified = parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains("cpu") else { return [] }
            return mounts.filter { $0.isUnified == isUnified }
                .map { Group(isUnified: isUnified, folders: $0.folders(of: String(parts[2]))) }
        }
    }

    private struct Mount {
        let isUnified: Bool
        let root: String
        let point: String

        /// A line such as `31 23 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw`; `nil` for other file systems.
        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 3 < words.count else { return nil }
            switch words[dash + 1] {
            case "cgroup2": isUnified = true
            case "cgroup" where words[dash + 3].split(separator: ",").contains("cpu"): isUnified = false
            default: return nil
            }
            root = words[3] == "/" ? "" : String(words[3])
            point = String(words[4])
        }

        /// The mount point, then every folder down to the group `path`, as far as the mount shows it.
        func folders(of path: String) -> [String] {
            guard path.hasPrefix(root) else { return [point] }
            var folders = [point]
            for component in path.dropFirst(root.count).split(separator: "/") where component != ".." {
                folders.append(folders[folders.count - 1] + "/" + component)
            }
            return folders
        }
    }

    /// `cpu.max` holds `quota period` in µs, or `max period`.
    private static func unifiedQuota(_ folder: String) -> Double? {
        let words = lines(folder + "/cpu.max").first?.split(separator: " ") ?? []
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]) else { return nil }
        return period > 0 && quota > 0 ? quota / period : nil
    }

    /// `cpu.cfs_quota_us` is -1 without a quota.
    private static func legacyQuota(_ folder: String) -> Double? {
        guard let quota = lines(folder + "/cpu.cfs_quota_us").first.flatMap({ Double($0) }),
            let period = lines(folder + "/cpu.cfs_period_us").first.flatMap({ Double($0) })
        else { return nil }
        return period > 0 && quota > 0 ? quota / period : nil
    }

    private static func lines(_ path: String) -> [Substring] {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return [] }
        let file = FileDescriptor(owning: number)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file.rawValue, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
