/// One leaf of a document: its text and what YAML's core schema takes the text for.
package struct Scalar: Sendable, Hashable {
    /// What a scalar stands for.
    ///
    /// A ``string``'s value is the scalar's text.
    package enum Value: Sendable, Hashable {
        case null
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string
    }

    /// The text, unquoted and unescaped.
    package let text: String
    package let value: Value
    /// Written without quotes and without a tag, so that ``value`` follows from the text.
    package let isPlain: Bool
    /// The text holds something from the environment.
    ///
    /// It may be a secret: no message shows it.
    package let isSubstituted: Bool

    /// A scalar resolved by its text when it is plain, else a string.
    package init(_ text: String, isPlain: Bool, isSubstituted: Bool = false) {
        self.text = text
        self.value = isPlain ? resolve(text) : .string
        self.isPlain = isPlain
        self.isSubstituted = isSubstituted
    }

    /// A scalar whose tag says what it is.
    init(_ text: String, tagged value: Value) {
        self.text = text
        self.value = value
        isPlain = false
        isSubstituted = false
    }

    /// The value where a kind other than a string is expected: what the environment gave counts as written without
    /// quotes, because JSON has no other way to say it.
    package var typedValue: Value {
        isSubstituted ? resolve(text) : value
    }
}

/// What the core schema takes a plain text for (YAML 1.2.2 §10.3.2).
///
/// A decimal integer past 64 bits is a `float`, as JSON readers have it.
func resolve(_ text: String) -> Scalar.Value {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    default: break
    }
    // Every number begins with one of these; most strings do not.
    guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return .string }
    return based(text, prefix: "0x", radix: 16) ?? based(text, prefix: "0o", radix: 8) ?? decimal(text) ?? .string
}

private func based(_ text: String, prefix: String, radix: Int) -> Scalar.Value? {
    guard text.hasPrefix(prefix) else { return nil }
    let digits = text.utf8.dropFirst(prefix.utf8.count)
    // `Int` takes a sign here, the schema does not.
    guard let first = digits.first, !"+-".utf8.contains(first) else { return nil }
    return Int(Substring(digits), radix: radix).map(Scalar.Value.int)
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
private func decimal(_ text: String) -> Scalar.Value? {
    var rest = Substring(text).utf8
    func skipDigits(_ rest: inout Substring.UTF8View) -> Bool {
        let length = rest.count
        rest = rest.drop(while: isDigit)
        return rest.count < length
    }
    func skip(_ bytes: String, _ rest: inout Substring.UTF8View) -> Bool {
        guard let first = rest.first, bytes.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }
    _ = skip("+-", &rest)
    let hasWhole = skipDigits(&rest)
    if hasWhole, rest.isEmpty {
        return Int(text).map(Scalar.Value.int) ?? Double(text).map(Scalar.Value.float)
    }
    if skip(".", &rest) {
        guard skipDigits(&rest) || hasWhole else { return nil }
    } else if !hasWhole {
        return nil
    }
    if skip("eE", &rest) {
        _ = skip("+-", &rest)
        guard skipDigits(&rest) else { return nil }
    }
    return rest.isEmpty ? Double(text).map(Scalar.Value.float) : nil
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
