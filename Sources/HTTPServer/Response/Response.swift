/// What a handler answers.
///
/// Its storage serves one request after the other: a handler appends to an empty body.
package struct Response {
    /// Bodies larger than this give their storage back after use: 64 KiB.
    static let keptBodyCapacity = 64 * 1024

    /// 200 until a handler says otherwise.
    package var status = Status.ok
    /// The media type of the body; `nil` leaves the field out.
    package var contentType: StaticString?
    /// The content.
    ///
    /// Append to it rather than replacing it, so that its storage is kept.
    package var body: [UInt8] = []

    /// Something that is told to who observes the server and not sent.
    package struct Note: Sendable, Equatable {
        package let name: StaticString
        package let value: String

        package init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }

        package static func == (left: Note, right: Note) -> Bool {
            "\(left.name)" == "\(right.name)" && left.value == right.value
        }
    }

    /// For whoever observes the server (``RequestObserver``).
    package private(set) var notes: [Note] = []
    /// Further field lines as they are sent.
    private(set) var fields: [UInt8] = []
    /// What has to happen before this response can be sent.
    private(set) var work: ((inout Response) async -> Void)?

    /// How many bytes of the content are sent.
    @inline(__always)
    func contentByteCount(omitsBody: Bool) -> Int {
        omitsBody || status.forbidsBody ? 0 : body.count
    }

    /// An empty response with status 200.
    package init() {}

    /// Adds a field line.
    ///
    /// The server itself writes `Content-Length`, `Content-Type`, `Connection`, `Date` and `Transfer-Encoding`.
    /// Control characters in `value` become spaces, so that a value cannot end the line (RFC 9110 §5.5).
    package mutating func append(_ name: StaticString, _ value: String) {
        fields.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        fields.append(UInt8(ascii: ":"))
        fields.append(space)
        for byte in value.utf8 { fields.append(byte < 0x20 && byte != tab || byte == 0x7F ? space : byte) }
        fields.append(carriageReturn)
        fields.append(lineFeed)
    }

    /// Adds a field line whose value has no control characters.
    mutating func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>) {
        fields.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        fields.append(UInt8(ascii: ":"))
        fields.append(space)
        fields.append(contentsOf: value)
        fields.append(carriageReturn)
        fields.append(lineFeed)
    }

    /// Tells who observes the server something of this answer.
    package mutating func note(_ name: StaticString, _ value: String) {
        notes.append(Note(name, value))
    }

    /// Answers later: the response is sent when `work` returns.
    ///
    /// `work` runs as a task on the connection's event loop and stays on its thread, so it may use what belongs to
    /// the loop; it must not block. Until it returns the connection takes no further request. The task is cancelled
    /// when the client goes away, and what it answers then is dropped. The request is not valid any more: decode
    /// what is needed of it before.
    package mutating func complete(later work: @escaping (inout Response) async -> Void) {
        self.work = work
    }

    /// Takes the work, if there is some.
    mutating func takeWork() -> ((inout Response) async -> Void)? {
        guard let work else { return nil }
        self.work = nil
        return work
    }

    /// Makes the response as new, and keeps its storage.
    mutating func reset() {
        status = .ok
        contentType = nil
        if body.capacity > Self.keptBodyCapacity { body = [] } else { body.removeAll(keepingCapacity: true) }
        if !fields.isEmpty { fields.removeAll(keepingCapacity: true) }
        if work != nil { work = nil }
        if !notes.isEmpty { notes.removeAll(keepingCapacity: true) }
    }
}
