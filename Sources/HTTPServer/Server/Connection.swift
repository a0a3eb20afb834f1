internal import EventLoop

/// One client's connection: lives and dies on one loop.
struct Connection: ~Copyable {
    let socket: FileDescriptor
    let registration: Registration
    /// The peer's address without its port, where somebody observes; `nil` of a Unix-domain socket.
    let client: String?

    var phase = Phase.idle
    /// Requests that were answered, or are being.
    var requests = 0
    /// What has arrived of a request that is not complete, and whatever came behind it.
    var input = ByteBuffer()
    /// What the client has not taken yet.
    ///
    /// While there is something, nothing is read.
    var output = ByteBuffer()

    init(socket: consuming FileDescriptor, registration: Registration, client: String? = nil) {
        self.socket = socket
        self.registration = registration
        self.client = client
    }

    /// What the connection is doing.
    enum Phase {
        /// Waits for the first byte of a request.
        case idle
        /// Waits for the rest of a head.
        case head
        /// Waits for the rest of a body.
        case body(IncompleteBody)
        /// Waits for a task's answer.
        case answering(PendingAnswer)
        /// Has answered for the last time, and closes as soon as the client has taken it.
        case closing(lingers: Bool)
        /// Has sent everything, and drops what still arrives: this many bytes at most.
        case lingering(remaining: Int)
    }

    /// A body that has not all arrived.
    struct IncompleteBody {
        let headLength: Int
        var progress: Progress

        /// How much of the message is still to come, at least 1; unknown of chunks.
        func missing(after count: Int) -> Int {
            switch progress {
            case .length(let length): max(headLength + length - count, 1)
            case .chunked: .max
            }
        }

        enum Progress {
            case length(Int)
            case chunked(ChunkedDecoder)
        }
    }
}
