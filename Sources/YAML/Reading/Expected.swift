package import Modeling

/// What a value must be, and how it is made from a node.
///
/// It also says its ``shape``, so that a schema of the document follows from what reads it.
package struct Expected<Value>: Sendable {
    /// Makes the value; nil after it has recorded a mistake.
    package let read: @Sendable (Cursor) -> Value?
    private let makeShape: @Sendable () -> Shape
    /// How a person writes a value; nil where that is not one scalar.
    let write: @Sendable (Value) -> JSON?

    package init(
        _ shape: @autoclosure @escaping @Sendable () -> Shape,
        write: @escaping @Sendable (Value) -> JSON? = { _ in nil },
        _ read: @escaping @Sendable (Cursor) -> Value?
    ) {
        self.read = read
        self.write = write
        makeShape = shape
    }

    /// What nodes are read; made anew each time.
    package var shape: Shape { makeShape() }

    /// The same, with another shape: for a rule that narrows what is read.
    package func shaped(_ shape: @autoclosure @escaping @Sendable () -> Shape) -> Expected {
        Expected(shape(), write: write, read)
    }

    /// Reads a node that stands by itself.
    ///
    /// - Parameters:
    ///   - path: The way to the node in its document, for the messages.
    ///   - warnings: Receives what is odd but no mistake.
    /// - Throws: every mistake, not only the first.
    package func read(
        _ node: Node, path: String = "", warnings: (ConfigurationProblem) -> Void = { _ in }
    ) throws(ConfigurationProblems) -> Value {
        let problems = Problems()
        let value = try problems.read(node, path: path, as: self)
        problems.warnings.forEach(warnings)
        return value
    }

    /// The same, and a rule that returns what is wrong with the value, or nil.
    package func checked(_ rule: @escaping @Sendable (Value) -> String?) -> Expected {
        Expected(makeShape(), write: write) { cursor in
            guard let value = read(cursor) else { return nil }
            guard let message = rule(value) else { return value }
            cursor.refuse(message)
            return nil
        }
    }

    /// Another value made from this one; `body` records the mistakes it finds.
    package func map<Other>(_ body: @escaping @Sendable (Value, Cursor) -> Other?) -> Expected<Other> {
        Expected<Other>(makeShape()) { cursor in read(cursor).flatMap { body($0, cursor) } }
    }
}

extension Expected<String> {
    /// Text.
    ///
    /// A number or boolean without quotes is refused, unless the environment gave it.
    package static var string: Expected {
        Expected(.text(), write: JSON.string) { cursor in
            guard let scalar = cursor.node.scalar else {
                cursor.refuse(expected: "a string")
                return nil
            }
            switch scalar.value {
            case .string:
                return scalar.text
            case .null where scalar.isSubstituted && scalar.text.isEmpty:
                cursor.refuse("the environment gives an empty text here")
                return nil
            case _ where scalar.isSubstituted:
                return scalar.text
            case .null:
                cursor.refuse(expected: "a string")
                return nil
            default:
                cursor.refuse(expected: "a string", hint: "; put it into quotes")
                return nil
            }
        }
    }

    /// Text of at least one character.
    package static var nonEmptyString: Expected {
        string.shaped(.nonEmptyText).checked { $0.isEmpty ? "must not be empty" : nil }
    }
}

extension Expected<Bool> {
    /// `true` or `false`, and the words that older YAML and the Python ecosystem take for them: yes, no, on, off.
    package static var bool: Expected {
        Expected(
            .scalar(ScalarShape(["boolean", "string"], pattern: "\(SwitchText.on)|\(SwitchText.off)")),
            write: JSON.boolean
        ) { cursor in
            guard let scalar = cursor.node.scalar else {
                cursor.refuse(expected: "true or false")
                return nil
            }
            if case .bool(let bool) = scalar.typedValue { return bool }
            switch scalar.text.lowercased() {
            case "yes", "on": return true
            case "no", "off": return false
            default:
                cursor.refuse(expected: "true or false", hint: cursor.unquotingHint(\.isBoolean))
                return nil
            }
        }
    }
}

extension Expected<Int> {
    /// A whole number.
    package static func integer(in range: ClosedRange<Int> = .min ... .max) -> Expected {
        Expected(.scalar(ScalarShape(["integer"], keywords: range.keywords)), write: JSON.integer) { cursor in
            guard case .int(let value) = cursor.node.scalar?.typedValue else {
                cursor.refuse(expected: "an integer", hint: cursor.unquotingHint(\.isInteger))
                return nil
            }
            return value
        }.checked { range.contains($0) ? nil : "must be \(range.lowerBound) to \(range.upperBound)" }
    }
}

extension Expected<Double> {
    /// A finite number, with or without a fraction.
    package static func number(in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude)
        -> Expected
    {
        Expected(.scalar(ScalarShape(["number"], keywords: range.keywords)), write: JSON.number) { cursor in
            switch cursor.node.scalar?.typedValue {
            case .int(let value): return Double(value)
            case .float(let value): return value
            default:
                cursor.refuse(expected: "a number", hint: cursor.unquotingHint(\.isNumber))
                return nil
            }
        }.checked { range.contains($0) ? nil : "must be \(range.lowerBound) to \(range.upperBound)" }
    }
}

extension Expected where Value: RawRepresentable & CaseIterable & SendableMetatype, Value.RawValue == String {
    private static func written(_ word: Value) -> JSON? { .string(word.rawValue) }

    /// One of the words of an enumeration.
    package static var word: Expected {
        Expected(.words(Value.allCases.map(\.rawValue)), write: Self.written) { cursor in
            guard let text = Expected<String>.string.read(cursor) else { return nil }
            if let value = Value(rawValue: text) { return value }
            let words = Value.allCases.map { $0.rawValue }
            if cursor.node.scalar?.isSubstituted == false, let nearest = Spelling.nearest(to: text, among: words) {
                cursor.refuse("\(excerpt(text)) is not known here; did you mean '\(nearest)'?")
            } else {
                cursor.refuse("must be one of: \(words.joined(separator: ", "))")
            }
            return nil
        }
    }
}

extension Expected<Node> {
    /// A mapping, unread.
    package static var mappingNode: Expected {
        Expected(.entries(of: .anything)) { cursor in
            if cursor.node.mapping != nil { return cursor.node }
            cursor.refuse(expected: "a mapping")
            return nil
        }
    }
}

extension Expected {
    /// A list.
    ///
    /// Elements with mistakes are left out.
    package static func sequence<Element>(of element: Expected<Element>) -> Expected where Value == [Element] {
        Expected(.list(of: element.shape)) { cursor in
            guard let nodes = cursor.node.sequence else {
                cursor.refuse(expected: "a list")
                return nil
            }
            return nodes.enumerated().compactMap { element.read(cursor.appending($1, index: $0)) }
        }
    }

    /// A mapping with keys of the user's choice, in the document's order.
    ///
    /// Entries with mistakes are left out.
    package static func entries<Element>(of element: Expected<Element>) -> Expected
    where Value == [(name: String, value: Element)] {
        Expected(.entries(of: element.shape)) { cursor in
            guard let entries = cursor.node.mapping else {
                cursor.refuse(expected: "a mapping")
                return nil
            }
            return entries.compactMap { entry in
                element.read(cursor.appending(entry)).map { (entry.name, $0) }
            }
        }
    }
}

extension ClosedRange<Int> {
    /// The bounds that a person has set.
    fileprivate var keywords: [JSON.Member] {
        (lowerBound == .min ? [] : [.init("minimum", .integer(lowerBound))])
            + (upperBound == .max ? [] : [.init("maximum", .integer(upperBound))])
    }
}

extension ClosedRange<Double> {
    /// The bounds that a person has set.
    fileprivate var keywords: [JSON.Member] {
        (lowerBound == -.greatestFiniteMagnitude ? [] : [.init("minimum", .number(lowerBound))])
            + (upperBound == .greatestFiniteMagnitude ? [] : [.init("maximum", .number(upperBound))])
    }
}

extension Scalar.Value {
    fileprivate var isBoolean: Bool { if case .bool = self { true } else { false } }
    fileprivate var isInteger: Bool { if case .int = self { true } else { false } }
    fileprivate var isNumber: Bool { if case .float = self { true } else { isInteger } }
}
