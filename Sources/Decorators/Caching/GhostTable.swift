internal import Glibc

/// Remembers which entries went lately, by a part of their hashes; a newer one may take an older one's place.
///
/// Its owner frees it.
///
/// `@unchecked Sendable`: used under the lock of its segment.
struct GhostTable: @unchecked Sendable {
    private let fingerprints: UnsafeMutablePointer<UInt32>
    private let mask: Int

    /// - Parameter count: a power of two.
    init(count: Int) {
        // Zero is no fingerprint, and takes no room before it is written.
        guard let memory = calloc(count, MemoryLayout<UInt32>.size) else {
            fatalError("no memory to remember \(count) entries of a cache")
        }
        fingerprints = memory.bindMemory(to: UInt32.self, capacity: count)
        mask = count - 1
    }

    func free() {
        Glibc.free(fingerprints)
    }

    func insert(_ hash: UInt64) {
        fingerprints[position(of: hash)] = fingerprint(of: hash)
    }

    /// Whether it was remembered; it is not any more.
    func remove(_ hash: UInt64) -> Bool {
        guard fingerprints[position(of: hash)] == fingerprint(of: hash) else { return false }
        fingerprints[position(of: hash)] = 0
        return true
    }

    private func position(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    private func fingerprint(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }
}
