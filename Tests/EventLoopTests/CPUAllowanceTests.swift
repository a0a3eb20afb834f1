import TestSupport
import Testing

@testable import EventLoop

@Suite struct CPUAllowanceTests {
    static let unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    static let legacy = "31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:5 - cgroup cgroup rw,cpu,cpuacct\n"

    struct Machine: CustomTestStringConvertible {
        let testDescription: String
        let affinity: Int
        let files: [String: String]
        let count: Int
    }

    @Test(
        "the smallest of mask and quotas is allowed",
        arguments: [
            Machine(testDescription: "no control groups", affinity: 6, files: [:], count: 6),
            Machine(testDescription: "no answer at all", affinity: 0, files: [:], count: 1),
            Machine(
                testDescription: "v2, own group, rounded up", affinity: 8,
                files: [
                    "proc/self/mountinfo": unified, "proc/self/cgroup": "0::/app\n",
                    "sys/fs/cgroup/app/cpu.max": "250000 100000\n",
                ], count: 3),
            Machine(
                testDescription: "v2, a parent allows less", affinity: 8,
                files: [
                    "proc/self/mountinfo": unified, "proc/self/cgroup": "0::/pod/app\n",
                    "sys/fs/cgroup/pod/cpu.max": "150000 100000\n", "sys/fs/cgroup/pod/app/cpu.max": "400000 100000\n",
                ], count: 2),
            Machine(
                testDescription: "v2, the container's root", affinity: 8,
                files: [
                    "proc/self/mountinfo": unified, "proc/self/cgroup": "0::/\n",
                    "sys/fs/cgroup/cpu.max": "50000 100000\n",
                ], count: 1),
            Machine(
                testDescription: "v2, no limit", affinity: 4,
                files: [
                    "proc/self/mountinfo": unified, "proc/self/cgroup": "0::/app\n",
                    "sys/fs/cgroup/app/cpu.max": "max 100000\n",
                ], count: 4),
            Machine(
                testDescription: "v2, the mask allows less than the quota", affinity: 2,
                files: [
                    "proc/self/mountinfo": unified, "proc/self/cgroup": "0::/app\n",
                    "sys/fs/cgroup/app/cpu.max": "800000 100000\n",
                ], count: 2),
            Machine(
                testDescription: "v1, own group", affinity: 8,
                files: [
                    "proc/self/mountinfo": legacy, "proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/docker/a\n",
                    "sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_quota_us": "200000\n",
                    "sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_period_us": "100000\n",
                ], count: 2),
            Machine(
                testDescription: "v1, the group is the mount's root", affinity: 8,
                files: [
                    "proc/self/mountinfo": "31 30 0:27 /docker/a /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
                    "proc/self/cgroup": "3:cpu:/docker/a\n",
                    "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ], count: 3),
            Machine(
                testDescription: "v1, no limit", affinity: 5,
                files: [
                    "proc/self/mountinfo": legacy, "proc/self/cgroup": "3:cpu,cpuacct:/\n",
                    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                ], count: 5),
            Machine(
                testDescription: "files that make no sense", affinity: 3,
                files: [
                    "proc/self/mountinfo": "x\n30 23 0:26 / /sys/fs/cgroup rw - cgroup2\n" + unified,
                    "proc/self/cgroup": "nonsense\n0::/a\n", "sys/fs/cgroup/a/cpu.max": "0 0\n",
                    "sys/fs/cgroup/cpu.max": "many few\n",
                ], count: 3),
        ])
    func count(machine: Machine) {
        let root = TemporaryFolder()
        for (name, text) in machine.files { root.write(name, text) }
        #expect(CPUAllowance.count(root: root.path, affinity: machine.affinity) == machine.count)
    }

    @Test("this process may use a CPU")
    func here() {
        #expect(CPUAllowance.count() >= 1)
    }
}
