import Modeling
import YAML

extension MappingReader {
    /// `features`, or `inputs` by name.
    mutating func modelInput(of schema: ObjectSchema?) -> ModelInput? {
        let features = optional(
            "features", .sequence(of: .feature(of: schema)),
            about: "One entry for each feature of the parameters, in their order.")
        let inputs = optional(
            "inputs", .entries(of: .source(of: schema)),
            about: "The inputs of an ONNX graph by name: an entry, a list with one for each element, or the words of a"
                + " text.")
        let isOne = exactlyOne(
            of: .given("features"), .given("inputs"),
            otherwise: "a package has either 'features' or 'inputs': one of them, not both")
        guard isOne else { return nil }
        return features.map(ModelInput.row)
            ?? inputs.map { inputs in .named(inputs.map { ($0.name, $0.value) }) }
    }
}

extension Expected<InputSource> {
    /// The words of a text, or the elements of an input: a list, or one alone.
    fileprivate static func source(of schema: ObjectSchema?) -> Expected {
        let element = Expected<FeatureSource>.feature(of: schema)
        return Expected(.either([element.shape, .list(of: element.shape), tokens(of: schema).shape])) { cursor in
            if cursor.node.sequence != nil {
                return Expected<[FeatureSource]>.sequence(of: element).read(cursor)
                    .map(InputSource.elements)
            }
            if cursor.node.mapping?.contains(where: { $0.name == "tokenizer" }) == true {
                return tokens(of: schema).read(cursor)
            }
            return element.read(cursor).map { .elements([$0]) }
        }
    }

    private static func tokens(of schema: ObjectSchema?) -> Expected {
        .mapping { reader in
            let tokenizer = reader.required(
                "tokenizer", .entryName,
                about: "A file of the package that tells the numbers of words, such as tokenizer.json.")
            let field = reader.required("field", .field(of: schema), about: "The field with the text.")
            guard let tokenizer, let field, let property = schema?.properties[field] else { return nil }
            guard case .string = property.schema.kind else {
                reader.cursor.refuse("field '\(property.name)' holds no text, which a 'tokenizer' takes")
                return nil
            }
            return .tokens(field: field, tokenizer: tokenizer)
        }
    }
}

extension Expected<FeatureSource> {
    /// A field's name, or a mapping that says where the feature comes from.
    fileprivate static func feature(of schema: ObjectSchema?) -> Expected {
        Expected(.either([Expected<String>.string.shape, mapping(of: schema).shape])) { cursor in
            if cursor.node.scalar != nil {
                return Expected<Int>.field(of: schema).read(cursor)
                    .flatMap { Self.origin(ofField: $0, codes: nil, in: schema, cursor) }
                    .map { FeatureSource(name: nil, origin: $0) }
            }
            return mapping(of: schema).read(cursor)
        }
    }

    private static func mapping(of schema: ObjectSchema?) -> Expected {
        .mapping { reader in
            let name = reader.optional(
                "feature", .string, about: "The name in the parameters, which is compared with what they say.")
            let field = reader.optional(
                "field", .field(of: schema),
                about: "The input's field that holds the number, the category or the text.")
            let codes = reader.optional(
                "codes", .codes, about: "The code of each label of the field; null for a label that means missing.")
            let constant = reader.optional("constant", .number(), about: "The feature is always this number.")
            reader.refuse("tokenizer", "a tokenizer makes a whole input: 'inputs: {NAME: {field: …, tokenizer: …}}'")
            let isMissing = reader.value(
                "missing", .bool, default: false, about: "Whether the feature is always missing.")
            let isOne = reader.exactlyOne(
                of: .given("field"), .given("constant"), .isOn("missing"),
                otherwise: "a feature has exactly one of 'field', 'constant' and 'missing: true'")
            reader.refuse("codes", "goes with 'field'", where: .absent("field"))
            guard isOne else { return nil }
            let origin: FeatureSource.Origin? =
                if let field {
                    Self.origin(ofField: field, codes: codes, in: schema, reader.cursor)
                } else if let constant {
                    .constant(constant)
                } else {
                    isMissing ? .constant(.nan) : nil
                }
            return origin.map { FeatureSource(name: name, origin: $0) }
        }
    }

    private static func origin(
        ofField index: Int, codes: [(name: String, value: Double?)]?, in schema: ObjectSchema?, _ cursor: Cursor
    ) -> FeatureSource.Origin? {
        guard let property = schema?.properties[index] else { return nil }
        switch (property.schema.kind, codes) {
        case (.boolean, nil), (.integer, nil), (.number, nil), (.enumeration, nil), (.string, nil):
            return .field(index: index)
        case (.enumeration(let enumeration), let codes?):
            let table = Dictionary(codes.map { ($0.name, $0.value) }) { first, _ in first }
            if let unknown = codes.first(where: { !enumeration.values.contains($0.name) }) {
                return refuse(cursor, "'\(unknown.name)' is not a label of field '\(property.name)'")
            }
            if let uncoded = enumeration.values.first(where: { table[$0] == nil }) {
                return refuse(
                    cursor, "label '\(uncoded)' of field '\(property.name)' has no code; give it one, or null")
            }
            return .code(index: index, codes: enumeration.values.map { table[$0] ?? nil })
        case (_, .some):
            return refuse(cursor, "field '\(property.name)' holds no labels, so it has no 'codes'")
        default:
            return refuse(cursor, "field '\(property.name)' is neither a number nor a label")
        }
    }

    private static func refuse(_ cursor: Cursor, _ message: String) -> FeatureSource.Origin? {
        cursor.refuse(message)
        return nil
    }
}

extension Expected<Int> {
    /// The position of a field that is named.
    fileprivate static func field(of schema: ObjectSchema?) -> Expected {
        Expected<String>.string.map { name, cursor in
            guard let schema else { return nil }
            if let index = schema.index(of: name) { return index }
            let names = schema.properties.map(\.name)
            let hint = Spelling.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
            cursor.refuse(
                "'\(name)' is not a field of \(schema.name); " + (hint ?? "it has \(names.joined(separator: ", "))"))
            return nil
        }
    }
}

extension Expected<[(name: String, value: Double?)]> {
    fileprivate static var codes: Expected {
        .entries(
            of: Expected<Double?>(.scalar(ScalarShape(["number", "null"]))) {
                $0.node.isNull ? .some(nil) : Expected<Double>.number().read($0)
            })
    }
}
