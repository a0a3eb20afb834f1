/// A line for a terminal: texts with a look each, cut where the terminal ends.
struct StyledLine {
    enum Style: String {
        case plain = ""
        case bold = "1"
        case dim = "2"
        case good = "32"
        case warning = "33"
        case alarm = "1;31"
    }

    private var parts: [(text: String, style: Style)] = []

    init() {}

    init(_ text: String, _ style: Style = .plain) {
        append(text, style)
    }

    /// Adds a text, in which characters that a terminal obeys are replaced: names come from elsewhere.
    mutating func append(_ text: String, _ style: Style = .plain) {
        parts.append((String(text.map { Self.isPrintable($0) ? $0 : "?" }), style))
    }

    /// Each of these is as wide as a column, which can't be said of all that Unicode has.
    private static func isPrintable(_ character: Character) -> Bool {
        character.unicodeScalars.count == 1
            && character.unicodeScalars.allSatisfy { (" "..."~").contains($0) || $0 == "µ" || $0 == "…" }
    }

    /// The line in at most `width` columns; the last is `…` when there was more.
    func text(width: Int, isColored: Bool) -> String {
        let count = parts.reduce(0) { $0 + $1.text.count }
        var room = count > width ? max(width - 1, 0) : count
        var text = ""
        for part in parts where room > 0 {
            let shown = part.text.prefix(room)
            room -= shown.count
            let code = part.style.rawValue
            text += isColored && !code.isEmpty ? "\u{1B}[\(code)m\(shown)\u{1B}[0m" : String(shown)
        }
        if count > width, width > 0 { text += "…" }
        // Nobody sees space at the end.
        while !isColored, text.last == " " { text.removeLast() }
        return text
    }
}

extension String {
    /// In at least so many columns, its end at the last.
    func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    /// In exactly so many columns; of a longer one the end, behind `…`.
    func fitted(to width: Int) -> String {
        count > width ? "…" + suffix(max(width - 1, 0)) : self + String(repeating: " ", count: width - count)
    }
}
