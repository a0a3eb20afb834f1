internal import CCurl
internal import EventLoop

extension Transfer {
    /// The longest content that is sent together with the head, in one write: 64 KiB.
    private static let maximumCopiedBytes = 64 * 1024

    /// Tells libcurl what to do.
    func prepare(_ easy: EasyHandle, _ configuration: HTTPClientConfiguration) {
        self.easy = easy
        easy.useErrorText()
        setTarget(easy, configuration)
        setTimeouts(easy, configuration)
        setContent(easy)
        setFields(easy, configuration)
        setCallbacks(easy)
    }

    private func setTarget(_ easy: EasyHandle, _ configuration: HTTPClientConfiguration) {
        easy.set(CURLOPT_URL, request.url)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        if let path = request.unixSocket { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        // An empty proxy is none, whatever the environment says.
        if !configuration.usesProxyOfEnvironment { easy.set(CURLOPT_PROXY, "") }
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        easy.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        easy.set(CURLOPT_SSL_VERIFYPEER, configuration.verifiesCertificates ? 1 : 0)
        easy.set(CURLOPT_SSL_VERIFYHOST, configuration.verifiesCertificates ? 2 : 0)
        if let path = configuration.authoritiesFile { easy.set(CURLOPT_CAINFO, path) }
    }

    private func setTimeouts(_ easy: EasyHandle, _ configuration: HTTPClientConfiguration) {
        // Without it libcurl would time name look-ups by a signal of the process.
        easy.set(CURLOPT_NOSIGNAL, 1)
        // Names are looked up on a thread of their own; without it, ending a request would wait for that thread.
        easy.set(CURLOPT_QUICK_EXIT, 1)
        let present = Moment.now
        let left = deadline > present ? deadline.nanoseconds - present.nanoseconds : 0
        easy.set(CURLOPT_TIMEOUT_MS, Self.milliseconds(left))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeout.clampedNanoseconds))
        easy.set(CURLOPT_MAXAGE_CONN, Self.milliseconds(configuration.idleTimeout.clampedNanoseconds) / 1000)
    }

    /// At least 1, because 0 means no limit to libcurl, and at most what its `int`s hold.
    private static func milliseconds(_ nanoseconds: UInt64) -> Int {
        Int(min(max(nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0), 1), UInt64(Int32.max)))
    }

    private func setContent(_ easy: EasyHandle) {
        switch request.body {
        case .none:
            // Both say which responses have content, so the method alone is not enough.
            easy.set(request.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
        case .bytes(let bytes) where bytes.count <= Self.maximumCopiedBytes:
            easy.set(CURLOPT_POST, 1)
            easy.setContent(bytes)
        case .bytes, .stream:
            easy.set(CURLOPT_POST, 1)
            easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body.byteCount)
        }
        easy.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setFields(_ easy: EasyHandle, _ configuration: HTTPClientConfiguration) {
        easy.set(CURLOPT_USERAGENT, configuration.userAgent)
        var hasContentType = false
        for field in request.fields {
            hasContentType = hasContentType || field.name.lowercased() == "content-type"
            // libcurl takes "Name:" as a wish to leave a field out.
            easy.appendField(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        if case .none = request.body {
        } else {
            // libcurl would say that it is a form, and wait a second for "100 Continue".
            if !hasContentType { easy.appendField("Content-Type:") }
            easy.appendField("Expect:")
        }
        easy.useFields()
    }

    private func setCallbacks(_ easy: EasyHandle) {
        // `Transfers` holds the transfer as long as libcurl has the handle.
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl_easy_set_write_function(easy.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().receiveHead(line) ? line.count : 0
        }
        easy.set(CURLOPT_HEADERDATA, context: context)
        curl_easy_set_write_function(easy.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            let isTaken = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().receiveBody(piece)
            // Any other number than the piece's stops libcurl.
            return isTaken ? piece.count : piece.count + 1
        }
        easy.set(CURLOPT_WRITEDATA, context: context)
        curl_easy_set_read_function(easy.pointer) { bytes, size, count, context in
            let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().readContent(into: room)
                ?? Int(CURL_READFUNC_ABORT)
        }
        easy.set(CURLOPT_READDATA, context: context)
        curl_easy_set_seek_function(easy.pointer) { context, offset, _ in
            // From the start always: libcurl asks for it when it sends the request again.
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().sentCount = Int(offset)
            return CInt(CURL_SEEKFUNC_OK)
        }
        easy.set(CURLOPT_SEEKDATA, context: context)
    }
}
