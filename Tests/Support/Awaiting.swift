import Glibc

/// Asks again and again whether something is so, for as long as a test waits for anything.
///
/// - Returns: whether it has come to be so.
package func comesTrue(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = time(nil) + ChildProcess.patience
    while try !condition() {
        guard time(nil) < deadline else { return false }
        usleep(10_000)
    }
    return true
}
