public import Modeling

/// The models and decorators that an executable brings along, by the `class_path` that a configuration names them with.
///
/// A `class_path` is looked up whole and then by its last component, so that `insurance.prediction.model.ChargesModel`
/// of an existing configuration finds what is registered as `ChargesModel`. A `class_path` that the catalog does not
/// know names a model package.
public struct Catalog: Sendable {
    /// Makes a model from its `configuration:` mapping.
    ///
    /// Runs off the server's loops: while the service starts, and again in a reload whose configuration says something
    /// else of the model.
    public typealias ModelFactory = @Sendable (ComponentConfiguration) throws -> any Model
    /// Makes a decorator around a model from its `configuration:` mapping.
    ///
    /// Around a model that is `pooled`, one that can't wait is made twice, and the first one is not used.
    public typealias DecoratorFactory = @Sendable (any Model, ComponentConfiguration) throws -> any ModelDecorator

    private var models: [String: ModelFactory] = [:]
    private var decorators: [String: DecoratorFactory] = [:]

    /// A catalog that knows nothing: every `class_path` names a package.
    public init() {}

    /// Registers a model under a class path or the last component of one.
    ///
    /// A later registration replaces an earlier one.
    public mutating func add(model name: String, _ make: @escaping ModelFactory) {
        models[name] = make
    }

    /// Registers a decorator under a class path or the last component of one.
    ///
    /// A later registration replaces an earlier one.
    public mutating func add(decorator name: String, _ make: @escaping DecoratorFactory) {
        decorators[name] = make
    }

    func model(classPath: String) -> ModelFactory? { Self.entry(classPath, in: models) }

    func decorator(classPath: String) -> DecoratorFactory? { Self.entry(classPath, in: decorators) }

    var modelNames: [String] { models.keys.sorted() }

    var decoratorNames: [String] { decorators.keys.sorted() }

    /// A regular expression (ECMA-262) of the class paths that lead to one of these names.
    static func pattern(of names: [String]) -> String {
        let names = names.map { $0.split(separator: ".", omittingEmptySubsequences: false).joined(separator: #"\."#) }
        return #"^(.*\.)?(\#(names.joined(separator: "|")))$"#
    }

    private static func entry<Factory>(_ classPath: String, in table: [String: Factory]) -> Factory? {
        table[classPath] ?? classPath.split(separator: ".").last.flatMap { table[String($0)] }
    }
}
