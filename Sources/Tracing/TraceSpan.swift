package import EventLoop
package import Modeling

/// A piece of work in a trace that has ended: a span, which Swift's own type has the name of.
package struct TraceSpan: Sendable {
    /// Whose work it is, by OpenTelemetry's numbers.
    package enum Kind: UInt64, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
    }

    package enum Value: Sendable, Hashable {
        case text(String)
        case integer(Int)
    }

    /// Something that is known of a span, by a name of OpenTelemetry's semantic conventions where they have one.
    package struct Attribute: Sendable, Hashable {
        package let name: String
        package let value: Value

        package init(_ name: String, _ text: String) {
            self.name = name
            value = .text(text)
        }

        package init(_ name: String, _ number: Int) {
            self.name = name
            value = .integer(number)
        }
    }

    /// What it was when it began.
    let opening: OpenSpan
    let name: String
    let kind: Kind
    let end: Moment
    let attributes: [Attribute]
    /// Whether the work failed.
    let isFailed: Bool
}

/// A span that has begun.
package struct OpenSpan: Sendable {
    /// The span in its trace, which what it asks of others is told.
    package let context: TraceContext
    /// The span that has asked for this one; `nil` for the first of a trace.
    package let parent: TraceContext.SpanID?
    /// Whether the parent is another process's.
    package let isParentRemote: Bool
    package let start: Moment
}
