/// What a package may ask of the memory that reads it.
package struct PackageLimits: Sendable, Hashable {
    /// The most bytes of an archive; default 256 MiB.
    package var archiveBytes = 256 << 20
    /// The most entries of an archive; default 1,000.
    package var entries = 1_000
    /// The most bytes of one entry; default 1 GiB.
    package var entryBytes = 1 << 30
    /// The most bytes of all entries together; default 1 GiB.
    package var totalBytes = 1 << 30
    /// The most bytes that one compressed byte may become; default 200.
    ///
    /// Of tables of numbers, deflate makes less than 20.
    package var ratio = 200

    package init() {}

    /// The most bytes that ``archiveBytes`` can be set to, 4 GiB less one: sizes in an archive have 32 bits.
    package static let longestArchive = Int(UInt32.max)
}
