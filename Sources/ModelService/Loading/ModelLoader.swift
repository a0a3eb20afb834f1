import Artifacts
import Decorators
import EventLoop
import Modeling
import YAML

/// Makes the models that a configuration names.
///
/// Reads files and computes: it is kept off the server's loops.
package struct ModelLoader: Sendable {
    private let catalog: Catalog
    private let packages: ModelPackages
    private let validation: RecordDecoder.Mode
    private let makesPools: Bool
    private let log: Log?
    private let instruments: Instruments

    /// - Parameters:
    ///   - validation: how input is taken; left out, as the configuration says.
    ///   - makesPools: whether models that are `pooled` get their threads; whoever has threads enough does without.
    ///   - log: where decorators write; left out, nowhere.
    package init(
        catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil,
        makesPools: Bool = true, log: Log? = nil
    ) {
        self.init(
            catalog: catalog, configuration: configuration, validation: validation, makesPools: makesPools, log: log,
            instruments: Instruments())
    }

    /// - Parameter instruments: what measures the models and their decorators.
    init(
        catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil,
        makesPools: Bool = true, log: Log?, instruments: Instruments
    ) {
        self.makesPools = makesPools
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
        if let make = catalog.model(classPath: entry.classPath) {
            let model = try make(ComponentConfiguration(entry.configuration, of: entry.path))
            return try finish(model, of: entry, .builtIn, proof: nil, since: start)
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
        let (model, summary, proof): (any Model, String, SampleReplay.Proof?)
        do {
            (model, summary, proof) = try fetched.package.makeModel()
        } catch {
            throw PackageSourceError(location: fetched.location, reason: error)
        }
        return try finish(
            model, of: entry, .package(PackageOrigin(fetched, summary: summary)),
            proof: proof, since: start)
    }

    /// Wraps a model in the decorators of its entry.
    ///
    /// - Parameter proof: what its samples showed, where it has some.
    private func finish(
        _ bare: any Model, of entry: ModelConfiguration, _ origin: ModelOrigin, proof: SampleReplay.Proof?,
        since start: ContinuousClock.Instant
    ) throws -> LoadedModel {
        guard bare.qualifiedName == entry.qualifiedName else {
            throw LoadingError.otherName(asked: entry.qualifiedName, found: bare.qualifiedName)
        }
        if let version = entry.version, bare.version != version {
            throw LoadingError.otherVersion(asked: version, found: bare.version)
        }
        var chain = ModelChain(bare, on: try pool(for: bare, entry), instruments, of: entry.label)
        for decorator in entry.decorators {
            let environment = environment(of: decorator, origin, entry)
            try chain.wrap(by: decorator) { try make(decorator, around: $0, environment) }
        }
        let predictable = try PredictableModel(chain.complete, validation: validation)
        return LoadedModel(
            predictable: predictable, decorators: chain.decorators, origin: origin,
            example: proof?.input.flatMap(predictable.example), loadingTime: ContinuousClock.now - start,
            execution: entry.execution, predictionTime: proof?.predictionTime)
    }

    /// What the service gives one decorator of a model.
    private func environment(
        of decorator: DecoratorConfiguration, _ origin: ModelOrigin, _ entry: ModelConfiguration
    ) -> DecoratorEnvironment {
        guard let log else {
            return DecoratorEnvironment(
                parametersDigest: origin.digest, tracer: instruments.tracer, minimumLevel: .error)
        }
        let own = log.of(
            .decorators,
            [.init("model", .string(entry.label)), .init("decorator", .string(decorator.name))])
        return DecoratorEnvironment(
            parametersDigest: origin.digest, tracer: instruments.tracer, minimumLevel: own.decoratorLevel
        ) { own.write($0) }
    }

    private func make(
        _ entry: DecoratorConfiguration, around model: any Model, _ environment: DecoratorEnvironment
    ) throws -> any ModelDecorator {
        let configuration = ComponentConfiguration(entry.configuration, of: entry.path)
        do {
            if let make = catalog.decorator(classPath: entry.classPath) { return try make(model, configuration) }
            if let builtIn = BuiltInDecorators.decorator(classPath: entry.classPath) {
                return try builtIn.make(model, configuration, environment)
            }
            let known = catalog.decoratorNames + BuiltInDecorators.all.keys.sorted()
            throw LoadingError.unknownDecorator(entry.classPath, known: known)
        } catch let error where error is DecoratorError || error is SchemaConflict {
            throw LoadingError.decorator(entry.path, reason: "\(error)")
        }
    }

    /// The threads of a model that is `pooled`.
    private func pool(for model: any Model, _ entry: ModelConfiguration) throws -> WorkerPool? {
        guard entry.execution.kind == .pooled else { return nil }
        guard !model.mayWait else { throw LoadingError.waitsInPool(entry.path) }
        guard makesPools else { return nil }
        return try WorkerPool(
            name: String("pool-\(entry.qualifiedName)".prefix(15)), threads: entry.execution.threads,
            places: entry.execution.poolPlaces)
    }
}

/// What can be wrong with a `models:` entry beyond its package.
enum LoadingError: Error, CustomStringConvertible {
    case otherName(asked: String, found: String)
    case otherVersion(asked: String, found: String)
    case unknownDecorator(String, known: [String])
    /// A model that waits has no use for threads.
    case waitsInPool(_ path: String)
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
        case .waitsInPool(let path):
            "\(path).execution: 'pooled' is for models that compute, and this one waits; leave it out"
        case .decorator(let path, let reason): "\(path): \(reason)"
        }
    }
}
