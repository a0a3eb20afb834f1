package import Cryptography
internal import Glibc

/// Who asks an S3 store.
package struct S3Credentials: Sendable, Hashable {
    /// The most bytes of a file that holds credentials: 64 KiB.
    package static let maximumFileBytes = 64 * 1024
    /// The most bytes of a key or a token: 16 KiB.
    package static let maximumValueBytes = 16 * 1024

    /// The public half; it is sent with every request.
    package let accessKey: String
    package let secretKey: Secret
    /// Goes with keys that are valid for a short while.
    package let sessionToken: Secret?

    /// - Parameter place: where the values come from, for the message.
    /// - Throws: ``StoreError/invalidCredentials(place:reason:)`` for what can't be a key: nothing, or with spaces or
    ///   control characters; the message does not show it.
    package init(
        accessKey: String, secretKey: Secret, sessionToken: Secret? = nil, from place: String = "credentials"
    ) throws(StoreError) {
        try Self.check(Secret(accessKey), "the access key", place)
        try Self.check(secretKey, "the secret key", place)
        if let sessionToken { try Self.check(sessionToken, "the session token", place) }
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    private static func check(_ value: Secret, _ what: String, _ place: String) throws(StoreError) {
        let isFine = value.bytes.withUnsafeBytes { bytes in
            (1...maximumValueBytes).contains(bytes.count) && bytes.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard !isFine else { return }
        let reason = value.byteCount == 0 ? "is empty" : "has characters or a length that no key has"
        throw .invalidCredentials(place: place, reason: "\(what) \(reason); give it as the store shows it")
    }

    /// The credentials of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where there is one, `AWS_SESSION_TOKEN`;
    /// `nil` when neither of the first two is set.
    package static func environment(
        _ variable: (String) -> String? = variable(named:)
    ) throws(StoreError) -> S3Credentials? {
        func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        let (accessKey, secretKey) = (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"))
        if accessKey == nil, secretKey == nil { return nil }
        guard let accessKey, let secretKey else {
            let missing = accessKey == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
            throw .invalidCredentials(
                place: "environment", reason: "\(missing) is not set and the other half is; set both")
        }
        return try S3Credentials(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: value("AWS_SESSION_TOKEN").map { Secret($0) },
            from: "environment")
    }

    /// The credentials in files of one value each, as a mounted Secret has them; white space around a value is not
    /// part of it.
    package static func files(
        accessKey: String, secretKey: String, sessionToken: String? = nil
    ) throws(StoreError) -> S3Credentials {
        let key = try text(ofFile: accessKey)
        let secret = try text(ofFile: secretKey)
        var token: Secret?
        if let sessionToken { token = Secret(try text(ofFile: sessionToken).utf8.trimmingSpace) }
        return try S3Credentials(
            accessKey: String(decoding: Array(key.utf8.trimmingSpace), as: UTF8.self),
            secretKey: Secret(secret.utf8.trimmingSpace), sessionToken: token, from: accessKey)
    }

    /// The credentials of a profile in a file such as `~/.aws/credentials`.
    package static func profile(_ profile: String = "default", ofFile path: String) throws(StoreError) -> S3Credentials
    {
        let values = try section(profile, of: text(ofFile: path))
        guard let values else {
            throw .invalidCredentials(place: path, reason: "there is no profile '\(printable(profile, limit: 100))'")
        }
        guard let accessKey = values["aws_access_key_id"], let secretKey = values["aws_secret_access_key"] else {
            throw .invalidCredentials(
                place: path,
                reason:
                    "the profile '\(printable(profile, limit: 100))' has not both of aws_access_key_id and aws_secret_access_key"
            )
        }
        return try S3Credentials(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: values["aws_session_token"].map { Secret($0) }, from: path)
    }

    /// The first credentials of: the environment; the profile `AWS_PROFILE` or `default` of the file
    /// `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials`; `nil` when there are none.
    package static func standard(
        _ variable: (String) -> String? = variable(named:)
    ) throws(StoreError) -> S3Credentials? {
        if let credentials = try environment(variable) { return credentials }
        let named = variable("AWS_SHARED_CREDENTIALS_FILE")
        guard let path = named ?? variable("HOME").map({ $0 + "/.aws/credentials" }) else { return nil }
        let profile = variable("AWS_PROFILE")
        // What nobody has named need not be there.
        if named == nil, profile == nil, access(path, F_OK) != 0 { return nil }
        return try Self.profile(profile ?? "default", ofFile: path)
    }

    /// A variable of the process's environment.
    package static func variable(named name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func text(ofFile path: String) throws(StoreError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try contents(ofFile: path, limit: maximumFileBytes)
        } catch {
            throw .invalidCredentials(place: "credentials", reason: "\(error)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The values of `[name]`, by their keys in lower case; `nil` when there is no such section.
    private static func section(_ name: String, of text: String) -> [String: String]? {
        var values: [String: String]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(decoding: Array(line.utf8.trimmingSpace), as: UTF8.self)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                isInside = line.dropFirst().dropLast().utf8.trimmingSpace.elementsEqual(name.utf8)
                if isInside, values == nil { values = [:] }
            } else if isInside, let equals = line.firstIndex(of: "=") {
                let key = String(decoding: Array(line[..<equals].utf8.trimmingSpace), as: UTF8.self).lowercased()
                let value = line[line.index(after: equals)...].utf8.trimmingSpace
                values?[key] = String(decoding: Array(value), as: UTF8.self)
            }
        }
        return values
    }
}
