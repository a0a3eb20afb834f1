/// A field line of a request: a name and its value.
package struct HTTPClientField: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One request, and what is to become of its response.
package struct HTTPClientRequest: Sendable {
    /// The content of a request.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// So many bytes, read piece by piece on the loop's thread.
        ///
        /// `read` gets the offset of the piece and where it goes, at least one byte, and returns how many bytes it has
        /// written: at least one. The same offset may be asked for again, when a connection that was kept open turns
        /// out to be closed.
        case stream(byteCount: Int, read: @Sendable (_ offset: Int, UnsafeMutableRawBufferPointer) throws -> Int)

        /// The number of bytes.
        package var byteCount: Int {
            switch self {
            case .none: 0
            case .bytes(let bytes): bytes.count
            case .stream(let byteCount, _): byteCount
            }
        }
    }

    /// Takes a response's content piece by piece, on the loop's thread.
    package typealias Sink = @Sendable (RawSpan) throws -> Void
    /// Is told, on the loop's thread, how many bytes of the content have passed, and how many there will be where
    /// that is known.
    package typealias Progress = @Sendable (_ byteCount: Int, _ expectedByteCount: Int?) -> Void

    /// `GET`, or any other method of RFC 9110: a token.
    package var method: String
    /// An `http` or `https` URL; its path is sent as it is, without taking `..` away.
    package var url: String
    /// The Unix-domain socket to connect to instead of the URL's host and port.
    package var unixSocket: String?
    /// Fields beyond those that the client adds (`Host`, `User-Agent`, `Accept`, `Content-Length`).
    package var fields: [HTTPClientField]
    package var body: Body
    /// How long the request may take in all: by default what the client's configuration says.
    package var timeout: Duration?
    /// How long not a single byte may pass: no limit besides ``timeout``.
    package var stallTimeout: Duration?
    /// The most bytes of the response's content: by default what the client's configuration says.
    ///
    /// A response without success may have as many as the configuration says, if that is more.
    package var maximumBodyBytes: Int?
    /// Is told, before the sink gets its first piece, how many bytes will come where that is known.
    package var willReceive: (@Sendable (_ expectedByteCount: Int?) throws -> Void)?
    /// Where the content of a successful response (2xx) goes instead of into memory.
    ///
    /// Other responses' content is collected as ever, so that an error's explanation never gets into the sink.
    package var sink: Sink?
    /// Is told how the request's content goes out.
    package var sendProgress: Progress?
    /// Is told how the content of a successful response (2xx) comes in.
    package var receiveProgress: Progress?

    package init(
        _ method: String = "GET", _ url: String, fields: [HTTPClientField] = [], body: Body = .none,
        timeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
    }

    /// Host and port as messages show them: what stands between `//` and the path, without a user's name and password.
    package var host: String {
        if let unixSocket { return "unix:\(unixSocket)" }
        guard let scheme = Self.authorityStart(of: url) else { return "?" }
        let authority = url[scheme...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority)
    }

    /// Where the authority begins; `nil` unless the scheme is one of ours.
    static func authorityStart(of url: String) -> String.Index? {
        for scheme in ["http://", "https://"] {
            let start = url.utf8.prefix(scheme.utf8.count)
            if start.elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 || $0 == $1 }) { return start.endIndex }
        }
        return nil
    }
}
