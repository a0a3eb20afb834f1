internal import CCurl
internal import Glibc

/// libcurl, made ready once for the process.
enum CurlLibrary {
    private static let code: CURLcode = {
        // A peer that is gone is an error of one call, never a signal; libcurl leaves that to us.
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    }()

    static func prepare() {
        precondition(code == CURLE_OK, "libcurl: \(String(cString: curl_easy_strerror(code)))")
    }
}

/// What libcurl keeps for one request, used again for the next.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// Where libcurl writes what went wrong.
    private let errorText: UnsafeMutablePointer<CChar>
    private var fields: UnsafeMutablePointer<curl_slist>?

    init() {
        // Fails only without memory.
        pointer = curl_easy_init()!
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(fields)
        errorText.deallocate()
    }

    /// Forgets the request; TLS sessions stay.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(fields)
        fields = nil
    }

    // Options fail only without memory or when this libcurl lacks one, and Debian's has them all.

    func set(_ option: CURLoption, _ value: Int) { curl_easy_set_long(pointer, option, value) }

    func set(_ option: CURLoption, offset value: Int) { curl_easy_set_offset(pointer, option, curl_off_t(value)) }

    func set(_ option: CURLoption, _ value: String) { curl_easy_set_text(pointer, option, value) }

    func set(_ option: CURLoption, context value: UnsafeMutableRawPointer) {
        curl_easy_set_pointer(pointer, option, value)
    }

    /// Copies the content of a request.
    func setContent(_ bytes: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: bytes.count)
        // No address would mean that the content is read piece by piece.
        guard !bytes.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
        _ = bytes.withUnsafeBytes { curl_easy_set_bytes(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }

    func appendField(_ line: String) {
        // Without memory the list stays as it was.
        fields = curl_slist_append(fields, line) ?? fields
    }

    func useFields() { curl_easy_set_list(pointer, CURLOPT_HTTPHEADER, fields) }

    func useErrorText() {
        errorText[0] = 0
        curl_easy_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

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
        let text = String(cString: errorText[0] == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText))
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0 == "\u{7F}" ? "?" : $0 }))
    }
}
