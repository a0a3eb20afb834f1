internal import CCurl
internal import EventLoop

/// What requests of one kind have in common: where they go, and how.
struct RequestTarget: Equatable {
    /// How the content gets to libcurl.
    enum Content: Equatable {
        case none, copied, read
    }

    /// The longest content that is sent together with the head, in one write: 64 KiB.
    private static let maximumCopiedBytes = 64 * 1024

    let url: String
    let unixSocket: String?
    let method: String
    let content: Content

    init(_ request: HTTPClientRequest) {
        url = request.url
        unixSocket = request.unixSocket
        method = request.method
        content =
            switch request.body {
            case .none: .none
            case .bytes(let bytes) where bytes.count <= Self.maximumCopiedBytes: .copied
            case .bytes, .stream: .read
            }
    }
}

extension EasyHandle {
    /// Tells libcurl what to do for a transfer: of a request like the last one, only what differs.
    ///
    /// - Throws: ``HTTPClientError/invalidRequest(host:reason:)``.
    func prepare(for transfer: Transfer, _ configuration: HTTPClientConfiguration) throws(HTTPClientError) {
        let request = transfer.request
        let target = RequestTarget(request)
        if target != self.target {
            try request.validateTarget()
            reset()
            try setTarget(target, request)
            setConnection(configuration)
            setCallbacks()
            self.target = target
        }
        if request.fields != fields {
            try request.validateFields()
            setFields(request)
        }
        setTimeout(transfer.deadline)
        switch request.body {
        case .bytes(let bytes) where target.content == .copied: setContent(bytes)
        case .bytes, .stream: set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body.byteCount)
        case .none: break
        }
        forgetError()
        self.transfer = transfer
    }

    private func setTarget(_ target: RequestTarget, _ request: HTTPClientRequest) throws(HTTPClientError) {
        guard setURL(target.url) else {
            throw .invalidRequest(host: request.host, reason: "the URL is malformed")
        }
        if let path = target.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        // Both of the first say which responses have content, so the method alone is not enough.
        switch target.content {
        case .none: set(target.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
        case .copied, .read: set(CURLOPT_POST, 1)
        }
        set(CURLOPT_CUSTOMREQUEST, target.method)
    }

    private func setConnection(_ configuration: HTTPClientConfiguration) {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_USERAGENT, configuration.userAgent)
        // An empty proxy is none, whatever the environment says.
        if !configuration.usesProxyOfEnvironment { set(CURLOPT_PROXY, "") }
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_SSL_VERIFYPEER, configuration.verifiesCertificates ? 1 : 0)
        set(CURLOPT_SSL_VERIFYHOST, configuration.verifiesCertificates ? 2 : 0)
        if let path = configuration.authoritiesFile { set(CURLOPT_CAINFO, path) }
        // Without it libcurl would time name look-ups by a signal of the process.
        set(CURLOPT_NOSIGNAL, 1)
        // Names are looked up on a thread of their own; without it, ending a request would wait for that thread.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeout.clampedNanoseconds))
        set(CURLOPT_MAXAGE_CONN, Self.milliseconds(configuration.idleTimeout.clampedNanoseconds) / 1000)
    }

    private func setTimeout(_ deadline: Moment) {
        let present = Moment.now
        let left = Self.milliseconds(deadline > present ? deadline.nanoseconds - present.nanoseconds : 0)
        guard left != timeout else { return }
        timeout = left
        set(CURLOPT_TIMEOUT_MS, left)
    }

    /// At least 1, because 0 means no limit to libcurl, and at most what its `int`s hold.
    private static func milliseconds(_ nanoseconds: UInt64) -> Int {
        Int(min(max(nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0), 1), UInt64(Int32.max)))
    }

    private func setFields(_ request: HTTPClientRequest) {
        var lines: [String] = []
        var hasContentType = false
        for field in request.fields {
            hasContentType = hasContentType || field.name.lowercased() == "content-type"
            // libcurl takes "Name:" as a wish to leave a field out.
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        if case .none = request.body {
        } else {
            // libcurl would say that it is a form, and wait a second for "100 Continue".
            if !hasContentType { lines.append("Content-Type:") }
            lines.append("Expect:")
        }
        setFieldLines(lines)
        fields = request.fields
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl_easy_set_write_function(pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return EasyHandle.of(context).transfer?.receiveHead(line) == true ? line.count : 0
        }
        set(CURLOPT_HEADERDATA, context: context)
        curl_easy_set_write_function(pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let isTaken = EasyHandle.of(context).transfer?.receiveBody(piece) == true
            // Any other number than the piece's stops libcurl.
            return isTaken ? piece.count : piece.count + 1
        }
        set(CURLOPT_WRITEDATA, context: context)
        curl_easy_set_read_function(pointer) { bytes, size, count, context in
            let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return EasyHandle.of(context).transfer?.readContent(into: room) ?? Int(CURL_READFUNC_ABORT)
        }
        set(CURLOPT_READDATA, context: context)
        curl_easy_set_seek_function(pointer) { context, offset, _ in
            // From the start always: libcurl asks for it when it sends the request again.
            EasyHandle.of(context).transfer?.sentCount = Int(offset)
            return CInt(CURL_SEEKFUNC_OK)
        }
        set(CURLOPT_SEEKDATA, context: context)
        // A connection keeps these when the handle is long gone.
        let owner = Unmanaged.passUnretained(owner).toOpaque()
        curl_easy_set_opened_function(pointer) { context, descriptor, _ in
            Unmanaged<Transfers>.fromOpaque(context!).takeUnretainedValue().opened(descriptor)
            return CInt(CURL_SOCKOPT_OK)
        }
        set(CURLOPT_SOCKOPTDATA, context: owner)
        curl_easy_set_close_function(pointer) { context, descriptor in
            Unmanaged<Transfers>.fromOpaque(context!).takeUnretainedValue().close(descriptor)
            return 0
        }
        set(CURLOPT_CLOSESOCKETDATA, context: owner)
    }
}
