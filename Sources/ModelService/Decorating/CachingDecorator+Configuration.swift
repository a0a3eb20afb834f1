import Decorators
import Modeling

extension CachingDecorator {
    /// From a configuration's keys: `hashing_fields`, `reduced_precision`, `number_of_places`, `ttl`, `entries`, `bytes`.
    convenience init(
        _ model: any Model, _ component: ComponentConfiguration, _ environment: DecoratorEnvironment
    ) throws {
        try component.allowKeys("hashing_fields", "reduced_precision", "number_of_places", "ttl", "entries", "bytes")
        var configuration = Configuration()
        configuration.hashingFields = try component.strings("hashing_fields")
        configuration.places = try component.reducedPlaces()
        configuration.timeToLive = try component.duration("ttl", in: Configuration.timesToLive)
        configuration.entries = try component.integer("entries") ?? configuration.entries
        configuration.bytes = try component.byteCount("bytes", in: Configuration.bytesRange) ?? configuration.bytes
        try self.init(model, configuration, environment)
    }
}

extension ComponentConfiguration {
    /// The decimals that `reduced_precision` and `number_of_places` ask for; `nil` for all.
    ///
    /// Without `reduced_precision` a `number_of_places` has no effect, as in the reference.
    ///
    /// - Throws: ``DecoratorError`` for `reduced_precision` without places.
    func reducedPlaces() throws -> Int? {
        let places = try integer("number_of_places")
        guard try boolean("reduced_precision") ?? false else { return nil }
        guard let places else {
            throw DecoratorError.badValue(
                key: "reduced_precision", reason: "needs number_of_places, the decimals that numbers are rounded to")
        }
        return places
    }
}
