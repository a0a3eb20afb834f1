import Decorators
import Modeling

/// The decorators that every executable has, by the last component of the class path that configurations of the
/// Python ecosystem name them with.
enum BuiltInDecorators {
    typealias Factory =
        @Sendable (any Model, ComponentConfiguration, DecoratorEnvironment) throws -> any ModelDecorator

    static let factories: [String: Factory] = [
        "CachingDecorator": { try CachingDecorator($0, $1, $2) },
        "OPAPolicyDecorator": { try OPAPolicyDecorator($0, OPAPolicyDecorator.Configuration($1), $2) },
        "PredictionIDDecorator": { model, configuration, _ in try PredictionIDDecorator(model, configuration) },
        "RedisCachingDecorator": { try RedisCachingDecorator($0, $1, $2) },
    ]

    static func factory(classPath: String) -> Factory? {
        classPath.split(separator: ".").last.flatMap { factories[String($0)] }
    }
}
