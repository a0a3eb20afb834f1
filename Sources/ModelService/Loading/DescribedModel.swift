import Artifacts
import Modeling

/// A model that a package describes: names and schemas are those of its `model.yaml`.
protocol DescribedModel: Model {
    var package: PackageDescription { get }
}

extension DescribedModel {
    var qualifiedName: String { package.qualifiedName }
    var displayName: String { package.displayName }
    var description: String { package.description }
    var version: String { package.version }
    var inputSchema: ObjectSchema { package.inputSchema }
    var outputSchema: Schema { Schema(package.outputSchema) }
}
