package import YAML

/// One entry of `models:`.
package struct ModelConfiguration: Sendable, Hashable {
    /// The name in the model's URL: as configured, or the last component of the class path in snake case.
    package let qualifiedName: String
    /// Names a factory of the catalog, or a model package; as written, such as `a.b.InsuranceChargesModel`.
    package let classPath: String
    /// Whether the model gets an endpoint; default true.
    package let createEndpoint: Bool
    /// Where the model computes, and how much of that at a time.
    package let execution: ExecutionConfiguration
    /// What the model's factory is given, unread; an empty mapping when the file has none.
    package let configuration: Node
    /// Inside-out: the first wraps the model, the last is outermost.
    package let decorators: [DecoratorConfiguration]
    /// The way to this entry in the file, such as `models[0]`, for messages.
    package let path: String
    /// Where this entry begins in the file.
    package let position: Position
    /// The version that this entry asks for, where others of the same name ask for other versions.
    package internal(set) var version: String?
    /// Whether this is the one that answers where no version is named: the first of its name.
    package internal(set) var isFirst = true
}

extension ModelConfiguration {
    /// How messages name the model: `iris_model`, or `iris_model/1.0.0` where there are several versions.
    package var label: String { version.map { "\(qualifiedName)/\($0)" } ?? qualifiedName }

    /// The paths below which the model answers.
    package var paths: [String] {
        let path = "/api/models/\(qualifiedName)"
        return (isFirst ? [path] : []) + (version.map { ["\(path)/versions/\($0)"] } ?? [])
    }

    /// Whether another entry, of this file or of a later one, asks for the same model in the same decorators.
    func asksForTheSame(as other: ModelConfiguration) -> Bool {
        qualifiedName == other.qualifiedName && classPath == other.classPath && execution == other.execution
            && configuration.says(other.configuration) && decorators.count == other.decorators.count
            && zip(decorators, other.decorators).allSatisfy {
                $0.classPath == $1.classPath && $0.configuration.says($1.configuration)
            }
    }
}

/// One entry of a model's `decorators:`.
package struct DecoratorConfiguration: Sendable, Hashable {
    /// Names a factory of the catalog; as written.
    package let classPath: String
    /// What the decorator's factory is given, unread; an empty mapping when the file has none.
    package let configuration: Node
    /// The way to this entry in the file, such as `models[0].decorators[1]`, for messages.
    package let path: String
    /// Where this entry begins in the file.
    package let position: Position

    /// The last component of the class path.
    package var name: String { classPath.split(separator: ".").last.map(String.init) ?? classPath }
}

extension Expected<ModelConfiguration> {
    /// - Parameter catalog: what the executable brings along, of whose `configuration:` nothing is known here.
    static func model(_ catalog: Catalog) -> Expected {
        .mapping { reader in
            let name = reader.optional(
                "qualified_name", .qualifiedName,
                about: "The name in paths. Left out, it follows from class_path: a.b.IrisModel is iris_model.")
            let classPath = reader.required(
                "class_path", .classPath,
                about:
                    "A model that the executable brings along, looked up whole and by its last component; otherwise a"
                    + " package.")
            let createEndpoint = reader.value(
                "create_endpoint", .bool, default: true,
                about: "Whether there is a prediction endpoint; the model is loaded and listed in any case.")
            let execution = ExecutionConfiguration(&reader)
            let configuration = reader.configuration(
                about: "What a model written in Swift is given; of a package, which one and from where.")
            reader.describe(
                "configuration", as: Expected<PackageWish>.wish.shape,
                where: Condition.differs("class_path", from: catalog.modelNames))
            let decorators = reader.value(
                "decorators", .sequence(of: .decorator(catalog)), default: [],
                about: "What wraps the model; the first one is the innermost.")
            guard let classPath else { return nil }
            guard let qualifiedName = name ?? QualifiedName.derived(fromClassPath: classPath) else {
                reader.refuse("class_path", "no qualified name follows from it; add qualified_name")
                return nil
            }
            return ModelConfiguration(
                qualifiedName: qualifiedName, classPath: classPath, createEndpoint: createEndpoint,
                execution: execution, configuration: configuration, decorators: decorators, path: reader.cursor.path,
                position: reader.cursor.node.position)
        }
    }
}

extension Condition {
    /// The key is no class path that leads to one of these names; nothing to ask where there are none.
    fileprivate static func differs(_ key: String, from names: [String]) -> [Condition] {
        names.isEmpty ? [] : [.differs(key, pattern: Catalog.pattern(of: names))]
    }
}

extension Expected<DecoratorConfiguration> {
    /// - Parameter catalog: what the executable brings along, of whose `configuration:` nothing is known here.
    static func decorator(_ catalog: Catalog) -> Expected {
        .mapping { reader in
            let classPath = reader.required(
                "class_path", .classPath, about: "Names the decorator, whole or by its last component.")
            let configuration = reader.configuration(about: "What the decorator is given.")
            for (name, decorator) in BuiltInDecorators.all.sorted(by: { $0.key < $1.key }) {
                reader.describe(
                    "configuration", as: decorator.shape,
                    // The executable's own decorators take precedence.
                    where: [.matches("class_path", pattern: Catalog.pattern(of: [name]))]
                        + Condition.differs("class_path", from: catalog.decoratorNames))
            }
            guard let classPath else { return nil }
            return DecoratorConfiguration(
                classPath: classPath, configuration: configuration, path: reader.cursor.path,
                position: reader.cursor.node.position)
        }
    }
}

extension MappingReader {
    /// The free mapping that a factory reads later.
    fileprivate mutating func configuration(about: String) -> Node {
        value(
            "configuration", .mappingNode, default: Node(.mapping([]), at: cursor.node.position), about: about)
    }
}

extension Expected<String> {
    /// A name as a Python class path or a catalog entry has it: identifiers joined by dots.
    fileprivate static var classPath: Expected {
        let name = "[A-Za-z_][A-Za-z0-9_]*"
        return Expected.string.shaped(.text(matching: #"^\#(name)(\.\#(name))*$"#)).checked { path in
            let isValid = path.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { component in
                guard let first = component.first, !first.isNumber else { return false }
                return component.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            }
            return isValid ? nil : "must be names joined by dots, such as insurance_model.InsuranceChargesModel"
        }
    }

    fileprivate static var qualifiedName: Expected {
        Expected.string.shaped(.text(matching: "^[a-z0-9_]{1,\(QualifiedName.longest)}$")).checked { name in
            QualifiedName.isValid(name)
                ? nil
                : "must be 1 to \(QualifiedName.longest) lower-case letters, digits and underscores,"
                    + " such as iris_model"
        }
    }
}
