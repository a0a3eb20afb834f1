import Artifacts
import Inference
import Modeling
import YAML

/// Makes the models that a configuration names.
///
/// Reads files and computes: it is kept off the server's loops.
package struct ModelLoader: Sendable {
    private let catalog: Catalog
    private let packagesFolder: String
    private let validation: RecordDecoder.Mode

    /// - Parameter validation: how input is taken; left out, as the configuration says.
    package init(catalog: Catalog, configuration: ServiceConfiguration, validation: InputValidation? = nil) {
        self.catalog = catalog
        packagesFolder = configuration.modelPackages
        self.validation =
            switch validation ?? configuration.inputValidation {
            case .lax: .lax
            case .strict: .strict
            }
    }

    /// Makes the model of one entry and wraps it in its decorators.
    ///
    /// - Throws: an error whose description is one line that says what is wrong and what to do.
    package func load(_ entry: ModelConfiguration) throws -> LoadedModel {
        var (model, summary) = try makeModel(entry)
        guard model.qualifiedName == entry.qualifiedName else {
            throw LoadingError.otherName(asked: entry.qualifiedName, found: model.qualifiedName)
        }
        for decorator in entry.decorators {
            guard let make = catalog.decorator(classPath: decorator.classPath) else {
                throw LoadingError.unknownDecorator(decorator.classPath, known: catalog.decoratorNames)
            }
            model = try make(model, ComponentConfiguration(decorator.configuration, of: decorator.path))
        }
        return LoadedModel(predictable: try PredictableModel(model, validation: validation), summary: summary)
    }

    private func makeModel(_ entry: ModelConfiguration) throws -> (any Model, String) {
        if let make = catalog.model(classPath: entry.classPath) {
            return (try make(ComponentConfiguration(entry.configuration, of: entry.path)), "built in")
        }
        let folder = "\(packagesFolder)/\(entry.qualifiedName)"
        let package = try ModelPackage(folder: folder)
        do {
            let (model, summary) = try makeModel(package, in: folder)
            if let samples = package.samples {
                try SampleReplay(PredictableModel(model, validation: .lax)).run(samples)
            }
            return (model, summary)
        } catch let error as LoadingError {
            throw error
        } catch {
            throw LoadingError.package(folder, reason: "\(error)")
        }
    }

    private func makeModel(_ package: ModelPackage, in folder: String) throws -> (any Model, String) {
        let bytes = package.parameters.span.bytes
        do {
            switch package.description.format {
            case .lightGBM: return try packaged(package.description, LightGBMModel(text: bytes))
            case .xgboost: return try packaged(package.description, XGBoostModel(bytes: bytes))
            case .onnx:
                let graph = try ONNXModel(bytes)
                let tokenizers = try tokenizers(package, in: folder)
                return (try GraphModel(package.description, graph, tokenizers: tokenizers), "ONNX")
            }
        } catch let error where error is ModelFileError || error is ONNXError {
            throw LoadingError.package("\(folder)/\(package.description.parametersPath)", reason: "\(error)")
        }
    }

    private func tokenizers(_ package: ModelPackage, in folder: String) throws -> [String: KerasTokenizer] {
        var tokenizers: [String: KerasTokenizer] = [:]
        for (name, bytes) in package.parts {
            do {
                tokenizers[name] = try KerasTokenizer(bytes.span.bytes)
            } catch {
                throw LoadingError.package("\(folder)/\(name)", reason: "\(error)")
            }
        }
        return tokenizers
    }

    private func packaged(
        _ description: PackageDescription, _ parameters: some TabularModel
    ) throws -> (any Model, String) {
        (try PackagedModel(description, parameters), parameters.summary)
    }
}

/// What can be wrong with a `models:` entry beyond its package.
enum LoadingError: Error, CustomStringConvertible {
    case otherName(asked: String, found: String)
    case unknownDecorator(String, known: [String])
    /// What is wrong in a package, or in the file of it that the path names.
    case package(_ path: String, reason: String)

    var description: String {
        switch self {
        case .otherName(let asked, let found):
            "the configuration names the model '\(asked)' and the model calls itself '\(found)'; make them the same"
        case .unknownDecorator(let classPath, let known):
            "no decorator '\(classPath)' is known"
                + (known.isEmpty ? "; this executable has none" : "; known are \(known.joined(separator: ", "))")
        case .package(let path, let reason):
            "\(path): \(reason)"
        }
    }
}
