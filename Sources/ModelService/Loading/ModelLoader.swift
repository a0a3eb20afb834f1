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
        if let make = catalog.model(classPath: entry.classPath) {
            let model = try make(ComponentConfiguration(entry.configuration, of: entry.path))
            return try finish(model, of: entry, .builtIn, sample: nil, since: start)
        }
        // Nothing is known, so there is nothing that it could still be.
        return try finish(try await packages.fetch(entry)!, of: entry, since: start)
    }

    /// Makes the model of one entry, unless it is as it was; of a package the signature is verified in any case.
    ///
    /// - Parameter present: the model of an entry that says the same, as strictly validated.
    /// - Returns: `present`, its caches, connections and counters with it, when its package's content is the same.
    func load(_ entry: ModelConfiguration, keeping present: LoadedModel) async throws -> LoadedModel {
        let start = ContinuousClock.now
        guard case .package(let origin) = present.origin else { return present }
        guard let fetched = try await packages.fetch(entry, unless: origin.known) else { return present }
        guard fetched.package.provenance.digest == origin.provenance.digest else {
            return try finish(fetched, of: entry, since: start)
        }
        return present.found(at: PackageOrigin(fetched, summary: origin.summary))
    }

    private func finish(
        _ fetched: FetchedPackage, of entry: ModelConfiguration, since start: ContinuousClock.Instant
    ) throws -> LoadedModel {
        let (model, summary): (any Model, String)
        do {
            (model, summary) = try fetched.package.makeModel()
        } catch {
            throw PackageSourceError(location: fetched.location, reason: error)
        }
        return try finish(
            model, of: entry, .package(PackageOrigin(fetched, summary: summary)),
            sample: fetched.package.samples.flatMap(SampleReplay.firstInput), since: start)
    }

    /// Wraps a model in the decorators of its entry.
    ///
    /// - Parameter sample: an input that the model takes, where one is known.
    private func finish(
        _ model: any Model, of entry: ModelConfiguration, _ origin: ModelOrigin, sample: JSON?,
        since start: ContinuousClock.Instant
    ) throws -> LoadedModel {
        var model = model
        guard model.qualifiedName == entry.qualifiedName else {
            throw LoadingError.otherName(asked: entry.qualifiedName, found: model.qualifiedName)
        }
        if let version = entry.version, model.version != version {
            throw LoadingError.otherVersion(asked: version, found: model.version)
        }
        let environment = DecoratorEnvironment(
            parametersDigest: origin.digest, minimumLevel: log?.decoratorLevel ?? .error
        ) { [log] level, message in log?.write(level, message) }
        var decorators: [any ModelDecorator] = []
        for decorator in entry.decorators {
            decorators.append(try decorate(model, by: decorator, environment))
            model = decorators[decorators.count - 1]
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
}

/// What can be wrong with a `models:` entry beyond its package.
enum LoadingError: Error, CustomStringConvertible {
    case otherName(asked: String, found: String)
    case otherVersion(asked: String, found: String)
    case unknownDecorator(String, known: [String])
    /// Why a decorator can't be where the path in the configuration names it.
    case decorator(_ path: String, reason: String)

    var description: String {
        switch self {
        case .otherName(let asked, let found):
            "the configuration names the model '\(asked)' and the model calls itself '\(found)'; make them the same"
        case .otherVersion(let asked, let found):
            "the configuration asks for version \(asked) and the model says that it is \(found); make them the same"
        case .unknownDecorator(let classPath, let known):
            "no decorator '\(classPath)' is known"
                + (known.isEmpty ? "; this executable has none" : "; known are \(known.joined(separator: ", "))")
        case .decorator(let path, let reason): "\(path): \(reason)"
        }
    }
}
