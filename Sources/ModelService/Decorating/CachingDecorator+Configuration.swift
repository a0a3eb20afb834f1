import Decorators
import Modeling
import YAML

extension Expected<CachingDecorator.Configuration> {
    static var caching: Expected {
        .mapping { reader in
            var configuration = CachingDecorator.Configuration()
            configuration.hashingFields = reader.hashingFields()
            configuration.places = reader.reducedPlaces()
            configuration.timeToLive = reader.timeToLive()
            configuration.entries = reader.value(
                "entries", .integer(in: CachingDecorator.Configuration.entriesRange), default: configuration.entries,
                about: "The most predictions kept.")
            configuration.bytes = reader.value(
                "bytes", .byteCount(in: CachingDecorator.Configuration.bytesRange), default: configuration.bytes,
                about: "The most memory for the predictions and for what finds them; it is taken as it fills.")
            return configuration
        }
    }
}

/// The keys that every cache has.
extension MappingReader {
    /// The fields that decide the prediction; `nil` for all.
    mutating func hashingFields() -> [String]? {
        optional(
            "hashing_fields", .fields,
            about:
                "The input fields that decide the prediction: records that differ in others only get the same answer;"
                + " default all.")
    }

    /// The decimals that `reduced_precision` and `number_of_places` ask for; `nil` for all.
    ///
    /// Without `reduced_precision` a `number_of_places` has no effect, as in the reference.
    mutating func reducedPlaces() -> Int? {
        let reduces = value(
            "reduced_precision", .bool, default: false,
            about: "Whether the numbers of the input are rounded, at any depth, for the key and for the model; needs"
                + " number_of_places.")
        let places = optional(
            "number_of_places", .integer(in: 0...Double.maximumDecimalPlaces),
            about: "The decimals that are left of a number; only with reduced_precision.")
        refuse(
            "reduced_precision", "needs number_of_places, the decimals that numbers are rounded to",
            where: .isOn("reduced_precision"), .absent("number_of_places"))
        return reduces ? places : nil
    }

    /// How long a prediction is kept; `nil` for as long as there is room.
    mutating func timeToLive() -> Duration? {
        optional(
            "ttl", .duration(in: CachingDecorator.Configuration.timesToLive),
            about: "How long a prediction is kept; default as long as there is room.")
    }
}

extension Expected<[String]> {
    /// Names of fields, at least one.
    fileprivate static var fields: Expected {
        .sequence(of: .string).shaped(.list(of: .text(), atLeast: 1))
            .checked { $0.isEmpty ? "it is empty; leave it out to count every field" : nil }
    }
}
