/// The words of a text as numbers: what the `Tokenizer` of Keras and `pad_sequences` make of it.
///
/// Text is Unicode as Python has it: compared code point by code point, never normalised.
package struct KerasTokenizer: Sendable {
    /// The most words of a vocabulary: 1,000,000.
    package static let maximumWordCount = 1_000_000
    /// The most numbers for a text, `maxlen`: 65,536.
    package static let maximumLength = 65_536
    /// The most bytes of a word in UTF-8: 512.
    package static let wordByteLimit = 512
    /// The most bytes of the text that words are split at: 64.
    package static let splitByteLimit = 64

    /// How many numbers there are for a text, `maxlen`.
    package let length: Int
    /// The smallest and the largest number that there can be.
    package let range: ClosedRange<Int>

    private let words: Vocabulary
    /// The number of each word of `words`; `nil` for one that is left out.
    private let numbers: [Int32?]
    /// The number of a word that is not in `words`; `nil` where it is left out.
    private let unknown: Int32?
    private let padding: Int32
    private let padsFront: Bool
    private let keepsEnd: Bool
    private let isByCharacter: Bool
    private let isLowercasing: Bool
    private let split: [UInt8]
    /// What each ASCII character becomes; 0xFF for one that is filtered.
    private let ascii: [UInt8]
    /// The filtered characters beyond ASCII.
    private let filters: Set<Unicode.Scalar>

    /// Reads the tokenizer's specification: a JSON object of the arguments of `Tokenizer` and `pad_sequences`, and of
    /// the `word_index` that the training found.
    ///
    /// - Throws: ``ModelFileError``: a key that is unknown or there twice, a value that cannot be, or two values that
    ///   contradict each other.
    package init(_ bytes: RawSpan) throws(ModelFileError) {
        self.init(try KerasTokenizerSpecification.read(bytes))
    }

    private init(_ specification: KerasTokenizerSpecification) {
        length = specification.maxlen
        padding = specification.padValue
        padsFront = specification.padding == .pre
        keepsEnd = specification.truncating == .pre
        isByCharacter = specification.charLevel
        isLowercasing = specification.lower
        split = Array(specification.split.utf8)
        words = specification.words

        let unknown = specification.outOfVocabulary
        let limit = specification.numWords
        numbers = specification.numbers.map { limit != 0 && $0 >= limit ? unknown : $0 }
        self.unknown = unknown
        let all = numbers.compactMap(\.self) + [padding]
        range = Int(all.min()!)...Int(all.max()!)

        // By characters, Keras looks every one of them up, filtered or not.
        let filtered = isByCharacter ? [] : Set(specification.filters.unicodeScalars)
        let lowercases = isLowercasing
        ascii = (0..<0x80).map { (byte: UInt8) -> UInt8 in
            let isCapital = lowercases && UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            let lowered = isCapital ? byte | 0x20 : byte
            return filtered.contains(Unicode.Scalar(lowered)) ? 0xFF : lowered
        }
        filters = filtered.filter { !$0.isASCII }
    }

    /// Writes the numbers of a text's words, of which there are ``length`` after cutting and filling.
    ///
    /// Allocates nothing. Costs time by the length of the text, or by what is kept of its beginning.
    package func write(_ text: String, to numbers: inout MutableSpan<Int32>) {
        precondition(numbers.count == length)
        let bytes = text.utf8.span.bytes
        var window = TokenWindow(keepsEnd: keepsEnd)
        var word = WordBuffer()
        var offset = 0
        while offset < bytes.byteCount, !(window.count == length && !keepsEnd) {
            let byte = bytes.byte(offset)
            if byte < 0x80 {
                offset += 1
                let mapped = ascii[Int(byte)]
                if mapped == 0xFF {
                    for byte in split { take(byte, &word, &window, &numbers) }
                } else {
                    take(mapped, &word, &window, &numbers)
                }
                if isByCharacter { endWord(&word, &window, &numbers) }
            } else {
                let scalar = bytes.scalar(at: offset)
                let next = offset + UTF8.width(scalar)
                guard isLowercasing else {
                    take(scalar, &word, &window, &numbers)
                    offset = next
                    continue
                }
                switch PythonLowercase.of(scalar, in: bytes, at: offset..<next) {
                case .scalar(let lower): take(lower, &word, &window, &numbers)
                case .several(let lower): for scalar in lower { take(scalar, &word, &window, &numbers) }
                }
                offset = next
            }
        }
        endWord(&word, &window, &numbers)
        window.fill(&numbers, with: padding, atFront: padsFront)
    }

    private func take(
        _ scalar: Unicode.Scalar, _ word: inout WordBuffer, _ window: inout TokenWindow,
        _ numbers: inout MutableSpan<Int32>
    ) {
        // A small letter of another alphabet's capital may be ASCII: that of the Kelvin sign is k.
        let isFiltered =
            scalar.isASCII ? ascii[Int(scalar.value)] == 0xFF : !filters.isEmpty && filters.contains(scalar)
        if !isFiltered {
            for byte in UTF8.encode(scalar)! { take(byte, &word, &window, &numbers) }
        } else {
            for byte in split { take(byte, &word, &window, &numbers) }
        }
        if isByCharacter { endWord(&word, &window, &numbers) }
    }

    @inline(__always)
    private func take(
        _ byte: UInt8, _ word: inout WordBuffer, _ window: inout TokenWindow, _ numbers: inout MutableSpan<Int32>
    ) {
        word.append(byte)
        guard !isByCharacter, byte == split[split.count - 1], word.removeSuffix(split) else { return }
        endWord(&word, &window, &numbers)
    }

    /// Looks the word up, if there is one, and begins the next.
    private func endWord(_ word: inout WordBuffer, _ window: inout TokenWindow, _ numbers: inout MutableSpan<Int32>) {
        guard !word.isEmpty else { return }
        let number = word.index(in: words).map { self.numbers[$0] } ?? unknown
        if let number { window.append(number, to: &numbers) }
        word.removeAll()
    }
}

/// The bytes of a word that is being read.
///
/// A word longer than any that can be known loses its beginning, so that texts of any length need no more memory.
private struct WordBuffer {
    private var bytes = InlineArray<640, UInt8>(repeating: 0)
    private var count = 0
    private var isTooLong = false

    var isEmpty: Bool { count == 0 && !isTooLong }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == bytes.count { slide() }
        bytes[count] = byte
        count += 1
    }

    /// Keeps what could be the beginning of a split.
    private mutating func slide() {
        let kept = KerasTokenizer.splitByteLimit
        for index in 0..<kept { bytes[index] = bytes[count - kept + index] }
        count = kept
        isTooLong = true
    }

    /// Takes `suffix` away if the bytes end with it.
    @inline(__always)
    mutating func removeSuffix(_ suffix: [UInt8]) -> Bool {
        guard count >= suffix.count else { return false }
        for index in suffix.indices where bytes[count - suffix.count + index] != suffix[index] { return false }
        count -= suffix.count
        return true
    }

    func index(in words: Vocabulary) -> Int? {
        isTooLong ? nil : words.index(of: bytes.span.bytes.extracting(0..<count))
    }

    mutating func removeAll() {
        count = 0
        isTooLong = false
    }
}

/// The numbers that are kept of a text: the first, or the last, as a ring until it is filled.
private struct TokenWindow {
    let keepsEnd: Bool
    private(set) var count = 0
    /// Where the oldest number of a full ring is.
    private var start = 0

    init(keepsEnd: Bool) {
        self.keepsEnd = keepsEnd
    }

    mutating func append(_ number: Int32, to numbers: inout MutableSpan<Int32>) {
        if count < numbers.count {
            numbers[count] = number
            count += 1
        } else if keepsEnd {
            numbers[start] = number
            start = start + 1 == numbers.count ? 0 : start + 1
        }
    }

    /// Brings the numbers into their order, and fills the places that are left.
    func fill(_ numbers: inout MutableSpan<Int32>, with padding: Int32, atFront: Bool) {
        if count == numbers.count {
            // A rotation is three reversals.
            guard start > 0 else { return }
            Self.reverse(&numbers, 0..<start)
            Self.reverse(&numbers, start..<count)
            Self.reverse(&numbers, 0..<count)
            return
        }
        let rest = numbers.count - count
        if atFront {
            for index in stride(from: count - 1, through: 0, by: -1) { numbers[index + rest] = numbers[index] }
            for index in 0..<rest { numbers[index] = padding }
        } else {
            for index in count..<numbers.count { numbers[index] = padding }
        }
    }

    private static func reverse(_ numbers: inout MutableSpan<Int32>, _ range: Range<Int>) {
        var (low, high) = (range.lowerBound, range.upperBound - 1)
        while low < high {
            numbers.swapAt(low, high)
            low += 1
            high -= 1
        }
    }
}
