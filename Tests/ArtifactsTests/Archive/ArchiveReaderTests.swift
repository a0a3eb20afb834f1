import Artifacts
import TestSupport
import Testing

@Suite("Reading an archive that a stranger wrote")
struct ArchiveReaderTests {
    private static let archive = canonicalArchive(of: [
        SamplePackage.entry("a.txt", "first"), SamplePackage.entry("folder/b.txt", "second"),
    ])

    @Test("gives the files with their paths")
    func files() throws {
        let entries = try readArchive(Self.archive)
        #expect(entries == [SamplePackage.entry("a.txt", "first"), SamplePackage.entry("folder/b.txt", "second")])
        #expect(try readArchive(canonicalArchive(of: [])) == [])
    }

    @Test(
        "refuses a name that a file system could take for another",
        arguments: [
            ("../aa", "'..'"), ("/a/bc", "absolute"), ("a//bc", "component ''"), ("a/./b", "'.'"),
            ("a\\bcd", "other characters"), ("a\0bcd", "other characters"), ("a bcd", "other characters"),
            ("a\u{1B}bcd", "other characters"),
        ])
    func names(name: String, message: String) throws {
        // Five bytes, as many as the name that they replace.
        let archive = patched(name: Array(name.utf8))
        let error = #expect(throws: ArchiveError.self) { try readArchive(archive) }
        #expect("\(try #require(error))".contains(message))
        // Nothing of the name may steer a terminal.
        #expect(!"\(try #require(error))".contains { $0.asciiValue.map { $0 < 0x20 } ?? false })
    }

    @Test("refuses two entries of one name")
    func duplicates() {
        let archive = canonicalArchive(of: [SamplePackage.entry("a", "1"), SamplePackage.entry("a", "2")])
        #expect(throws: ArchiveError.self) { try readArchive(archive) }
    }

    @Test(
        "refuses links, devices and folders with content",
        arguments: [0o120000, 0o020000, 0o010000, 0o140000, 0o040000])
    func kinds(mode: Int) {
        var archive = Self.archive
        // The attributes of the first entry are 38 bytes into the directory's record.
        let start = directory(of: archive) + 38
        archive[start + 2] = UInt8(truncatingIfNeeded: mode)
        archive[start + 3] = UInt8(truncatingIfNeeded: mode >> 8)
        #expect(throws: ArchiveError.notAFile("a.txt")) { try readArchive(archive) }
    }

    @Test("refuses an encrypted entry and another compression than deflate")
    func methods() {
        var encrypted = Self.archive
        for start in [6, directory(of: encrypted) + 8] { encrypted[start] = 1 }
        #expect(throws: ArchiveError.encrypted("a.txt")) { try readArchive(encrypted) }
        var method = Self.archive
        for start in [8, directory(of: method) + 10] { method[start] = 12 }
        #expect(throws: ArchiveError.otherMethod("a.txt")) { try readArchive(method) }
    }

    @Test("refuses content that is not what its check sum says")
    func checkSum() {
        var archive = Self.archive
        archive[30 + 5] ^= 1
        #expect(throws: ArchiveError.self) { try readArchive(archive) }
    }

    @Test("refuses what claims sizes that are not there", arguments: [1, 0x100, 0x7FFF_FFFF, 0xFFFF_FFFE])
    func sizes(size: Int) {
        for fields in [[18, 22], [22], [18]] {
            var archive = Self.archive
            for start in fields {
                for (place, base) in [(start, 0), (start + 2, directory(of: Self.archive))] {
                    for byte in 0..<4 { archive[base + place + byte] = UInt8(size >> (8 * byte) & 0xFF) }
                }
            }
            #expect(throws: ArchiveError.self) { try readArchive(archive) }
        }
    }

    @Test("keeps to every limit")
    func limits() throws {
        func limits(_ change: (inout PackageLimits) -> Void) -> PackageLimits {
            var limits = PackageLimits()
            change(&limits)
            return limits
        }
        let count = Self.archive.count
        #expect(try readArchive(Self.archive, limits: limits { $0.archiveBytes = count }).count == 2)
        #expect(throws: ArchiveError.tooManyBytes(limit: count - 1)) {
            try readArchive(Self.archive, limits: limits { $0.archiveBytes = count - 1 })
        }
        #expect(try readArchive(Self.archive, limits: limits { $0.entries = 2 }).count == 2)
        #expect(throws: ArchiveError.tooManyEntries(limit: 1)) {
            try readArchive(Self.archive, limits: limits { $0.entries = 1 })
        }
        #expect(try readArchive(Self.archive, limits: limits { $0.entryBytes = 6 }).count == 2)
        #expect(throws: ArchiveError.entryTooLarge("folder/b.txt", limit: 5)) {
            try readArchive(Self.archive, limits: limits { $0.entryBytes = 5 })
        }
        #expect(try readArchive(Self.archive, limits: limits { $0.totalBytes = 11 }).count == 2)
        #expect(throws: ArchiveError.totalTooLarge(limit: 10)) {
            try readArchive(Self.archive, limits: limits { $0.totalBytes = 10 })
        }
    }

    @Test("refuses a bomb before it is decompressed")
    func bomb() throws {
        let folder = TemporaryFolder()
        folder.write(
            "bomb.py",
            """
            import zipfile
            with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("zeros", bytes(50_000_000))
            """)
        let outcome = try ChildProcess.run(program: "/bin/sh", ["-c", "cd '\(folder.path)' && python3 bomb.py"])
        #expect(outcome.status == 0)
        let archive = try contents(ofFile: folder.path + "/bomb.zip", limit: 1 << 20)
        #expect(throws: ArchiveError.ratioTooLarge("zeros", limit: 200)) { try readArchive(archive) }
        var loose = PackageLimits()
        loose.ratio = 10_000
        #expect(try readArchive(archive, limits: loose).first?.content.count == 50_000_000)
        #expect(throws: ArchiveError.compressed("zeros")) { try readArchive(archive, limits: loose) { _ in true } }
    }

    @Test("reads what Python's zipfile and others write")
    func otherWriters() throws {
        let folder = TemporaryFolder()
        folder.write(
            "write.py",
            """
            import zipfile
            with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.mkdir("folder")
                archive.writestr("folder/text", "hello " * 100)
                archive.writestr("empty", "")
            """)
        let outcome = try ChildProcess.run(program: "/bin/sh", ["-c", "cd '\(folder.path)' && python3 write.py"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let entries = try readArchive(contents(ofFile: folder.path + "/a.zip", limit: 1 << 20))
        #expect(entries.map(\.path) == ["folder/text", "empty"])
        #expect(entries.first?.content.count == 600)
    }

    /// The first entry's name in both records replaced, and the archive otherwise as it was.
    private func patched(name: [UInt8]) -> [UInt8] {
        var archive = Self.archive
        for start in [30, directory(of: archive) + 46] { archive.replaceSubrange(start..<start + 5, with: name) }
        return archive
    }

    /// Where the directory begins: the end record, which ends the archive, says it.
    private func directory(of archive: [UInt8]) -> Int {
        let end = archive.count - 22
        return (0..<4).reduce(0) { $0 | Int(archive[end + 16 + $1]) << (8 * $1) }
    }
}
