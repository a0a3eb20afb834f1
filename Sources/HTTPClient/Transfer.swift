internal import CCurl
internal import EventLoop

/// One request on its way: what libcurl calls back for, and what has come so far.
///
/// `@unchecked Sendable`: made on the thread of the task that sends; from ``Transfers/begin(_:_:)`` or
/// ``Transfers/cancel(_:)`` on, everything that changes is touched on the loop's thread only.
final class Transfer: @unchecked Sendable {
    typealias Continuation = UnsafeContinuation<Result<HTTPClientResponse, HTTPClientError>, Never>

    let request: HTTPClientRequest
    let timeout: Duration
    let connectTimeout: Duration
    let maximumBodyBytes: Int
    /// Of a response without success.
    let maximumErrorBytes: Int
    let maximumHeadBytes: Int

    var continuation: Continuation?
    var isCancelled = false
    private(set) var isFinished = false
    /// When the whole has to be done.
    var deadline = Moment.never
    /// While it waits, ends it at its deadline; under way, where libcurl minds the deadline, looks after stalls.
    var timer: TimerToken?
    /// When a byte passed last; only where the request limits stalls.
    var lastActivity = Moment.never
    /// While it is under way.
    var easy: EasyHandle?

    /// Why one of our callbacks stopped libcurl.
    var refusal: HTTPClientError?
    /// How much of the request's content has been read.
    var sentCount = 0
    var head = ResponseHead()
    var body: [UInt8] = []
    var bodyCount = 0

    init(_ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration) {
        self.request = request
        timeout = request.timeout ?? configuration.timeout
        connectTimeout = configuration.connectTimeout
        maximumBodyBytes = request.maximumBodyBytes ?? configuration.maximumBodyBytes
        maximumErrorBytes = max(maximumBodyBytes, configuration.maximumBodyBytes)
        maximumHeadBytes = configuration.maximumHeadBytes
    }

    /// As messages show it.
    var host: String { request.host }

    /// Notes that bytes pass.
    func touch() {
        if request.stallTimeout != nil { lastActivity = .now }
    }

    func finish(_ result: Result<HTTPClientResponse, HTTPClientError>) {
        guard !isFinished else { return }
        isFinished = true
        continuation.take()?.resume(returning: result)
    }
}

/// The status line and fields of a response while they come.
struct ResponseHead {
    var fields = HTTPClientFields()
    /// Whether the empty line has come: what follows is another head, after a 1xx, or the trailer.
    var isComplete = false
    /// Bytes of all heads and the trailer.
    var byteCount = 0

    mutating func append(_ line: UnsafeRawBufferPointer) {
        byteCount += line.count
        if Self.isStatus(line) {
            fields.lines.removeAll(keepingCapacity: true)
            isComplete = false
        } else if !isComplete {
            isComplete = line.first == UInt8(ascii: "\n") || line.first == UInt8(ascii: "\r") && line.count == 2
            if !isComplete { fields.lines.append(contentsOf: line) }
        }
    }

    /// Whether this is a status line, which no field line is: a field's name has no slash.
    private static func isStatus(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count > 5 && line[4] == UInt8(ascii: "/") && line.starts(with: "HTTP".utf8)
    }
}
