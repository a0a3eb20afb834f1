/// A tokenizer's specification as its JSON says it, checked; what is left out is as Keras has it.
struct KerasTokenizerSpecification {
    /// A side of a text's numbers.
    enum Side: String, CaseIterable {
        case pre
        case post
    }

    /// The words of `word_index`.
    var words = Vocabulary()
    /// Their numbers.
    var numbers: [Int32] = []
    var filters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n"
    var lower = true
    var split = " "
    var charLevel = false
    /// The number of `oov_token`; `nil` where there is none.
    var outOfVocabulary: Int32?
    /// 0 where all words count.
    var numWords: Int32 = 0
    var maxlen = 0
    var padding = Side.pre
    var truncating = Side.pre
    var padValue: Int32 = 0

    /// Whether any of the words is one character.
    private var hasCharacters = false

    static let keys: [StaticString] = [
        "word_index", "filters", "lower", "split", "char_level", "oov_token", "num_words", "maxlen", "padding",
        "truncating", "pad_value",
    ]

    static func read(_ bytes: RawSpan) throws(ModelFileError) -> KerasTokenizerSpecification {
        var path = DocumentPath()
        do throws(ModelFileError.Mistake) {
            var specification = KerasTokenizerSpecification()
            try specification.read(bytes, &path)
            return specification
        } catch {
            throw ModelFileError(error, path: path.isEmpty ? "the tokenizer" : path.description)
        }
    }

    private mutating func read(_ bytes: RawSpan, _ path: inout DocumentPath) throws(ModelFileError.Mistake) {
        var document = JSONDocument(bytes)
        var object = try document.openObject()
        var seen: Set<Int> = []
        var oovToken: String?
        while let key = try document.nextKey(&object) {
            guard let index = Self.keys.firstIndex(where: { document.matches(key, $0) }) else {
                throw .unknownKey(bytes.excerpt(key), known: Self.keys.map(\.description))
            }
            path.enter(Self.keys[index])
            guard seen.insert(index).inserted else { throw .unsuitable("is there twice; keep one") }
            switch Self.keys[index].description {
            case "word_index": try readWords(&document, bytes, &path)
            case "filters": filters = try document.string()
            case "lower": lower = try Self.flag(&document)
            case "split": split = try document.string()
            case "char_level": charLevel = try Self.flag(&document)
            case "oov_token": oovToken = try document.null() ? nil : document.string()
            case "num_words": numWords = try document.null() ? 0 : Self.number(&document, in: 0...Int(Int32.max))
            case "maxlen": maxlen = Int(try Self.number(&document, in: 1...KerasTokenizer.maximumLength))
            case "padding": padding = try Self.side(&document)
            case "truncating": truncating = try Self.side(&document)
            default: padValue = try Self.number(&document, in: Int(Int32.min)...Int(Int32.max))
            }
            path.leave()
        }
        try document.expectEnd()
        guard !numbers.isEmpty else { throw .unsuitable("has no words in 'word_index'; give those of the training") }
        guard maxlen > 0 else { throw .unsuitable("has no 'maxlen'; give the length that the model was trained with") }
        path.enter("split")
        guard 1...KerasTokenizer.splitByteLimit ~= split.utf8.count else {
            throw .unsuitable("has \(split.utf8.count) bytes; it has to have 1 to \(KerasTokenizer.splitByteLimit)")
        }
        path.leave()
        path.enter("char_level")
        guard !charLevel || hasCharacters else {
            throw .unsuitable("is true and no word of 'word_index' is one character; make it false")
        }
        path.leave()
        guard let oovToken else { return }
        path.enter("oov_token")
        guard let index = words.index(of: oovToken.utf8.span.bytes) else {
            throw .unsuitable(
                "is '\(oovToken.excerpt)', which is not in 'word_index'; number it there, or make it null")
        }
        outOfVocabulary = numbers[index]
        path.leave()
    }

    private mutating func readWords(
        _ document: inout JSONDocument, _ bytes: RawSpan, _ path: inout DocumentPath
    ) throws(ModelFileError.Mistake) {
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            path.enter(words.count)
            // The quotes around the key too.
            let word = try document.string(in: key.lowerBound - 1..<key.upperBound + 1)
            guard word.utf8.count <= KerasTokenizer.wordByteLimit else {
                throw .unsuitable("has \(word.utf8.count) bytes; a word has at most \(KerasTokenizer.wordByteLimit)")
            }
            guard words.count < KerasTokenizer.maximumWordCount else {
                throw .unsuitable(
                    "is one word too many; keep the most frequent \(KerasTokenizer.maximumWordCount)")
            }
            guard words.insert(word) else {
                throw .unsuitable("is the word '\(word.excerpt)' a second time; keep one")
            }
            numbers.append(try Self.number(&document, in: 0...Int(Int32.max)))
            if word.unicodeScalars.count == 1 { hasCharacters = true }
            path.leave()
        }
    }

    private static func flag(_ document: inout JSONDocument) throws(ModelFileError.Mistake) -> Bool {
        try number(&document, in: 0...1) == 1
    }

    /// An integer, which may be written as `0.0`.
    private static func number(
        _ document: inout JSONDocument, in allowed: ClosedRange<Int>
    ) throws(ModelFileError.Mistake) -> Int32 {
        let place = document.place
        var number: Int?
        do throws(ModelFileError.Mistake) {
            number = try document.integer()
        } catch {
            document.place = place
            number = Int(exactly: try document.float())
        }
        guard let number, allowed.contains(number) else {
            throw .unsuitable("has to be a whole number, \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return Int32(number)
    }

    private static func side(_ document: inout JSONDocument) throws(ModelFileError.Mistake) -> Side {
        let text = try document.string()
        guard let side = Side(rawValue: text) else {
            throw .unsuitable("is '\(text.excerpt)'; it has to be 'pre' or 'post'")
        }
        return side
    }
}
