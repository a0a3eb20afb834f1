/// The numbers of a `key=value` line, one after another, with the errors of a list that must have a given length.
struct NumberList: ~Escapable {
    private let entry: Entry
    private let tree: Int
    private let expected: Int
    private var words: Words
    private var found = 0
    private var last: Range<Int>

    @_lifetime(copy text)
    init(_ text: RawSpan, _ entry: Entry, _ tree: Int, _ expected: Int) {
        self.entry = entry
        self.tree = tree
        self.expected = expected
        self.words = Words(text, entry.value)
        self.last = entry.value.lowerBound..<entry.value.lowerBound
    }

    private var key: String { words.text.excerpt(entry.key) }

    /// The error of the number read last.
    func malformed(_ expectation: String) -> ModelFileError {
        ModelFileError(
            .malformedValue(key: key, text: words.text.excerpt(last), expected: expectation), line: entry.line,
            tree: tree)
    }

    private mutating func word() throws(ModelFileError) -> Range<Int> {
        guard let word = words.next() else {
            throw ModelFileError(.wrongCount(key: key, found: found, expected: expected), line: entry.line, tree: tree)
        }
        found += 1
        last = word
        return word
    }

    mutating func double() throws(ModelFileError) -> Double {
        guard let number = DecimalNumber.parse(words.text, try word()) else { throw malformed("a number") }
        return number
    }

    mutating func integer(in allowed: ClosedRange<Int>) throws(ModelFileError) -> Int {
        guard let number = words.text.integer(try word()) else { throw malformed("an integer") }
        guard allowed.contains(number) else {
            throw ModelFileError(
                .outOfRange(key: key, value: number, allowed: allowed), line: entry.line, tree: tree)
        }
        return number
    }

    mutating func expectEnd() throws(ModelFileError) {
        var count = found
        while words.next() != nil { count += 1 }
        guard count == expected else {
            throw ModelFileError(.wrongCount(key: key, found: count, expected: expected), line: entry.line, tree: tree)
        }
    }
}
