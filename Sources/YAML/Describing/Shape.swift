package import Modeling

/// What a value may be: what an ``Expected`` says of itself, for a JSON Schema.
package indirect enum Shape: Sendable {
    /// Any value, for somebody else to read.
    case anything
    /// One scalar.
    case scalar(ScalarShape)
    /// One of these texts.
    case words([String])
    /// A list.
    case list(of: Shape, atLeast: Int = 0)
    /// A mapping whose keys are known.
    case mapping(MappingShape)
    /// A mapping with keys of the user's choice.
    case entries(of: Shape)
    /// Any of these.
    case either([Shape])
    /// A JSON Schema that is written already.
    case schema(JSON)
}

/// The JSON types that a scalar may have, and what bounds them.
package struct ScalarShape: Sendable {
    /// JSON Schema's words for the types.
    package var types: [String]
    /// Keywords such as `minimum` that don't concern texts.
    package var keywords: [JSON.Member] = []
    /// The regular expression (ECMA-262) that a text matches.
    package var pattern: String?
    /// What a person reads at the end of a description: a unit, or bounds that have no keyword.
    package var remark: String?

    package init(
        _ types: [String], keywords: [JSON.Member] = [], pattern: String? = nil, remark: String? = nil
    ) {
        self.types = types
        self.keywords = keywords
        self.pattern = pattern
        self.remark = remark
    }
}

extension Shape {
    /// Text, whole or in part as a regular expression says.
    package static func text(matching pattern: String? = nil, remark: String? = nil) -> Shape {
        .scalar(ScalarShape(["string"], pattern: pattern, remark: remark))
    }

    /// A switch that is off.
    package static var off: Shape { .either([.schema(["const": false]), .text(matching: SwitchText.off)]) }

    /// Text of at least one character.
    package static var nonEmptyText: Shape { .scalar(ScalarShape(["string"], keywords: [.init("minLength", 1)])) }

    /// Text of at least one character, and of at most `longest`.
    package static func text(upTo longest: Int) -> Shape { .text(matching: #"^[\s\S]{1,\#(longest)}$"#) }
}

/// The keys of a mapping, in the order in which they are asked for.
package struct MappingShape: Sendable {
    package struct Property: Sendable {
        package let name: String
        package var shape = Shape.anything
        package var isRequired = false
        /// The value where the key is absent; `nil` where that is nothing, or depends.
        package var standard: JSON?
        /// What the key means, for a person; whole sentences.
        package var about = ""
        /// Why the key has no effect.
        package var deprecation: String?
    }

    package var properties: [Property] = []
    package var takesUnknownKeys = false
    package var rules: [Rule] = []

    package init() {}

    /// Changes a property, which is there from now on.
    mutating func describe(_ name: String, _ change: (inout Property) -> Void = { _ in }) {
        let index = properties.firstIndex { $0.name == name } ?? properties.endIndex
        if index == properties.endIndex { properties.append(Property(name: name)) }
        change(&properties[index])
    }
}

/// What keys of one mapping ask of each other.
package enum Rule: Sendable {
    /// The key is refused where all the conditions hold.
    case refused(String, where: [Condition], message: String)
    /// One of the conditions holds, and no other.
    case exactlyOne([Condition])
    /// The key has this shape where all the conditions hold.
    case shaped(String, Shape, where: [Condition])
}

/// What may be true of a mapping.
package enum Condition: Sendable {
    /// The key is there and not null.
    case given(String)
    case absent(String)
    /// The key is one of these words.
    case isOne(_ key: String, of: [String])
    /// The key, a switch, is on.
    case isOn(String)
    /// The key is absent, or a text that begins in another way.
    case lacksPrefix(_ key: String, String)
    /// The key is a text that a regular expression matches; for shapes only.
    case matches(_ key: String, pattern: String)
    /// The key is a text that a regular expression does not match; for shapes only.
    case differs(_ key: String, pattern: String)
}
