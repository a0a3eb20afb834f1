internal import Glibc

/// An open descriptor that is closed when its owner goes away.
package struct FileDescriptor: ~Copyable {
    /// The kernel's number, valid as long as this value lives.
    package let rawValue: CInt

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: CInt) {
        self.rawValue = rawValue
    }

    deinit {
        close(rawValue)
    }
}
