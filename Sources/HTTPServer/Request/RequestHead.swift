/// Where one thing is in the bytes of a message.
struct ByteRange: Equatable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    init() {}

    init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    var count: Int { Int(end &- start) }
    var range: Range<Int> { Int(start)..<Int(end) }
}

/// Where a field's name and value are.
struct FieldLine {
    var name = ByteRange()
    var value = ByteRange()
}

/// How a body's end is found (RFC 9112 §6).
enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
}

/// What a request's head says: offsets into its bytes, no copy.
///
/// One value serves every request of a loop.
struct RequestHead: ~Copyable {
    let maximumBytes: Int
    let maximumFields: Int

    var method = Method.other
    var methodToken = ByteRange()
    /// The path as it was sent; empty for `*` and for an absolute form without one.
    var path = ByteRange()
    /// What follows the question mark; `nil` without one.
    var query: ByteRange?
    var isAsterisk = false
    var hasEscapes = false
    var minorVersion: UInt8 = 1

    var framing = Framing.none
    var keepsAlive = true
    var expectsContinue = false

    // What the fields said so far.
    var hostCount = 0
    var hasContentLength = false
    var contentLength = 0
    var codings = TransferCodings()
    var saidClose = false
    var saidKeepAlive = false
    var saidContinue = false
    var requestIDCount = 0
    /// The value of `X-Request-ID`; empty without a valid one.
    var requestID = ByteRange()

    /// Owned, `maximumFields` elements, of which `fieldCount` mean something.
    let fields: UnsafeMutablePointer<FieldLine>
    var fieldCount = 0

    init(maximumBytes: Int, maximumFields: Int) {
        self.maximumBytes = maximumBytes
        self.maximumFields = maximumFields
        fields = .allocate(capacity: maximumFields)
        fields.initialize(repeating: FieldLine(), count: maximumFields)
    }

    deinit {
        fields.deallocate()
    }

    mutating func reset() {
        method = .other
        path = ByteRange()
        query = nil
        isAsterisk = false
        hasEscapes = false
        framing = .none
        expectsContinue = false
        hostCount = 0
        hasContentLength = false
        contentLength = 0
        codings = TransferCodings()
        saidClose = false
        saidKeepAlive = false
        saidContinue = false
        requestIDCount = 0
        requestID = ByteRange()
        fieldCount = 0
    }
}

/// The transfer codings of all `Transfer-Encoding` fields together, as far as they matter.
struct TransferCodings {
    var isPresent = false
    /// The last coding is `chunked`.
    var endsChunked = false
    /// `chunked` is there, and something after it.
    var hasEarlyChunked = false
    /// There is another coding than `chunked`.
    var hasUnknown = false

    mutating func append(isChunked: Bool) {
        if endsChunked { hasEarlyChunked = true }
        endsChunked = isChunked
        if !isChunked { hasUnknown = true }
    }
}
