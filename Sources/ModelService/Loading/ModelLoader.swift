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
    private let instruments: Instruments

    /// - Parameters:
    ///   - validation: how input is taken; left out, as the configuration says.
    ///   - log: where decorators write; left out, nowhere.
    package init(
        catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil, log: Log? = nil
    ) {
        self.init(
            catalog: catalog, configuration: configuration, validation: validation, log: log,
            instruments: Instruments())
    }

    /// - Parameter instruments: what measures the models and their decorators.
    init(
        catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil, log: Log?,
        instruments: Instruments
    ) {
        self.log = log
        self.instruments = instruments
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
        let environment = DecoratorEnvironment(
            parametersDigest: origin.digest, tracer: instruments.tracer, minimumLevel: log?.decoratorLevel ?? .error
        ) { [log] level, message in log?.write(level, message) }
        model = instruments.measured(model, .model, of: entry.qualifiedName)
        var decorators: [any ModelDecorator] = []
        for (position, decorator) in entry.decorators.enumerated() {
            decorators.append(try decorate(model, by: decorator, environment))
            model = instruments.measured(
                decorators[position], .decorator(position, decorator.name), of: entry.qualifiedName)
        }
        let predictable = try PredictableModel(model, validation: validation)
        return LoadedModel(
            predictable: predictable, decorators: decorators, origin: origin,
            example: sample.flatMap(predictable.example), loadingTime: ContinuousClock.now - start)
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
