/// A regular expression over Unicode scalars, with RE2's rule: of the leftmost matches the longest.
///
/// Literals, `.`, classes, `\w \d \s` and their opposites, groups, `|`, `* + ?`, `{m,n}`, and the places `^ $ \A \z \b
/// \B`. As in RE2, `\w` and the like are ASCII, and `.` is everything but a line feed. All states are followed side by
/// side, so a search costs the text's length times the pattern's, whatever the text.
struct TextPattern: Sendable {
    /// The most steps of a pattern, with its repetitions written out, 4096.
    static let maximumStepCount = 4096

    enum Step: Sendable {
        case character(ScalarSet)
        case place(Place)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// A condition on what is before and after.
    enum Place: Sendable { case start, end, wordBoundary, noWordBoundary }

    private let steps: [Step]
    /// The pattern is one or more characters of a set, as most tokenizers' are.
    private let run: ScalarSet?

    /// Reads an expression that is a node's attribute.
    init(_ expression: String, attribute: String) throws(ONNXMistake) {
        var parser = TextPatternParser(expression)
        guard let steps = parser.parse() else {
            throw .invalidAttribute(attribute, reason: "is '\(expression)', which is not supported")
        }
        self.steps = steps
        if steps.count == 3, case .character(let set) = steps[0], case .split(0, 2) = steps[1] {
            run = set
        } else {
            run = nil
        }
    }

    /// Calls `body` with each match in a part of a text, which is taken for the whole text.
    ///
    /// After a match of nothing the search goes on behind the next character.
    func forEachMatch(_ text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) -> Void) {
        if let run { return Self.forEachRun(run, text, part, body) }
        var search = Search(stepCount: steps.count)
        var start = part.lowerBound
        while start <= part.upperBound, let match = search.first(steps, text, part, from: start) {
            body(match)
            start = max(match.upperBound, match.lowerBound + 1)
        }
    }

    private static func forEachRun(
        _ set: ScalarSet, _ text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        var place = part.lowerBound
        while place < part.upperBound {
            let start = place
            while place < part.upperBound, set.contains(text[place]) { place += 1 }
            if place > start { body(start..<place) } else { place += 1 }
        }
    }
}

/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        for range in ranges where range.contains(scalar.value) { return !isNegated }
        return isNegated
    }
}

/// The states of one search: a step of the pattern, and where the match that it belongs to has started.
private struct Search {
    private struct State {
        let step: Int
        let start: Int
    }

    /// In the order of their starts, so that the first to reach a step is the leftmost.
    private var current: [State] = []
    private var next: [State] = []
    private var pending: [Int] = []
    /// The last generation in which each step was reached.
    private var reached: [Int]
    private var generation = 0

    init(stepCount: Int) { reached = Array(repeating: 0, count: stepCount) }

    mutating func first(
        _ steps: [TextPattern.Step], _ text: [Unicode.Scalar], _ part: Range<Int>, from start: Int
    ) -> Range<Int>? {
        var found: Range<Int>?
        current.removeAll(keepingCapacity: true)
        generation += 1
        var place = start
        while true {
            // `current` is complete but for a match that would start here.
            if found == nil {
                swap(&current, &next)
                follow(0, place, steps, text, part, place)
                swap(&current, &next)
            }
            next.removeAll(keepingCapacity: true)
            generation += 1
            for state in current {
                if let found, state.start > found.lowerBound { break }
                switch steps[state.step] {
                case .match: found = state.start..<place
                case .character(let set):
                    if place < part.upperBound, set.contains(text[place]) {
                        follow(state.step + 1, state.start, steps, text, part, place + 1)
                    }
                default: break
                }
            }
            swap(&current, &next)
            place += 1
            if place > part.upperBound || current.isEmpty && found != nil { return found }
        }
    }

    /// Adds a step to ``next``, and those that are reached from it without a character.
    private mutating func follow(
        _ step: Int, _ start: Int, _ steps: [TextPattern.Step], _ text: [Unicode.Scalar], _ part: Range<Int>,
        _ place: Int
    ) {
        pending.append(step)
        while let step = pending.popLast() {
            guard reached[step] != generation else { continue }
            reached[step] = generation
            switch steps[step] {
            case .character, .match: next.append(State(step: step, start: start))
            case .jump(let target): pending.append(target)
            case .split(let one, let other):
                pending.append(other)
                pending.append(one)
            case .place(let condition):
                if Self.holds(condition, text, part, place) { pending.append(step + 1) }
            }
        }
    }

    private static func holds(
        _ condition: TextPattern.Place, _ text: [Unicode.Scalar], _ part: Range<Int>, _ place: Int
    ) -> Bool {
        switch condition {
        case .start: return place == part.lowerBound
        case .end: return place == part.upperBound
        case .wordBoundary, .noWordBoundary:
            let before = place > part.lowerBound && isWord(text[place - 1])
            let after = place < part.upperBound && isWord(text[place])
            return (before != after) == (condition == .wordBoundary)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
