// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What fulfils a protocol is documented there.

/// A range of numbers as the bounds of a field: `a...b`, `a..<b`, `a...`, `...b`, `..<b`.
public protocol Interval<Number> {
    /// What the range is of.
    associatedtype Number: Comparable & Hashable
    /// The range in JSON Schema's words.
    var bounds: Bounds<Number> { get }
}

extension ClosedRange: Interval where Bound: Hashable {
    public var bounds: Bounds<Bound> { Bounds(minimum: lowerBound, maximum: upperBound) }
}

extension Range: Interval where Bound: Hashable {
    public var bounds: Bounds<Bound> { Bounds(minimum: lowerBound, exclusiveMaximum: upperBound) }
}

extension PartialRangeFrom: Interval where Bound: Hashable {
    public var bounds: Bounds<Bound> { Bounds(minimum: lowerBound) }
}

extension PartialRangeThrough: Interval where Bound: Hashable {
    public var bounds: Bounds<Bound> { Bounds(maximum: upperBound) }
}

extension PartialRangeUpTo: Interval where Bound: Hashable {
    public var bounds: Bounds<Bound> { Bounds(exclusiveMaximum: upperBound) }
}
