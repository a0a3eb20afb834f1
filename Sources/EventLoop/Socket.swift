internal import CLinux
internal import Glibc

/// What moving bytes through a non-blocking socket came to.
package enum Transfer: Hashable, Sendable {
    /// So many bytes; 0 received means that the peer sends no more.
    case bytes(Int)
    /// Nothing now: wait until the descriptor is ready.
    case wouldBlock
    /// The connection is broken.
    case failed
}

extension FileDescriptor {
    /// Receives into `buffer` what has arrived.
    package borrowing func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        while true {
            let count = recv(rawValue, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return .bytes(count) }
            guard errno == EINTR else { return errno == EAGAIN ? .wouldBlock : .failed }
        }
    }

    /// Sends as much of `buffer` as the kernel takes; a peer that is gone is a failure, not a signal.
    package borrowing func send(_ buffer: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = Glibc.send(rawValue, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            guard errno == EINTR else { return errno == EAGAIN ? .wouldBlock : .failed }
        }
    }

    /// The peer's address in numbers, without its port; `nil` on a Unix-domain socket.
    package var peerHost: String? {
        guard let address = try? KernelAddress(peerOf: rawValue) else { return nil }
        guard case .internet(let host, _) = address.numeric else { return nil }
        return host
    }

    /// Tells the peer that no more is coming, and goes on receiving.
    package borrowing func shutdownSending() {
        shutdown(rawValue, CInt(SHUT_WR))
    }
}
