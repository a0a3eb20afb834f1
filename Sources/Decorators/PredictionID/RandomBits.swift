internal import Cryptography
internal import EventLoop
internal import Synchronization

/// Random bits for ids, fetched many at a time: a call of the generator costs more than all else of an id.
final class RandomBits: Sendable {
    /// The bytes of one call, 4 KiB: 256 ids.
    private static let byteCount = 4_096
    private static let perLoop = PerLoop<RandomBits> { _ in RandomBits() }

    /// Those that nobody has had.
    private let words = Mutex<[UInt64]>([])

    private init() {}

    /// 128 bits that nobody else gets.
    static func pair() -> (UInt64, UInt64) {
        perLoop.value.words.withLock { words in
            if words.isEmpty {
                words = randomBytes(byteCount).withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
            }
            return (words.removeLast(), words.removeLast())
        }
    }
}
