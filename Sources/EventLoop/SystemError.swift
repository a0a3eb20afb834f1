internal import Glibc

/// A system call that failed.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: CInt
    /// What was being done, as it reads after "cannot": `listen on 0.0.0.0:8000`.
    package let operation: String

    /// The failure of `operation` with `code`, or with what `errno` holds.
    package init(_ operation: String, code: CInt? = nil) {
        self.code = code ?? errno
        self.operation = operation
    }

    package var description: String {
        let reason = String(cString: strerror(code))
        return switch code {
        case EADDRINUSE: "cannot \(operation): \(reason); stop what listens there or choose another address"
        case EACCES: "cannot \(operation): \(reason); ports below 1024 and foreign folders need a privilege"
        case EMFILE, ENFILE: "cannot \(operation): \(reason); raise the limit of open files (ulimit -n)"
        default: "cannot \(operation): \(reason)"
        }
    }
}
