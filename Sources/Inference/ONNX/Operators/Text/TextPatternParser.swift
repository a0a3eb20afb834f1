/// Reads a regular expression into the steps of a ``TextPattern``.
struct TextPatternParser {
    /// The deepest groups within each other, 32.
    static let maximumDepth = 32
    /// The most repetitions that braces may ask for, 1000 as in RE2.
    static let maximumRepetition = 1000

    private var rest: ArraySlice<Unicode.Scalar>
    private var depth = 0

    init(_ expression: String) { rest = Array(expression.unicodeScalars)[...] }

    /// The steps; `nil` for what is not supported, or is no regular expression.
    mutating func parse() -> [TextPattern.Step]? {
        guard let steps = alternatives(), rest.isEmpty, steps.count < TextPattern.maximumStepCount else { return nil }
        return steps + [.match]
    }

    private mutating func alternatives() -> [TextPattern.Step]? {
        guard var steps = sequence() else { return nil }
        while rest.first == "|" {
            rest.removeFirst()
            guard let other = sequence() else { return nil }
            steps =
                [.split(1, steps.count + 2)] + Self.moved(steps, 1) + [.jump(steps.count + other.count + 2)]
                + Self.moved(other, steps.count + 2)
            guard steps.count <= TextPattern.maximumStepCount else { return nil }
        }
        return steps
    }

    private mutating func sequence() -> [TextPattern.Step]? {
        var steps: [TextPattern.Step] = []
        while let first = rest.first, first != "|", first != ")" {
            guard let item = item(), let repeated = repetition(of: item) else { return nil }
            steps += Self.moved(repeated, steps.count)
            guard steps.count <= TextPattern.maximumStepCount else { return nil }
        }
        return steps
    }

    /// The same steps behind `count` others.
    private static func moved(_ steps: [TextPattern.Step], _ count: Int) -> [TextPattern.Step] {
        steps.map { step in
            switch step {
            case .split(let one, let other): .split(one + count, other + count)
            case .jump(let target): .jump(target + count)
            default: step
            }
        }
    }

    private mutating func item() -> [TextPattern.Step]? {
        guard let scalar = rest.popFirst() else { return nil }
        switch scalar {
        case "(":
            if rest.first == "?" {
                guard rest.dropFirst().first == ":" else { return nil }
                rest.removeFirst(2)
            }
            depth += 1
            guard depth <= Self.maximumDepth, let steps = alternatives(), rest.popFirst() == ")" else { return nil }
            depth -= 1
            return steps
        case "[": return characterClass().map { [.character($0)] }
        case ".": return [.character(ScalarSet(ranges: [10...10], isNegated: true))]
        case "^": return [.place(.start)]
        case "$": return [.place(.end)]
        case "\\":
            switch rest.first {
            case "A", "z", "b", "B":
                let places: [Unicode.Scalar: TextPattern.Place] = [
                    "A": .start, "z": .end, "b": .wordBoundary, "B": .noWordBoundary,
                ]
                return rest.popFirst().flatMap { places[$0] }.map { [.place($0)] }
            default: return escape().map { [.character($0)] }
            }
        case "*", "+", "?", "{", "}", "]": return nil
        default: return [.character(ScalarSet(ranges: [scalar.value...scalar.value]))]
        }
    }

    private mutating func repetition(of item: [TextPattern.Step]) -> [TextPattern.Step]? {
        let least: Int
        var most: Int?
        switch rest.first {
        case "*": least = 0
        case "+": least = 1
        case "?": (least, most) = (0, 1)
        case "{":
            rest.removeFirst()
            guard let first = number() else { return nil }
            (least, most) = (first, first)
            if rest.first == "," {
                rest.removeFirst()
                most = rest.first == "}" ? nil : number()
                if most == nil, rest.first != "}" { return nil }
            }
            guard most ?? least >= least, rest.first == "}" else { return nil }
        default: return item
        }
        rest.removeFirst()
        // The longest match is the same for reluctant repetitions; a repetition of one is none of RE2's.
        if rest.first == "?" { rest.removeFirst() }
        if let next = rest.first, next == "*" || next == "+" || next == "?" || next == "{" { return nil }
        guard (item.count + 2) * max(least, most ?? 1, 1) <= TextPattern.maximumStepCount else { return nil }
        return Self.repeated(item, least, most)
    }

    private static func repeated(_ item: [TextPattern.Step], _ least: Int, _ most: Int?) -> [TextPattern.Step] {
        var steps: [TextPattern.Step] = []
        for _ in 0..<least { steps += moved(item, steps.count) }
        guard let most else {
            if least > 0 {
                steps.append(.split(steps.count - item.count, steps.count + 1))
                return steps
            }
            return [.split(1, item.count + 2)] + moved(item, 1) + [.jump(0)]
        }
        for _ in least..<most {
            steps.append(.split(steps.count + 1, steps.count + 1 + item.count))
            steps += moved(item, steps.count)
        }
        return steps
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = rest.first, scalar >= "0", scalar <= "9" {
            rest.removeFirst()
            value = (value ?? 0) * 10 + Int(scalar.value - 48)
            if value! > Self.maximumRepetition { return nil }
        }
        return value
    }

    private mutating func characterClass() -> ScalarSet? {
        var set = ScalarSet()
        if rest.first == "^" {
            set.isNegated = true
            rest.removeFirst()
        }
        var isFirst = true
        while let scalar = rest.popFirst() {
            if scalar == "]", !isFirst { return set }
            isFirst = false
            if scalar == "[", rest.first == ":" { return nil }
            if scalar == "\\" {
                guard let escaped = escape() else { return nil }
                set.ranges += escaped.isNegated ? Self.complement(escaped.ranges) : escaped.ranges
                continue
            }
            var last = scalar
            if rest.first == "-", rest.count > 1, rest[rest.startIndex + 1] != "]" {
                rest.removeFirst()
                guard let end = rest.popFirst(), end != "\\", end != "[", end >= scalar else { return nil }
                last = end
            }
            set.ranges.append(scalar.value...last.value)
        }
        return nil
    }

    private static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        return result + [next...0x10FFFF]
    }

    /// What is behind a backslash; the sets of letters are ASCII, as in RE2.
    private mutating func escape() -> ScalarSet? {
        guard let scalar = rest.popFirst() else { return nil }
        let word: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122]
        let space: [ClosedRange<UInt32>] = [9...10, 12...13, 32...32]
        switch scalar {
        case "w": return ScalarSet(ranges: word)
        case "W": return ScalarSet(ranges: word, isNegated: true)
        case "d": return ScalarSet(ranges: [48...57])
        case "D": return ScalarSet(ranges: [48...57], isNegated: true)
        case "s": return ScalarSet(ranges: space)
        case "S": return ScalarSet(ranges: space, isNegated: true)
        case "t": return ScalarSet(ranges: [9...9])
        case "n": return ScalarSet(ranges: [10...10])
        case "v": return ScalarSet(ranges: [11...11])
        case "f": return ScalarSet(ranges: [12...12])
        case "r": return ScalarSet(ranges: [13...13])
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return scalar.value < 128 ? ScalarSet(ranges: [scalar.value...scalar.value]) : nil
        }
    }
}
