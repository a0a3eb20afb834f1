package import Modeling
package import YAML

extension PackageDescription {
    /// Reads the text of a `model.yaml`.
    ///
    /// - Throws: every mistake, each with line and column.
    package init(parsing text: [UInt8]) throws(ConfigurationProblems) {
        let node: Node
        do throws(YAMLError) {
            node = try Node(parsing: text.span)
        } catch {
            throw ConfigurationProblems([ConfigurationProblem(error)])
        }
        self = try Self.expected.read(node)
    }

    private static var expected: Expected<PackageDescription> {
        .mapping { reader in
            let qualifiedName = reader.required("qualified_name", .string)
            let displayName = reader.required("display_name", .string)
            let description = reader.required("description", .string)
            let version = reader.required("version", .packageVersion)
            let parametersVersion = reader.required("parameters_version", .packageVersion)
            let format = reader.required("format", Expected<ParametersFormat>.word)
            let parametersPath = reader.required("parameters", .entryName)
            let inputSchema = reader.required("input_schema", .objectSchema)
            let outputSchema = reader.required("output_schema", .objectSchema)
            // Read even without schemas, so that their own mistakes are told too.
            let input = reader.modelInput(of: inputSchema)
            let outputs = reader.required("output", .outputs(of: outputSchema))
            guard let qualifiedName, let displayName, let description, let version, let parametersVersion,
                let format, let parametersPath, let inputSchema, let outputSchema, let input, let outputs
            else { return nil }
            return PackageDescription(
                qualifiedName: qualifiedName, displayName: displayName, description: description, version: version,
                parametersVersion: parametersVersion, format: format, parametersPath: parametersPath,
                inputSchema: inputSchema, outputSchema: outputSchema, input: input, outputs: outputs)
        }
    }
}

extension MappingReader {
    /// `features`, or `inputs` by name.
    fileprivate mutating func modelInput(of schema: ObjectSchema?) -> ModelInput? {
        guard entry("inputs") != nil else {
            return required("features", .sequence(of: .feature(of: schema))).map(ModelInput.row)
        }
        if entry("features") != nil {
            cursor.refuse("a package has 'features' or 'inputs', not both")
        }
        return required("inputs", .entries(of: .elements(of: schema))).map { inputs in
            .named(inputs.map { ($0.name, $0.value) })
        }
    }
}

extension Expected<[FeatureSource]> {
    /// The elements of an input: a list, or one alone.
    fileprivate static func elements(of schema: ObjectSchema?) -> Expected {
        Expected { cursor in
            if cursor.node.sequence != nil { return Expected.sequence(of: .feature(of: schema)).read(cursor) }
            return Expected<FeatureSource>.feature(of: schema).read(cursor).map { [$0] }
        }
    }
}

extension Expected<String> {
    /// A version, as it stands in a package's file name.
    package static var packageVersion: Expected {
        nonEmptyString.checked { version in
            PackageIdentity.isValid(version: version)
                ? nil
                : "must be 1 to \(PackageIdentity.longestVersion) letters, digits, '.', '_' and '+', such as 0.1.0"
        }
    }

    /// The name of a file in the package's own folder.
    fileprivate static var entryName: Expected {
        string.checked { name in
            let isInside = !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0x2F || $0 == 0 }
            return isInside ? nil : "must be the name of a file in the package's folder"
        }
    }
}

extension Expected<ObjectSchema> {
    fileprivate static var objectSchema: Expected {
        Expected<Node>.mappingNode.map { node, cursor in
            do throws(SchemaError) {
                return try ObjectSchema(document: JSON(node))
            } catch {
                cursor.refuse("\(error)")
                return nil
            }
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

extension Expected<[OutputSource]> {
    /// One source for each field of the output, in the schema's order.
    fileprivate static func outputs(of schema: ObjectSchema?) -> Expected {
        Expected { cursor in
            guard let schema else { return nil }
            return Expected.mapping { reader in
                var sources: [OutputSource] = []
                for property in schema.properties {
                    guard let source = reader.required(property.name, .output(for: property)) else { continue }
                    sources.append(source)
                }
                return sources.count == schema.properties.count ? sources : nil
            }.read(cursor)
        }
    }
}

/// The words of an output's `value`.
private enum OutputWord: String, CaseIterable {
    case prediction
    case rawScore = "raw_score"
    case probability
    case label
    case output
}

extension Expected<OutputSource> {
    fileprivate static func output(for property: ObjectSchema.Property) -> Expected {
        .mapping { reader in
            let word = reader.required("value", Expected<OutputWord>.word)
            let places = reader.optional("round", .integer(in: 0...Double.maximumDecimalPlaces))
            let classIndex = reader.optional("class", .integer(in: 0...Int(Int32.max)))
            let labels = reader.optional("labels", .sequence(of: .string))
            let threshold = reader.optional("threshold", .number())
            let name = reader.optional("name", .string)
            let index = reader.optional("index", .integer(in: 0...Int(Int32.max)))
            let cursor = reader.cursor
            if threshold != nil, labels?.count != 2 {
                cursor.refuse("a 'threshold' is between two 'labels'")
                return nil
            }
            if (name != nil && word != .output && word != .label) || (index != nil && word != .output) {
                cursor.refuse("'name' goes with 'value: output' and 'value: label', 'index' with 'value: output'")
                return nil
            }
            switch (word, classIndex, labels, places, threshold) {
            case (nil, _, _, _, _): return nil
            case (.prediction, nil, nil, _, nil): return number(.prediction(places: places), for: property, cursor)
            case (.rawScore, nil, nil, _, nil): return number(.rawScore(places: places), for: property, cursor)
            case (.probability, let index?, nil, _, nil):
                return number(.probability(class: index, places: places), for: property, cursor)
            case (.label, nil, let labels?, nil, _):
                return label(labels, for: property, cursor).map {
                    .label($0, threshold: threshold, output: name)
                }
            case (.output, nil, nil, _, nil):
                guard let name else {
                    cursor.refuse("'value: output' takes the 'name' of one of the model's outputs")
                    return nil
                }
                return .element(output: name, index: index ?? 0, places: places)
            default:
                cursor.refuse(
                    "'probability' takes 'class', 'label' takes 'labels' and may take 'threshold', all but 'label' may "
                        + "take 'round'; nothing else")
                return nil
            }
        }
    }

    private static func number(
        _ source: OutputSource, for property: ObjectSchema.Property, _ cursor: Cursor
    ) -> OutputSource? {
        switch property.schema.kind {
        case .number, .integer: return source
        default:
            cursor.refuse("field '\(property.name)' of the output is not a number")
            return nil
        }
    }

    private static func label(
        _ labels: [String], for property: ObjectSchema.Property, _ cursor: Cursor
    ) -> [Modeling.Value]? {
        switch property.schema.kind {
        case .string:
            return labels.map { .string($0) }
        case .enumeration(let enumeration):
            if let unknown = labels.first(where: { !enumeration.values.contains($0) }) {
                cursor.refuse("'\(unknown)' is not a label of field '\(property.name)' of the output")
                return nil
            }
            return labels.map { .enumeration(enumeration.values.firstIndex(of: $0)!) }
        default:
            cursor.refuse("field '\(property.name)' of the output holds no labels")
            return nil
        }
    }
}

extension JSON {
    /// The JSON that a YAML value writes.
    ///
    /// A number beyond JSON (`.inf`, `.nan`) stays a number and is for the reader of the JSON to refuse.
    package init(_ node: Node) {
        self = node.fold(
            scalar: { scalar, _ -> JSON in
                switch scalar.value {
                case .null: .null
                case .bool(let boolean): .boolean(boolean)
                case .int(let integer): .integer(integer)
                case .float(let number): .number(number)
                case .string: .string(scalar.text)
                }
            },
            sequence: { elements, _ in .array(elements) },
            mapping: { members, _ in .object(members.map { Member($0.name, $0.value) }) })
    }
}
