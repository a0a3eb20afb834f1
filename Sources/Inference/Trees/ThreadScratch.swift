import Glibc

/// Memory that a thread keeps from one prediction to the next, so that a row allocates nothing.
///
/// A thread's memory grows to what the largest model needs (about a byte per tree and class) and is freed with
/// the thread. The stack would do for small models only: `withUnsafeTemporaryAllocation` takes the heap beyond 1 KiB.
enum ThreadScratch {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        // Fails only when a process has used up its 1,024 keys.
        precondition(pthread_key_create(&key) { free($0) } == 0)
        return key
    }()

    /// The bytes before a thread's memory that hold its size; a cache line, so that the rest is aligned to one.
    private static let headerByteCount = 64

    /// At least `byteCount` bytes at the start of a cache line, with anything in them.
    ///
    /// They belong to the caller until it returns: nothing that it calls may ask for scratch, and nothing may suspend.
    @inline(__always)
    static func bytes(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if let memory = pthread_getspecific(key), memory.load(as: Int.self) >= byteCount {
            return memory + headerByteCount
        }
        return grow(byteCount)
    }

    @inline(never)
    private static func grow(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if let memory = pthread_getspecific(key) { free(memory) }
        let size = (byteCount + 4095) & ~4095
        guard let memory = aligned_alloc(64, headerByteCount + size), pthread_setspecific(key, memory) == 0 else {
            fatalError("out of memory: \(size) bytes to predict with")
        }
        memory.storeBytes(of: size, as: Int.self)
        return memory + headerByteCount
    }
}
