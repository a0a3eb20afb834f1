import Artifacts
import Inference
import Modeling

/// What lies at a path: a model's file, or a package with one.
struct Inspection {
    /// What a package says beside its model.
    struct Package {
        let description: PackageDescription
        /// `nil` when the package has no samples.
        let sampleCount: Int?
    }

    /// As the person wrote it.
    let path: String
    let package: Package?
    let model: ModelFileSummary
    /// The path of the model's file.
    let modelPath: String

    /// Reads a model's file, or a package's folder, within the limits that a package has.
    ///
    /// - Throws: an error whose description is one line that names the file.
    init(path: String) throws {
        self = isFolder(path) ? try Self.package(path) : try Self.file(path)
    }

    private init(path: String, package: Package?, model: ModelFileSummary, modelPath: String) {
        self.path = path
        self.package = package
        self.model = model
        self.modelPath = modelPath
    }

    /// Why the model can't be loaded; `nil` when it can.
    var refusal: String? { model.refusal }

    private static func file(_ path: String) throws -> Inspection {
        let bytes = try contents(ofFile: path, limit: ModelPackage.parametersByteLimit)
        do throws(UnknownModelFile) {
            let format = try ModelFileFormat(recognizing: bytes.span.bytes)
            return Inspection(
                path: path, package: nil, model: ModelFileSummary(bytes.span.bytes, as: format), modelPath: path)
        } catch {
            throw Failure(message: "\(path): \(error)")
        }
    }

    private static func package(_ folder: String) throws -> Inspection {
        let package = try ModelPackage(developing: folder)
        let format: ModelFileFormat =
            switch package.description.format {
            case .lightGBM: .lightGBM
            case .xgboost: .xgboost
            case .onnx: .onnx
            }
        let samples = package.samples.map { samples in
            samples.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).count
        }
        return Inspection(
            path: folder, package: Package(description: package.description, sampleCount: samples),
            model: ModelFileSummary(package.parameters.span.bytes, as: format),
            modelPath: "\(folder)/\(package.description.parametersPath)")
    }
}
