import Modeling
import TestSupport
import Testing

@testable import Inference

@Suite("Keras tokenizers")
struct KerasTokenizerTests {
    private struct Case: Decodable {
        let specification: String
        let texts: [String]
        let numbers: [[Int32]]
    }

    /// `Fixtures/keras_tokenizer/make_cases.py` makes them.
    @Test("make the numbers that Keras makes, by any vocabulary and options")
    func keras() throws {
        let cases = try Repository.lines(of: Repository.fixtures + "/keras_tokenizer/cases.jsonl", as: Case.self)
        #expect(cases.count == 100)
        for one in cases {
            let tokenizer = try Self.tokenizer(one.specification)
            for (text, numbers) in zip(one.texts, one.numbers) {
                let found = tokenizer.numbers(text)
                #expect(found == numbers, "\(text.debugDescription) by \(one.specification)")
            }
        }
    }

    @Test(
        "lower-case as Python does",
        arguments: [
            // Text, word.
            ("ΟΔΟΣ", "οδος"), ("ΟΔΟΣ.", "οδος."), ("Σ", "σ"), ("ΣΑΣ", "σας"), ("ΑΣ'Α", "ασ'α"), ("ΑΣ'", "ας'"),
            ("1Σ", "1σ"), ("Α\u{AD}\u{301}Σ", "α\u{AD}\u{301}ς"), ("\u{AD}Σ", "\u{AD}σ"), ("ΑΣ1", "ας1"),
            ("İ", "i\u{307}"), ("I", "i"), ("\u{212A}", "k"), ("ẞ", "ß"), ("Ǆ", "ǆ"), ("ǅ", "ǆ"), ("Ⱥ", "ⱥ"),
            ("𐐀", "𐐨"), ("\u{1E9E}É", "ßé"),
        ])
    func lowercase(text: String, word: String) throws {
        let escaped = JSON.string(word).description
        let tokenizer = try Self.tokenizer(#"{"word_index": {\#(escaped): 5}, "filters": "", "maxlen": 1}"#)
        #expect(tokenizer.numbers(text) == [5])
    }

    @Test("tell a letter from the same one in two parts")
    func normalisation() throws {
        let tokenizer = try Self.tokenizer(#"{"word_index": {"\u00e9": 1, "e\u0301": 2}, "maxlen": 2}"#)
        #expect(tokenizer.numbers("\u{E9} e\u{301}") == [1, 2])
    }

    @Test("know words up to the limit, and not those that are longer by any number of bytes")
    func longWords() throws {
        let longest = String(repeating: "x", count: KerasTokenizer.wordByteLimit)
        let split = String(repeating: "-", count: KerasTokenizer.splitByteLimit - 1) + "+"
        let tokenizer = try Self.tokenizer(
            #"{"word_index": {"\#(longest)": 1, "a": 2}, "filters": "", "split": "\#(split)", "maxlen": 3}"#)
        for extra in [1, 2, 63, 64, 65, 127, 128, 129, 200, 5000] {
            let tooLong = String(repeating: "x", count: longest.utf8.count + extra)
            let text = [longest, tooLong, "a", split.dropLast() + "a", longest].joined(separator: split)
            #expect(tokenizer.numbers(text) == [1, 2, 1])
        }
    }

    @Test("keep the last numbers or the first, however many there are")
    func windows() throws {
        for count in 0..<12 {
            let words = (0..<count).map { "w\($0)" }
            for keepsEnd in [true, false] {
                let side = keepsEnd ? "pre" : "post"
                let index = (0..<12).map { #""w\#($0)": \#($0 + 1)"# }.joined(separator: ",")
                let tokenizer = try Self.tokenizer(
                    #"{"word_index": {\#(index)}, "maxlen": 5, "truncating": "\#(side)", "padding": "post"}"#)
                let all = (0..<count).map { Int32($0 + 1) }
                let kept = Array(keepsEnd ? all.suffix(5) : all.prefix(5))
                #expect(
                    tokenizer.numbers(words.joined(separator: " "))
                        == kept + [Int32](repeating: 0, count: 5 - kept.count))
            }
        }
    }

    /// What is in the specification, and what the message must be.
    @Test(
        "are refused with the place where their specification is wrong",
        arguments: [
            (#"{"word_index": {"a": 1}}"#, "the tokenizer: has no 'maxlen'; give the length that the model was"),
            (#"{"maxlen": 4}"#, "the tokenizer: has no words in 'word_index'"),
            (#"{"word_index": {}, "maxlen": 4}"#, "the tokenizer: has no words in 'word_index'"),
            (#"{"word_index": {"a": 1}, "maxlen": 0}"#, "maxlen: has to be a whole number, 1 to 65536"),
            (#"{"word_index": {"a": 1}, "maxlen": 65537}"#, "maxlen: has to be a whole number, 1 to 65536"),
            (#"{"word_index": {"a": 1, "b": -1}, "maxlen": 4}"#, "word_index[1]: has to be a whole number, 0 to"),
            (#"{"word_index": {"a": 1.5}, "maxlen": 4}"#, "word_index[0]: has to be a whole number"),
            (#"{"word_index": {"a": 2147483648}, "maxlen": 4}"#, "word_index[0]: has to be a whole number"),
            (#"{"word_index": {"a": 1, "\u0061": 2}, "maxlen": 4}"#, "word_index[1]: is the word 'a' a second time"),
            (#"{"word_index": ["a"], "maxlen": 4}"#, "word_index: an object is needed at byte 15"),
            (#"{"word_index": "a", "maxlen": 4}"#, "word_index: an object is needed at byte 15"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "maxlen": 5}"#, "maxlen: is there twice"),
            (#"{"word_index": {"a": 1}, "max_len": 4}"#, "the key 'max_len' is unknown; known are word_index, filters"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "padding": "left"}"#, "padding: is 'left'; it has to be 'pre' or"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "truncating": "none"}"#, "truncating: is 'none'"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "split": ""}"#, "split: has 0 bytes; it has to have 1 to 64"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "split": null}"#, "split: a string is needed"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "lower": 2}"#, "lower: has to be a whole number, 0 to 1"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "num_words": -1}"#, "num_words: has to be"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "oov_token": "b"}"#, "oov_token: is 'b', which is not in"),
            (#"{"word_index": {"ab": 1}, "maxlen": 4, "char_level": true}"#, "char_level: is true and no word"),
            (#"{"word_index": {"a": 1}, "maxlen": 4, "pad_value": 0.5}"#, "pad_value: has to be"),
            (#"{"word_index": {"\x": 1}, "maxlen": 4}"#, "word_index[0]: a string without broken escapes"),
            (#"{"word_index": {"a": 1}, "maxlen": 4} x"#, "the tokenizer: the end of the file is needed"),
            ("[]", "the tokenizer: an object is needed at byte 0"),
            ("", "the tokenizer: the file ends within a value"),
        ])
    func mistakes(specification: String, message: String) {
        do {
            _ = try Self.tokenizer(specification)
            Issue.record("\(specification) was taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @Test("are refused where a word or a split is longer than the limit")
    func limits() {
        let word = String(repeating: "é", count: KerasTokenizer.wordByteLimit / 2) + "a"
        #expect(throws: ModelFileError(.unsuitable("has 513 bytes; a word has at most 512"), path: "word_index[0]")) {
            try Self.tokenizer(#"{"word_index": {"\#(word)": 1}, "maxlen": 4}"#)
        }
        let split = String(repeating: "-", count: KerasTokenizer.splitByteLimit + 1)
        #expect(throws: ModelFileError(.unsuitable("has 65 bytes; it has to have 1 to 64"), path: "split")) {
            try Self.tokenizer(#"{"word_index": {"a": 1}, "maxlen": 4, "split": "\#(split)"}"#)
        }
    }

    @Test("of which only a part arrived are refused, wherever it ends")
    func everyPrefix() throws {
        let whole = Array(#"{"word_index": {"a": 1, "\u00e9'": 2}, "maxlen": 4, "oov_token": null, "split": " "}"#.utf8)
        _ = try KerasTokenizer(whole.span.bytes)
        for count in whole.indices {
            let part = Array(whole[..<count])
            #expect(throws: ModelFileError.self) { try KerasTokenizer(part.span.bytes) }
        }
    }

    @Test("of bytes changed at random: an error or a tokenizer that works, and never a crash")
    func mutation() throws {
        let whole = Array(
            #"{"word_index": {"a": 1, "\u00e9'": 2}, "maxlen": 4, "oov_token": "a", "split": "--", "lower": true}"#.utf8
        )
        var random = SplitMix64(seed: 3)
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = .random(in: 0...255, using: &random)
            }
            guard let tokenizer = try? KerasTokenizer(bytes.span.bytes) else { continue }
            taken += 1
            let numbers = tokenizer.numbers("a--É'--b ΑΣ")
            #expect(numbers.count == tokenizer.length)
            #expect(numbers.allSatisfy { tokenizer.range.contains(Int($0)) })
        }
        #expect(taken > 0)
    }

    /// The table grows several times.
    @Test("find each of 20,000 words, and no other")
    func manyWords() throws {
        let index = (0..<20_000).map { #""w\#($0)": \#($0)"# }.joined(separator: ",")
        let tokenizer = try Self.tokenizer(#"{"word_index": {\#(index)}, "maxlen": 1, "pad_value": -1}"#)
        for number in 0..<20_000 { #expect(tokenizer.numbers("w\(number)") == [Int32(number)]) }
        for number in 20_000..<20_100 { #expect(tokenizer.numbers("w\(number)") == [-1]) }
    }

    private static func tokenizer(_ specification: String) throws -> KerasTokenizer {
        let bytes = Array(specification.utf8)
        return try KerasTokenizer(bytes.span.bytes)
    }
}

extension KerasTokenizer {
    func numbers(_ text: String) -> [Int32] {
        var numbers = [Int32](repeating: .min, count: length)
        var span = numbers.mutableSpan
        write(text, to: &span)
        return numbers
    }
}

@Suite(
    "The tokenizer of the sentiment model", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct SharedTokenizerTests {
    private struct Row: Decodable {
        struct Input: Decodable {
            let text: String
        }
        let input: Input
        let tokens: [Int32]
        let padded: [Int32]
    }

    @Test("makes the words and the padded numbers of all 500 goldens")
    func goldens() throws {
        let folder = Repository.models + "/sentiment"
        let specification = try Repository.text(of: folder + "/tokenizer.json")
        // As many places as there can be words, so that none is cut off.
        let whole = specification.replacing(#""maxlen": 16"#, with: #""maxlen": 1000"#)
            .replacing(#""pad_value": 0"#, with: #""pad_value": -1"#)
        #expect(whole != specification)
        let (bytes, wholeBytes) = (Array(specification.utf8), Array(whole.utf8))
        let tokenizer = try KerasTokenizer(bytes.span.bytes)
        let words = try KerasTokenizer(wholeBytes.span.bytes)
        let rows = try Repository.lines(of: folder + "/bilstm.golden.jsonl", as: Row.self)
        #expect(rows.count == 500)
        for row in rows {
            #expect(tokenizer.numbers(row.input.text) == row.padded)
            #expect(words.numbers(row.input.text).filter { $0 != -1 } == row.tokens)
        }
    }
}
