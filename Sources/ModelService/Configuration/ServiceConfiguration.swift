internal import Artifacts
package import Tracing
package import YAML

/// What one file says about a service, checked and complete.
package struct ServiceConfiguration: Sendable, Hashable {
    /// Title of the service in its contract and its page; default `RESTful Model Service`.
    package let serviceTitle: String
    /// Markdown for the contract and the page; default empty.
    package let description: String
    /// Version of the service; default `0.1.0`.
    package let version: String
    /// In the file's order; those with the same qualified name have different versions.
    package let models: [ModelConfiguration]
    /// Where the model packages are; default the folder `models`.
    package let modelPackages: PackagesConfiguration
    /// The keys whose signatures are trusted; no two have the same id.
    package let keys: [KeyConfiguration]
    /// How strictly the input of predictions is taken; default lax.
    package let inputValidation: InputValidation
    /// What the service is for; default development.
    package let environment: ServiceEnvironment
    /// What is logged, and how; the command line may change the level.
    package var logging: LoggingConfiguration
    package internal(set) var metrics: MetricsConfiguration
    /// When the service looks again at its files and packages; by default when it is told to.
    package let reload: ReloadConfiguration
    /// Where the spans of traces are sent; default nowhere.
    package internal(set) var tracing: Tracer.Configuration?
    /// Where to listen and the limits; the command line may change it.
    package var server: ServerConfiguration

    /// The file's path, as given or found.
    package let file: String
    /// What is odd in the file but no mistake; `description(in: file)` makes the line.
    package let warnings: [ConfigurationProblem]
}

/// How input values of another kind than the schema's are taken.
package enum InputValidation: String, Sendable, CaseIterable {
    /// As pydantic's lax mode: `"42"` is an integer.
    case lax
    /// Only JSON's own kinds.
    case strict
}

/// What a service is for.
package enum ServiceEnvironment: String, Sendable, CaseIterable {
    case development
    /// Unsigned packages and the development key are refused.
    case production
}

extension ServiceConfiguration {
    /// Limits of the file: 1 MiB, 100,000 values, 64 levels, 1,000 aliases.
    package static let limits = Limits()

    /// Reads the file at `path`, else the one `REST_CONFIG` names, else `rest_config.yaml`, else
    /// `configuration/rest_config.yaml`; YAML or JSON.
    ///
    /// - Parameter environment: Where `REST_CONFIG` and the variables of `${…}` come from.
    /// - Throws: ``ConfigurationError`` with every mistake of the file.
    package static func load(
        path: String?, environment: [String: String]
    ) throws(ConfigurationError) -> ServiceConfiguration {
        let file = try ConfigurationFile(path: path, environment: environment, limit: limits.bytes)
        return try ServiceConfiguration(parsing: file.bytes.span, file: file.path, environment: environment)
    }

    /// Reads a configuration from its text.
    ///
    /// - Parameter file: The name for messages.
    package init(
        parsing text: Span<UInt8>, file: String, environment: [String: String]
    ) throws(ConfigurationError) {
        let node: Node
        do throws(YAMLError) {
            node = try Node(parsing: text, limits: Self.limits)
        } catch {
            throw .invalid(file: file, problems: ConfigurationProblems([ConfigurationProblem(error)]))
        }
        do throws(ConfigurationProblems) {
            let problems = Problems()
            let substituted = node.substituting(environment, limits: Self.limits, problems: problems)
            self = try problems.read(substituted, as: .service(file: file, environment: environment))
        } catch {
            throw .invalid(file: file, problems: error)
        }
    }
}

extension Expected<ServiceConfiguration> {
    /// - Parameters:
    ///   - catalog: what the executable brings along, for the shape.
    ///   - variables: the environment's, for what the file leaves to it.
    static func service(
        file: String, catalog: Catalog = Catalog(), environment variables: [String: String] = [:]
    ) -> Expected {
        .mapping { reader in
            _ = reader.optional("$schema", .string, about: "Where an editor finds this schema; not read here.")
            let environment = reader.value(
                "environment", .word, default: ServiceEnvironment.development,
                about: "What the service is for; production refuses unsigned packages and the development key.")
            let title = reader.value(
                "service_title", .string, default: "RESTful Model Service",
                about: "The title in the contract and on the page.")
            let version = reader.value(
                "version", .string, default: "0.1.0", about: "The version of the service.")
            let tracing = reader.optional(
                "tracing",
                .tracing(ServiceIdentity(title: title, version: version, environment: environment), variables),
                about: "Where the spans of traces are sent, and which.")
            return ServiceConfiguration(
                serviceTitle: title,
                description: reader.value(
                    "description", .string, default: "",
                    about: "More about the service, in the contract and on the page."),
                version: version,
                models: reader.models(catalog),
                modelPackages: reader.value(
                    "model_packages", .packages(environment), default: PackagesConfiguration(),
                    about:
                        "Where the model packages are: a folder's path, s3://BUCKET/PREFIX, or a mapping; default the"
                        + " folder models."),
                keys: reader.value(
                    "keys", .keys, default: [],
                    about: "The keys whose signatures are trusted; without one no signed package is taken."),
                inputValidation: reader.value(
                    "input_validation", .word, default: .lax,
                    about: "lax takes what pydantic takes by default, such as \"42\" for an integer; strict only the"
                        + " schema's own JSON types."),
                environment: environment,
                logging: reader.value(
                    "logging", .logging, default: LoggingConfiguration(),
                    about: "How much is logged; a Python dictConfig is taken too."),
                metrics: reader.value(
                    "metrics", .metrics, default: MetricsConfiguration(), about: "What is measured and shown."),
                reload: reader.value(
                    "reload", .reload, default: ReloadConfiguration(),
                    about: "When the service looks again at its files and packages, beside SIGHUP."),
                tracing: tracing ?? nil,
                server: reader.value(
                    "server", .server, default: ServerConfiguration(),
                    about: "Where the service listens, and what one client may cost it."),
                file: file,
                // Last, when everything else has been read.
                warnings: reader.cursor.problems.warnings)
        }
    }
}

extension MappingReader {
    fileprivate mutating func models(_ catalog: Catalog) -> [ModelConfiguration] {
        let models = value(
            "models", .sequence(of: .model(catalog)), default: [],
            about: "The models that are served; a service without one is never ready.")
        let problems = cursor.problems
        if models.isEmpty {
            let reason = "a service without models is never ready"
            problems.warn(ConfigurationProblem(path: "models", at: cursor.node.position, reason))
        }
        return distinguished(models)
    }

    /// The same, where several have one name with the version of each.
    private func distinguished(_ models: [ModelConfiguration]) -> [ModelConfiguration] {
        var models = models
        let counts = Dictionary(models.map { ($0.qualifiedName, 1) }, uniquingKeysWith: +)
        var taken: [String: [ModelConfiguration]] = [:]
        for (index, model) in models.enumerated() where counts[model.qualifiedName] != 1 {
            let others = taken[model.qualifiedName, default: []]
            models[index].isFirst = others.isEmpty
            models[index].version = model.configuration["version"]?.scalar?.text
            taken[model.qualifiedName, default: []].append(models[index])
            // One without a version can't be told from any other.
            let other = others.first {
                $0.version == nil || models[index].version == nil || $0.version == models[index].version
            }
            if let other {
                cursor.problems.refuse(
                    ConfigurationProblem(
                        path: model.path, at: model.position,
                        "the qualified name '\(model.qualifiedName)' is taken by \(other.path) at line"
                            + " \(other.position.line); give one of the two another qualified_name, or each a"
                            + " configuration.version of its own"))
            } else if let version = models[index].version, !PackageIdentity.isValid(version: version) {
                cursor.problems.refuse(
                    ConfigurationProblem(
                        path: "\(model.path).configuration.version", at: model.position,
                        "must be a version, which stands in paths: letters, digits, '.', '_' and '+', such as 1.0.0"))
            }
        }
        return models
    }
}
