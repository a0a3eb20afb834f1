import Modeling
import YAML

extension MappingReader {
    /// `features`, or `inputs` by name.
    mutating func modelInput(of schema: ObjectSchema?) -> ModelInput? {
        guard entry("inputs") != nil else {
            return required("features", .sequence(of: .feature(of: schema))).map(ModelInput.row)
        }
        if entry("features") != nil {
            cursor.refuse("a package has 'features' or 'inputs', not both")
        }
        return required("inputs", .entries(of: .source(of: schema))).map { inputs in
            .named(inputs.map { ($0.name, $0.value) })
        }
    }
}

extension Expected<InputSource> {
    /// The words of a text, or the elements of an input: a list, or one alone.
    fileprivate static func source(of schema: ObjectSchema?) -> Expected {
        Expected { cursor in
            if cursor.node.sequence != nil {
                return Expected<[FeatureSource]>.sequence(of: .feature(of: schema)).read(cursor)
                    .map(InputSource.elements)
            }
            if cursor.node.mapping?.contains(where: { $0.name == "tokenizer" }) == true {
                return tokens(of: schema).read(cursor)
            }
            return Expected<FeatureSource>.feature(of: schema).read(cursor).map { .elements([$0]) }
        }
    }

    private static func tokens(of schema: ObjectSchema?) -> Expected {
        .mapping { reader in
            let tokenizer = reader.required("tokenizer", .entryName)
            let field = reader.required("field", .field(of: schema))
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
        Expected { cursor in
            if cursor.node.scalar != nil {
                return Expected<Int>.field(of: schema).read(cursor)
                    .flatMap { Self.origin(ofField: $0, codes: nil, in: schema, cursor) }
                    .map { FeatureSource(name: nil, origin: $0) }
            }
            return Expected.mapping { reader in
                let name = reader.optional("feature", .string)
                let namesField = reader.entry("field") != nil
                let field = reader.optional("field", .field(of: schema))
                let codes = reader.optional("codes", .codes)
                let constant = reader.optional("constant", .number())
                reader.refuse(
                    "tokenizer", "a tokenizer makes a whole input: 'inputs: {NAME: {field: …, tokenizer: …}}'")
                let isMissing = reader.value("missing", .bool, default: false)
                let origin: FeatureSource.Origin? =
                    switch (namesField, constant, isMissing) {
                    case (true, nil, false):
                        field.flatMap { Self.origin(ofField: $0, codes: codes, in: schema, reader.cursor) }
                    case (false, let constant?, false): .constant(constant)
                    case (false, nil, true): .constant(.nan)
                    default:
                        Self.refuse(
                            reader.cursor, "a feature has exactly one of 'field', 'constant' and 'missing: true'")
                    }
                return origin.map { FeatureSource(name: name, origin: $0) }
            }.read(cursor)
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
        .entries(of: Expected<Double?> { $0.node.isNull ? .some(nil) : Expected<Double>.number().read($0) })
    }
}
