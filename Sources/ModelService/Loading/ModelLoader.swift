import Artifacts
import Modeling
import YAML

/// Makes the models that a configuration names.
///
/// Reads files and computes: it is kept off the server's loops.
package struct ModelLoader: Sendable {
    private let catalog: Catalog
    private let packages: ModelPackages
    private let validation: RecordDecoder.Mode

    /// - Parameter validation: how input is taken; left out, as the configuration says.
    package init(catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil) {
        self.catalog = catalog
        packages = ModelPackages(configuration)
        self.validation =
            switch validation ?? configuration.inputValidation {
            case .lax: .lax
            case .strict: .strict
            }
    }

    /// Makes the model of one entry and wraps it in its decorators.
    ///
    /// - Throws: an error whose description is one line that says what is wrong and what to do.
    package func load(_ entry: ModelConfiguration) async throws -> LoadedModel {
        let start = ContinuousClock.now
        var (model, origin) = try await makeModel(entry)
        guard model.qualifiedName == entry.qualifiedName else {
            throw LoadingError.otherName(asked: entry.qualifiedName, found: model.qualifiedName)
        }
        for decorator in entry.decorators {
            guard let make = catalog.decorator(classPath: decorator.classPath) else {
                throw LoadingError.unknownDecorator(decorator.classPath, known: catalog.decoratorNames)
            }
            model = try make(model, ComponentConfiguration(decorator.configuration, of: decorator.path))
        }
        return LoadedModel(
            predictable: try PredictableModel(model, validation: validation), origin: origin,
            loadingTime: ContinuousClock.now - start)
    }

    private func makeModel(_ entry: ModelConfiguration) async throws -> (any Model, ModelOrigin) {
        if let make = catalog.model(classPath: entry.classPath) {
            return (try make(ComponentConfiguration(entry.configuration, of: entry.path)), .builtIn)
        }
        let fetched = try await packages.fetch(entry)
        do {
            let (model, summary) = try fetched.package.makeModel()
            return (model, .package(PackageOrigin(fetched, summary: summary)))
        } catch {
            throw PackageSourceError(location: fetched.location, reason: error)
        }
    }
}

/// What can be wrong with a `models:` entry beyond its package.
enum LoadingError: Error, CustomStringConvertible {
    case otherName(asked: String, found: String)
    case unknownDecorator(String, known: [String])

    var description: String {
        switch self {
        case .otherName(let asked, let found):
            "the configuration names the model '\(asked)' and the model calls itself '\(found)'; make them the same"
        case .unknownDecorator(let classPath, let known):
            "no decorator '\(classPath)' is known"
                + (known.isEmpty ? "; this executable has none" : "; known are \(known.joined(separator: ", "))")
        }
    }
}
