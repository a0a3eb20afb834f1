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

    static var expected: Expected<PackageDescription> {
        .mapping { reader in
            let qualifiedName = reader.required(
                "qualified_name", .string,
                about:
                    "The name in paths, lower-case letters, digits and underscores; the same as in the archive's name,"
                    + " or the folder's.")
            let displayName = reader.required("display_name", .string, about: "The name that people read.")
            let description = reader.required(
                "description", .string, about: "What the model predicts, in a sentence.")
            let version = reader.required(
                "version", .packageVersion, about: "The version of the model's interface.")
            let parametersVersion = reader.required(
                "parameters_version", .packageVersion, about: "Which training the parameters come from.")
            let format = reader.required(
                "format", Expected<ParametersFormat>.word,
                about: "LightGBM's text format, version 3 or 4; XGBoost's JSON or UBJSON; or an ONNX graph.")
            let parametersPath = reader.required(
                "parameters", .entryName,
                about: "The file with the parameters; one whose name ends in .gz is decompressed.")
            let inputSchema = reader.required(
                "input_schema", .objectSchema,
                about: "JSON Schema of an input, as pydantic's model_json_schema() writes it.")
            let outputSchema = reader.required(
                "output_schema", .objectSchema,
                about: "JSON Schema of an output, as pydantic's model_json_schema() writes it.")
            // Read even without schemas, so that their own mistakes are told too.
            let input = reader.modelInput(of: inputSchema)
            let outputs = reader.required(
                "output", .outputs(of: outputSchema), about: "One entry for each field of output_schema.")
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

extension Expected<String> {
    /// A version, as it stands in a package's file name.
    package static var packageVersion: Expected {
        nonEmptyString.shaped(
            .text(matching: "^[A-Za-z0-9_+][A-Za-z0-9._+]{0,\(PackageIdentity.longestVersion - 1)}$")
        ).checked { version in
            PackageIdentity.isValid(version: version)
                ? nil
                : "must be 1 to \(PackageIdentity.longestVersion) letters, digits, '.', '_' and '+', such as 0.1.0"
        }
    }

    /// The name of a file in the package's own folder.
    static var entryName: Expected {
        string.shaped(.text(matching: #"^(?!\.{1,2}$)[^/\u0000]+$"#)).checked { name in
            let isInside = !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0x2F || $0 == 0 }
            return isInside ? nil : "must be the name of a file in the package's folder"
        }
    }
}

extension Expected<ObjectSchema> {
    fileprivate static var objectSchema: Expected {
        Expected<Node>.mappingNode.shaped(.schema(["$ref": "#/$defs/object_document"])).map { node, cursor in
            do throws(SchemaError) {
                return try ObjectSchema(document: JSON(node))
            } catch {
                cursor.refuse("\(error)")
                return nil
            }
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
