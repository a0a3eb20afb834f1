import Decorators
import YAML

extension Expected<PredictionIDDecorator.Version> {
    static var predictionID: Expected {
        .mapping { reader in
            reader.value(
                "version", .word, default: .random,
                about: "How a new id is made: v4 of random bits, v7 of the time and random bits, so that later ids sort"
                    + " after earlier ones.")
        }
    }
}
