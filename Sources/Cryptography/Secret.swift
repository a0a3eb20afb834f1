internal import CCrypto

/// Bytes that are never shown, and wiped from memory when nobody holds them any more.
package final class Secret: Sendable {
    private let storage: UnsafeSendableBuffer

    package init(_ bytes: some Collection<UInt8>) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        buffer.copyBytes(from: bytes)
        storage = UnsafeSendableBuffer(buffer: UnsafeRawBufferPointer(buffer))
    }

    package convenience init(_ text: String) {
        self.init(text.utf8)
    }

    deinit {
        let buffer = UnsafeMutableRawBufferPointer(mutating: storage.buffer)
        OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        buffer.deallocate()
    }

    package var byteCount: Int { storage.buffer.count }

    package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get { _overrideLifetime(RawSpan(_unsafeBytes: storage.buffer), borrowing: self) }
    }

    /// The invariant: written by `init` only, before anyone else knows of it.
    private struct UnsafeSendableBuffer: @unchecked Sendable {
        let buffer: UnsafeRawBufferPointer
    }
}

extension Secret: CustomStringConvertible {
    /// Says nothing, so that no message and no log can.
    package var description: String { "(secret)" }
}

extension Secret: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: Hashable {
    package static func == (a: Secret, b: Secret) -> Bool { isEqualInConstantTime(a.bytes, b.bytes) }

    package func hash(into hasher: inout Hasher) { hasher.combine(byteCount) }
}
