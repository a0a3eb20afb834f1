import Artifacts
import TestSupport
import Testing

@testable import ModelService

@Suite("What a model's configuration asks of its package")
struct ModelPackagesTests {
    private func complaint(_ text: String, environment: [String: String] = [:]) async throws -> String {
        let service = try configuration(
            "models:\n  - class_path: IrisModel\n    configuration: {\(text)}\nmodel_packages: models\n"
                + Repository.developmentKeys, environment: environment)
        do {
            _ = try await ModelPackages(service).fetch(service.models[0])
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "is refused in one line with its place when it makes no sense",
        arguments: [
            ("verson: 1.0.0", "3:21: models[0].configuration.verson: unknown key; did you mean 'version'?"),
            ("version: 1.0", "3:30: models[0].configuration.version: expected a string, found a number; put it into"),
            ("version: 1-0", "3:30: models[0].configuration.version: "),
            ("parameters_version: ../x", "3:41: models[0].configuration.parameters_version: "),
            ("model_parameters_version: ''", "3:47: models[0].configuration.model_parameters_version: "),
            (
                "minio_url: 'minio:9000'",
                "3:32: models[0].configuration.minio_url: goes with 'model_files_bucket'; add it"
            ),
            (
                "minio_secret_key: hunter2",
                "3:39: models[0].configuration.minio_secret_key: goes with 'model_files_bucket'"
            ),
            ("parameters_signing_key: ''", "3:45: models[0].configuration.parameters_signing_key: must not be empty"),
            (
                "model_files_bucket: models, minio_access_key: AKID",
                "3:67: models[0].configuration.minio_access_key: goes with 'minio_secret_key'; add it"
            ),
            (
                "model_files_bucket: models, minio_secret_key: hunter2",
                "3:67: models[0].configuration.minio_secret_key: goes with 'minio_access_key'; add it"
            ),
            (
                "version: 1.0, minio_url: a, zzzzzzzz: 1",
                "put it into quotes; 3:46: models[0].configuration.minio_url: goes with 'model_files_bucket'; add it; 3:"
            ),
        ])
    func mistakes(text: String, message: String) async throws {
        let complaint = try await complaint(text)
        #expect(complaint.contains(message), "\(complaint)")
        #expect(!complaint.contains("\n") && !complaint.contains("hunter2"))
    }

    @Test("a version that is not there is told, a version that is there is taken")
    func versions() async throws {
        #expect(try await complaint("version: 1.0.0, parameters_version: 2026_11_21") == "")
        #expect(try await complaint("version: 1.0.0") == "")
        let missing = try await complaint("version: 2.0.0")
        #expect(missing.hasPrefix("models: there is no package iris_model-2.0.0-PARAMETERS.zip; make it"), "\(missing)")
    }
}
