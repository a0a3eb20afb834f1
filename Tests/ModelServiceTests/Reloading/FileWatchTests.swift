import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ModelService

@Suite("A watch of files")
struct FileWatchTests {
    /// Long enough that a busy machine does not make two changes of one.
    private static let settlingTime = Duration.seconds(1)

    private let folder = TemporaryFolder()

    /// What a watch has told, one after another.
    private final class Told: Sendable {
        private let causes = Mutex<[ReloadCauses]>([])

        func add(_ causes: ReloadCauses) { self.causes.withLock { $0.append(causes) } }

        /// Waits for the next.
        func next() async throws -> ReloadCauses {
            let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
            while true {
                if let first = causes.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return first }
                try #require(ContinuousClock.now < deadline)
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        var isEmpty: Bool { causes.withLock { $0.isEmpty } }
    }

    private let told = Told()

    private func watch(_ places: [WatchedPlace: ReloadCauses]) -> FileWatch {
        let watch = FileWatch(log: Log(level: .debug) { _ in }, settlingTime: Self.settlingTime) { [told] in
            told.add($0)
        }
        watch.watch(places)
        return watch
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func run(_ line: String) throws {
        let outcome = try ChildProcess.run(program: "/bin/sh", ["-ec", line], in: folder.path)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// What people and programs do to a file `conf/a.yaml`, which is there with the text `1`.
    static let changes: [(String, [String])] = [
        ("a plain write", ["echo 2 > conf/a.yaml"]),
        ("a rename over it", ["echo 2 > conf/.a.swp; mv conf/.a.swp conf/a.yaml"]),
        ("a copy, and the old one kept", ["mv conf/a.yaml conf/a.yaml~; echo 2 > conf/a.yaml"]),
        ("a removal", ["rm conf/a.yaml"]),
        ("a removal, and another file of that name", ["rm conf/a.yaml", "echo 2 > conf/a.yaml"]),
        ("permissions", ["chmod 600 conf/a.yaml"]),
        ("a hard link", ["echo 2 > b; ln -f b conf/a.yaml"]),
        ("a link in its place", ["echo 2 > b; ln -sf ../b conf/a.yaml"]),
        ("its folder removed", ["rm -r conf"]),
        ("another folder in its folder's place", ["mkdir new; echo 2 > new/a.yaml; mv conf old; mv new conf"]),
        ("its folder removed and made again", ["rm -r conf", "mkdir conf; echo 2 > conf/a.yaml"]),
    ]

    @Test("tells of every way to change a file, and tells nothing twice", arguments: changes)
    func anyChange(name: String, lines: [String]) async throws {
        folder.write("conf/a.yaml", "1")
        let watch = watch([.file(path("conf/a.yaml")): .files])
        for line in lines {
            try run(line)
            #expect(try await told.next() == .files, "\(name): \(line)")
        }
        // Whatever came before is told of before this.
        folder.write("conf/a.yaml", "now something longer")
        #expect(try await told.next() == .files)
        #expect(told.isEmpty)
        watch.stop()
    }

    @Test("tells of a ConfigMap that Kubernetes has replaced, again and again")
    func configMap() async throws {
        folder.write("..first/rest_config.yaml", "1")
        try run("ln -s ..first ..data; ln -s ..data/rest_config.yaml rest_config.yaml")
        let watch = watch([.file(path("rest_config.yaml")): .files])
        for (old, new) in [("..first", "..second"), ("..second", "..third")] {
            folder.write("\(new)/rest_config.yaml", new)
            try run("ln -s \(new) ..data_tmp; mv -T ..data_tmp ..data; rm -r \(old)")
            #expect(try await told.next() == .files)
        }
        #expect(told.isEmpty)
        watch.stop()
    }

    @Test("tells of a link in the middle of the way that leads elsewhere")
    func release() async throws {
        folder.write("releases/1/conf/a.yaml", "1")
        folder.write("releases/2/conf/a.yaml", "2")
        try run("ln -s releases/1 current")
        let watch = watch([.file(path("current/conf/a.yaml")): .files])
        try run("ln -sfn releases/2 current")
        #expect(try await told.next() == .files)
        watch.stop()
    }

    @Test("tells once of many changes at the same time, with all reasons")
    func burst() async throws {
        folder.write("a.yaml", "1")
        folder.write("packages/first.zip", "1")
        let watch = watch([.file(path("a.yaml")): .files, .folder(path("packages")): .packages])
        try run("for i in $(seq 100); do echo $i > a.yaml; echo $i > packages/$i.zip; done")
        #expect(try await told.next() == [.files, .packages])
        folder.write("packages/last.zip", "1")
        #expect(try await told.next() == .packages)
        #expect(told.isEmpty)
        watch.stop()
    }

    @Test("waits for a file that is being written to")
    func slowWriter() async throws {
        folder.write("packages/first.zip", "1")
        let watch = watch([.folder(path("packages")): .packages])
        try run("exec 3> packages/second.zip; for i in 1 2 3 4 5 6 7 8; do echo $i >&3; sleep 0.1; done")
        #expect(try await told.next() == .packages)
        // Nothing of it was told of before all was there, so nothing is left to tell.
        folder.write("packages/third.zip", "1")
        #expect(try await told.next() == .packages)
        #expect(told.isEmpty)
        watch.stop()
    }

    @Test("tells nothing of hidden files, of folders and of other files beside the one that counts")
    func others() async throws {
        folder.write("a.yaml", "1")
        folder.write("packages/first.zip", "1")
        let watch = watch([.file(path("a.yaml")): .files, .folder(path("packages")): .packages])
        folder.write("b.yaml", "1")
        folder.write("packages/.second.zip.tmp", "1")
        folder.write("packages/folder/third.zip", "1")
        try await Task.sleep(for: Self.settlingTime * 3)
        #expect(told.isEmpty)
        folder.write("a.yaml", "2")
        #expect(try await told.next() == .files)
        watch.stop()
    }

    @Test("tells nothing of what was read since, and of what changed after that")
    func remembered() async throws {
        folder.write("a.yaml", "1")
        let watch = watch([.file(path("a.yaml")): .files])
        folder.write("a.yaml", "22")
        watch.remember()
        try await Task.sleep(for: Self.settlingTime * 3)
        #expect(told.isEmpty)
        folder.write("a.yaml", "333")
        #expect(try await told.next() == .files)
        watch.stop()
    }

    @Test("tells of what changes while it is told of other places")
    func otherPlaces() async throws {
        folder.write("a.yaml", "1")
        folder.write("b.yaml", "1")
        let watch = watch([.file(path("a.yaml")): .files])
        watch.remember()
        folder.write("a.yaml", "22")
        watch.watch([.file(path("a.yaml")): .files, .file(path("b.yaml")): .packages])
        #expect(try await told.next() == .files)
        folder.write("b.yaml", "22")
        #expect(try await told.next() == .packages)
        watch.stop()
    }

    @Test("tells of a file and of a folder that were not there", arguments: ["a/b/c.yaml", "c.yaml"])
    func absent(name: String) async throws {
        let watch = watch([.file(path(name)): .files])
        folder.write(name, "1")
        #expect(try await told.next() == .files)
        watch.stop()
    }

    @Test("leaves no descriptor behind")
    func descriptors() throws {
        func instances() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { name in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))
                    == "anon_inode:inotify"
            }
        }
        folder.write("a.yaml", "1")
        let before = try instances()
        for _ in 0..<300 {
            let watch = watch([.file(path("a.yaml")): .files])
            watch.watch([:])
            watch.watch([.file(path("a.yaml")): .files])
            watch.stop()
        }
        let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
        // Other tests have their own; a source is cancelled a moment later.
        while try instances() > before + 20, ContinuousClock.now < deadline { usleep(1_000) }
        #expect(try instances() <= before + 20)
    }
}
