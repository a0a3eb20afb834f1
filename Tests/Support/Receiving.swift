import Glibc

/// recv(2), begun again when a signal has interrupted it, as one that stops and continues a process does where the socket
/// has a time limit.
package func receiveBytes(from descriptor: Int32, into buffer: inout [UInt8]) -> Int {
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count >= 0 || errno != EINTR { return count }
    }
}
