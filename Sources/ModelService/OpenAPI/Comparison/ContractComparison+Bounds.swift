import Modeling

extension ContractComparison {
    private static let lengths = [
        ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"),
    ]

    static func isBound(_ keyword: String) -> Bool {
        keyword == "minimum" || keyword == "maximum" || keyword == "exclusiveMinimum" || keyword == "exclusiveMaximum"
            || lengths.contains { $0.0 == keyword || $0.1 == keyword }
    }

    /// Compares what numbers, lengths and counts may be.
    mutating func compareBounds(_ a: JSON, _ b: JSON, _ direction: Direction, at place: String) {
        compare(Bound(lowerOf: a), Bound(lowerOf: b), direction, at: place)
        compare(Bound(upperOf: a), Bound(upperOf: b), direction, at: place)
        for (minimum, maximum) in Self.lengths {
            compare(Bound(a, minimum, isLower: true), Bound(b, minimum, isLower: true), direction, at: place)
            compare(Bound(a, maximum, isLower: false), Bound(b, maximum, isLower: false), direction, at: place)
        }
    }

    private mutating func compare(_ a: Bound?, _ b: Bound?, _ direction: Direction, at place: String) {
        switch (a, b) {
        case (nil, nil): break
        case (let a?, nil): note(.removed, place, "\(a)", breaking: direction.isBroken(by: .widens))
        case (nil, let b?): note(.added, place, "\(b)", breaking: direction.isBroken(by: .narrows))
        case (let a?, let b?):
            guard a != b else { return }
            note(
                .changed, place, "\(a.keyword) was \(a.value), \(b.keyword) is \(b.value)",
                breaking: direction.isBroken(by: a.allowsLess(than: b) ? .widens : .narrows))
        }
    }
}

/// One end of what is allowed: the inclusive or the exclusive bound, whichever is the narrower.
private struct Bound: Equatable, CustomStringConvertible {
    let keyword: String
    let value: JSON
    private let number: Double
    private let isLower: Bool
    private let isExclusive: Bool

    static func == (a: Bound, b: Bound) -> Bool {
        a.number == b.number && a.isExclusive == b.isExclusive
    }

    init?(_ schema: JSON, _ keyword: String, isLower: Bool, isExclusive: Bool = false) {
        guard let value = schema[keyword], let number = value.finiteNumber else { return nil }
        self.keyword = keyword
        self.value = value
        self.number = number
        self.isLower = isLower
        self.isExclusive = isExclusive
    }

    init?(lowerOf schema: JSON) { self.init(schema, "minimum", "exclusiveMinimum", isLower: true) }

    init?(upperOf schema: JSON) { self.init(schema, "maximum", "exclusiveMaximum", isLower: false) }

    private init?(_ schema: JSON, _ inclusive: String, _ exclusive: String, isLower: Bool) {
        // In 3.0.3 the exclusive bound is a boolean about the other.
        let a = Bound(schema, inclusive, isLower: isLower, isExclusive: schema[exclusive] == true)
        let b = Bound(schema, exclusive, isLower: isLower, isExclusive: true)
        guard let a, let b else {
            guard let one = a ?? b else { return nil }
            self = one
            return
        }
        self = a.allowsLess(than: b) ? a : b
    }

    func allowsLess(than other: Bound) -> Bool {
        if number == other.number { return isExclusive && !other.isExclusive }
        return isLower ? number > other.number : number < other.number
    }

    var description: String { "\(isExclusive ? "exclusive " : "")\(keyword) \(value)" }
}
