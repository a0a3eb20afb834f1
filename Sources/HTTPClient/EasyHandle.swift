internal import CCurl
internal import Glibc

/// libcurl, loaded and made ready once for the process.
enum CurlLibrary {
    /// Why it can't be used; `nil` when it can.
    static let failure: String? = {
        // A peer that is gone is an error of one call, never a signal; libcurl leaves that to us.
        signal(SIGPIPE, SIG_IGN)
        if let reason = libcurl_load() { return "\(String(cString: reason)); install libcurl4" }
        let code = libcurl_global_init(Int(CURL_GLOBAL_DEFAULT))
        return code == CURLE_OK ? nil : "libcurl: \(String(cString: libcurl_easy_strerror(code)))"
    }()
}

/// What libcurl keeps for one request, used again for the next.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// Where libcurl writes what went wrong.
    private let errorText: UnsafeMutablePointer<CChar>
    /// The URL, parsed; libcurl would parse a text anew for each request.
    private var url: OpaquePointer?
    private var fieldLines: UnsafeMutablePointer<curl_slist>?

    /// Whose request it is; `nil` while there is none.
    var transfer: Transfer?
    /// What it was prepared for last: a request of the same kind finds its options set.
    var target: RequestTarget?
    /// The fields that go with each request until others are set.
    var fields: [HTTPClientField]?
    /// In milliseconds.
    var timeout = 0
    /// Whom libcurl tells of the connections that it opens and closes for this handle's requests.
    unowned let owner: Transfers

    init(of owner: Transfers) {
        self.owner = owner
        // Fails only without memory.
        pointer = libcurl_easy_init()!
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        libcurl_easy_cleanup(pointer)
        libcurl_slist_free_all(fieldLines)
        libcurl_url_cleanup(url)
        errorText.deallocate()
    }

    /// The handle that a callback of libcurl is for.
    static func of(_ context: UnsafeMutableRawPointer?) -> EasyHandle {
        // `Transfers` holds the handle as long as libcurl does.
        Unmanaged<EasyHandle>.fromOpaque(context!).takeUnretainedValue()
    }

    /// Forgets every option; TLS sessions stay.
    func reset() {
        libcurl_easy_reset(pointer)
        (target, fields, timeout) = (nil, nil, 0)
        curl_easy_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    // Options fail only without memory or when this libcurl lacks one, and Debian's has them all.

    func set(_ option: CURLoption, _ value: Int) { curl_easy_set_long(pointer, option, value) }

    func set(_ option: CURLoption, offset value: Int) { curl_easy_set_offset(pointer, option, curl_off_t(value)) }

    func set(_ option: CURLoption, _ value: String) { curl_easy_set_text(pointer, option, value) }

    func set(_ option: CURLoption, context value: UnsafeMutableRawPointer) {
        curl_easy_set_pointer(pointer, option, value)
    }

    /// Takes a URL, whose path is sent as it is; `false` for one that is malformed.
    func setURL(_ text: String) -> Bool {
        if url == nil { url = libcurl_url() }
        guard libcurl_url_set(url, CURLUPART_URL, text, CUnsignedInt(CURLU_PATH_AS_IS)) == CURLUE_OK else {
            return false
        }
        curl_easy_set_pointer(pointer, CURLOPT_CURLU, UnsafeMutableRawPointer(url))
        return true
    }

    /// Copies the content of a request.
    func setContent(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: bytes.count)
        // No address would mean that the content is read piece by piece.
        guard !bytes.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
        _ = bytes.withUnsafeBytes { curl_easy_set_bytes(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }

    /// Sends these lines with each request from now on.
    func setFieldLines(_ lines: some Sequence<String>) {
        libcurl_slist_free_all(fieldLines)
        fieldLines = nil
        // Without memory the list stays as it was.
        for line in lines { fieldLines = libcurl_slist_append(fieldLines, line) ?? fieldLines }
        curl_easy_set_list(pointer, CURLOPT_HTTPHEADER, fieldLines)
    }

    func forgetError() { errorText[0] = 0 }

    /// A number that libcurl knows; 0 when it does not.
    func long(_ info: CURLINFO) -> Int {
        var value = 0
        curl_easy_get_long(pointer, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        curl_easy_get_offset(pointer, info, &value)
        return Int(value)
    }

    /// What went wrong in libcurl's words, printable: parts of it may be the peer's.
    func explanation(of code: CURLcode) -> String {
        let text = String(cString: errorText[0] == 0 ? libcurl_easy_strerror(code) : UnsafePointer(errorText))
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0 == "\u{7F}" ? "?" : $0 }))
    }
}
