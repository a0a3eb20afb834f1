import Decorators
import Modeling

extension PredictionIDDecorator {
    /// Reads `version`: `v4` or `v7`.
    init(_ model: any Model, _ configuration: ComponentConfiguration) throws {
        try configuration.allowKeys("version")
        try self.init(model, version: configuration.word("version") ?? .random)
    }
}
