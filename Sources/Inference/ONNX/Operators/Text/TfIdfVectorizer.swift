/// TfIdfVectorizer: how often each n-gram of a pool is in a row.
struct TfIdfVectorizer: ONNXOperator {
    enum Mode { case counts, weights, weightedCounts }

    private let mode: Mode
    private let lengths: ClosedRange<Int>
    private let maximumSkip: Int
    private let outputCount: Int
    private let weights: [Float]
    private let items: KeyTable
    /// The n-grams as a tree: from a node's number in the upper half and an item's in the lower to the next node.
    private var steps: [UInt64: Int] = [:]
    /// The n-gram that ends at a node, or -1.
    private var grams: [Int] = [-1]
    /// The output of each n-gram.
    private let outputs: [Int]

    init(_ node: ONNXNode) throws(ONNXMistake) {
        switch try node.required("mode", try node.string("mode")) {
        case "TF": mode = .counts
        case "IDF": mode = .weights
        case "TFIDF": mode = .weightedCounts
        case let other: throw .invalidAttribute("mode", reason: "is '\(other)'")
        }
        let (shortest, longest) = (
            try node.required("min_gram_length", try node.int("min_gram_length")),
            try node.required("max_gram_length", try node.int("max_gram_length"))
        )
        maximumSkip = try node.required("max_skip_count", try node.int("max_skip_count"))
        guard shortest >= 1, longest >= shortest, longest <= 1024, maximumSkip >= 0, maximumSkip <= 1024 else {
            throw .invalidAttribute("max_gram_length", reason: "is \(longest)")
        }
        lengths = shortest...longest
        outputs = try node.required("ngram_indexes", try node.ints("ngram_indexes"))
        guard outputs.allSatisfy({ $0 >= 0 && $0 < ONNXShape.maximumElementCount }) else {
            throw .invalidAttribute("ngram_indexes", reason: "has an index out of range")
        }
        outputCount = (outputs.max() ?? -1) + 1
        let given = try node.floats("weights") ?? []
        guard given.isEmpty || given.count == outputs.count else {
            throw .invalidAttribute("weights", reason: "has \(given.count) values for \(outputs.count) n-grams")
        }
        weights = given.isEmpty ? outputs.map { _ in 1 } : given

        let pool: ONNXTensor
        if let texts = try node.strings("pool_strings"), !texts.isEmpty {
            pool = try ONNXTensor(texts, shape: [texts.count])
        } else {
            let integers = try node.required("pool_int64s", try node.ints("pool_int64s"))
            pool = try ONNXTensor(integers.map { Int64($0) }, shape: [integers.count])
        }
        items = try KeyTable(pool)
        try addGrams(pool, try node.required("ngram_counts", try node.ints("ngram_counts")))
    }

    /// `starts[n]` is where the n-grams of n + 1 items begin in the pool.
    private mutating func addGrams(_ pool: ONNXTensor, _ starts: [Int]) throws(ONNXMistake) {
        let numbers = items.numbers(of: pool)
        var gram = 0
        for (index, start) in starts.enumerated() {
            let length = index + 1
            let end = index + 1 < starts.count ? starts[index + 1] : pool.count
            guard start >= 0, end <= pool.count, start <= end, (end - start) % length == 0 else {
                throw .invalidAttribute("ngram_counts", reason: "does not fit the pool")
            }
            for first in stride(from: start, to: end, by: length) {
                guard gram < outputs.count else {
                    throw .invalidAttribute("ngram_indexes", reason: "has \(outputs.count) values")
                }
                var place = 0
                for number in numbers[first..<first + length] {
                    let key = UInt64(place) << 32 | UInt64(number)
                    if let next = steps[key] {
                        place = next
                    } else {
                        grams.append(-1)
                        place = grams.count - 1
                        steps[key] = place
                    }
                }
                grams[place] = gram
                gram += 1
            }
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let vectorizer = self
        if let tokens = node.tokensInput(0), tokens.isTokens {
            guard tokens.shape.count <= 1 else { throw .dynamicShape }
            let rows = tokens.count
            let output = try node.output(.float, tokens.shape + [outputCount])
            guard items.accepts(.string) else { throw .unsupportedType("string", supported: items.types) }
            node.run { frame throws(ONNXRunError) in
                let words = frame.tokens(tokens.operand).pointee
                let target = frame(output, as: Float.self)
                for row in 0..<rows {
                    let own = target + row * vectorizer.outputCount
                    vectorizer.count(words[row].count, own) { vectorizer.items.index(of: words[row][$0]) }
                }
            }
            return
        }
        let input = try node.input(0, [.string, .int32, .int64])
        guard items.accepts(input.type) else {
            throw .unsupportedType(input.type.description, supported: items.types)
        }
        guard input.shape.count == 1 || input.shape.count == 2 else {
            throw .shapeMismatch("\(input.shape) is no list of rows")
        }
        let (rows, columns) = input.shape.count == 1 ? (1, input.shape[0]) : (input.shape[0], input.shape[1])
        let output = try node.output(.float, Array(input.shape.dropLast()) + [outputCount])
        let (source, type) = (input.operand, input.type)
        node.run { frame throws(ONNXRunError) in
            let target = frame(output, as: Float.self)
            for row in 0..<rows {
                vectorizer.count(columns, target + row * vectorizer.outputCount) {
                    vectorizer.items.index(frame, source, type, row * columns + $0)
                }
            }
        }
    }

    /// Counts the n-grams of a row of `count` items.
    private func count(_ count: Int, _ target: UnsafeMutablePointer<Float>, _ item: (Int) -> Int?) {
        target.update(repeating: 0, count: outputCount)
        for skip in 0...maximumSkip {
            for start in 0..<count {
                var (node, place, length) = (0, start, 1)
                while place < count, length <= lengths.upperBound, let number = item(place),
                    let next = steps[UInt64(node) << 32 | UInt64(number)]
                {
                    node = next
                    // A single item skips nothing, so it counts once.
                    if length >= lengths.lowerBound, length > 1 || skip == 0, grams[node] >= 0 {
                        let gram = grams[node]
                        switch mode {
                        case .counts: target[outputs[gram]] += 1
                        case .weights: target[outputs[gram]] = weights[gram]
                        case .weightedCounts: target[outputs[gram]] += weights[gram]
                        }
                    }
                    place += skip + 1
                    length += 1
                }
            }
        }
    }
}

extension KeyTable {
    /// The number of a text.
    func index(of text: String) -> Int? {
        if case .strings(let table) = self { table[ExactText(text: text)] } else { nil }
    }

    /// The numbers of the keys that the table was made from; equal keys have the same.
    func numbers(of keys: ONNXTensor) -> [Int] {
        switch self {
        case .strings(let table): keys.strings.compactMap { table[ExactText(text: $0)] }
        case .integers(let table): (keys.integers ?? []).compactMap { table[Int64($0)] }
        case .numbers: []
        }
    }
}
