import Decorators
import Modeling
import YAML

/// A decorator that every executable has: what its `configuration:` may say, and how it is made from that.
struct BuiltInDecorator: Sendable {
    /// Makes the decorator around a model.
    let make: @Sendable (any Model, ComponentConfiguration, DecoratorEnvironment) throws -> any ModelDecorator
    private let makeShape: @Sendable () -> Shape

    init<Configuration>(
        _ expected: Expected<Configuration>,
        _ make: @escaping @Sendable (any Model, Configuration, DecoratorEnvironment) throws -> any ModelDecorator
    ) {
        self.make = { try make($0, $1.read(expected), $2) }
        makeShape = { expected.shape }
    }

    /// What its `configuration:` may be.
    var shape: Shape { makeShape() }
}

/// The decorators that every executable has, by the last component of the class path that configurations of the
/// Python ecosystem name them with.
enum BuiltInDecorators {
    static let all: [String: BuiltInDecorator] = [
        "CachingDecorator": BuiltInDecorator(.caching) { try CachingDecorator($0, $1, $2) },
        "OPAPolicyDecorator": BuiltInDecorator(.policy) { try OPAPolicyDecorator($0, $1, $2) },
        "PredictionIDDecorator": BuiltInDecorator(.predictionID) { model, version, _ in
            try PredictionIDDecorator(model, version: version)
        },
        "RedisCachingDecorator": BuiltInDecorator(.redisCaching) { try RedisCachingDecorator($0, $1, $2) },
    ]

    static func decorator(classPath: String) -> BuiltInDecorator? {
        classPath.split(separator: ".").last.flatMap { all[String($0)] }
    }
}
