import Artifacts
import Decorators
import Modeling
import YAML

/// Makes the models that a configuration names.
///
/// Reads files and computes: it is kept off the server's loops.
package struct ModelLoader: Sendable {
    private let catalog: Catalog
    private let packages: ModelPackages
    private let validation: RecordDecoder.Mode
    private let log: Log?

    /// - Parameters:
    ///   - validation: how input is taken; left out, as the configuration says.
    ///   - log: where decorators write; left out, nowhere.
    package init(
        catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil, log: Log? = nil
    ) {
        self.log = log
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
        var (model, origin, sample) = try await makeModel(entry)
        guard model.qualifiedName == entry.qualifiedName else {
            throw LoadingError.otherName(asked: entry.qualifiedName, found: model.qualifiedName)
        }
        var decorators: [any ModelDecorator] = []
        for decorator in entry.decorators {
            decorators.append(try decorate(model, by: decorator, environment(of: decorator, origin, entry)))
            model = decorators[decorators.count - 1]
        }
        let predictable = try PredictableModel(model, validation: validation)
        return LoadedModel(
            predictable: predictable, decorators: decorators, origin: origin,
            example: sample.flatMap(predictable.example), loadingTime: ContinuousClock.now - start)
    }

    /// What the service gives one decorator of a model.
    private func environment(
        of decorator: DecoratorConfiguration, _ origin: ModelOrigin, _ entry: ModelConfiguration
    ) -> DecoratorEnvironment {
        guard let log else { return DecoratorEnvironment(parametersDigest: origin.digest, minimumLevel: .error) }
        let own = log.of(
            .decorators,
            [.init("model", .string(entry.qualifiedName)), .init("decorator", .string(decorator.name))])
        return DecoratorEnvironment(parametersDigest: origin.digest, minimumLevel: own.decoratorLevel) { own.write($0) }
    }

    private func decorate(
        _ model: any Model, by entry: DecoratorConfiguration, _ environment: DecoratorEnvironment
    ) throws -> any ModelDecorator {
        let configuration = ComponentConfiguration(entry.configuration, of: entry.path)
        let decorator: any ModelDecorator
        do {
            if let make = catalog.decorator(classPath: entry.classPath) {
                decorator = try make(model, configuration)
            } else if let builtIn = BuiltInDecorators.decorator(classPath: entry.classPath) {
                decorator = try builtIn.make(model, configuration, environment)
            } else {
                let known = catalog.decoratorNames + BuiltInDecorators.all.keys.sorted()
                throw LoadingError.unknownDecorator(entry.classPath, known: known)
            }
        } catch let error where error is DecoratorError || error is SchemaConflict {
            throw LoadingError.decorator(entry.path, reason: "\(error)")
        }
        guard !model.mayWait || decorator is any AsyncModel else {
            throw LoadingError.decorator(
                entry.path,
                reason: "'\(entry.classPath)' does not wait and what it wraps does; make it an AsyncModelDecorator, or"
                    + " list it before the decorators that wait")
        }
        return decorator
    }

    /// - Returns: The model, where it comes from, and an input that it takes, where one is known.
    private func makeModel(_ entry: ModelConfiguration) async throws -> (any Model, ModelOrigin, sample: JSON?) {
        if let make = catalog.model(classPath: entry.classPath) {
            return (try make(ComponentConfiguration(entry.configuration, of: entry.path)), .builtIn, nil)
        }
        let fetched = try await packages.fetch(entry)
        do {
            let (model, summary) = try fetched.package.makeModel()
            let sample = fetched.package.samples.flatMap(SampleReplay.firstInput)
            return (model, .package(PackageOrigin(fetched, summary: summary)), sample)
        } catch {
            throw PackageSourceError(location: fetched.location, reason: error)
        }
    }
}

/// What can be wrong with a `models:` entry beyond its package.
enum LoadingError: Error, CustomStringConvertible {
    case otherName(asked: String, found: String)
    case unknownDecorator(String, known: [String])
    /// Why a decorator can't be where the path in the configuration names it.
    case decorator(_ path: String, reason: String)

    var description: String {
        switch self {
        case .otherName(let asked, let found):
            "the configuration names the model '\(asked)' and the model calls itself '\(found)'; make them the same"
        case .unknownDecorator(let classPath, let known):
            "no decorator '\(classPath)' is known"
                + (known.isEmpty ? "; this executable has none" : "; known are \(known.joined(separator: ", "))")
        case .decorator(let path, let reason): "\(path): \(reason)"
        }
    }
}
