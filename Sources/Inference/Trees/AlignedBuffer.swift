/// A fixed array whose first element lies at the start of a cache line.
///
/// Kernels take ``base`` once per row, where an `Array` would be checked and retained at every use.
///
/// `@unchecked Sendable`: the elements are written in `init`, before anyone else can see them, and never again.
final class AlignedBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    /// The first of `count` elements; valid as long as this buffer lives.
    let base: UnsafePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        // At least one line, so that the address of an empty buffer is one too.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(64, count * MemoryLayout<Element>.stride), alignment: 64)
        let typed = memory.bindMemory(to: Element.self, capacity: count)
        elements.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { typed.initialize(from: start, count: source.count) }
        }
        base = UnsafePointer(typed)
    }

    deinit {
        UnsafeMutableRawPointer(mutating: base).deallocate()
    }

    /// The number of bytes that the elements take.
    var byteCount: Int { count * MemoryLayout<Element>.stride }
}
