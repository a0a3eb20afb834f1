import Artifacts

/// Why a reload changed nothing.
enum ReloadError: Error, CustomStringConvertible {
    /// A service that was ready would not be any more.
    case noModels
    /// Models that can't be loaded, in the configuration's order.
    case models([(name: String, reason: any Error)])
    /// What models depend on and nobody reaches, where all could be reached before.
    case unreachable([String])

    /// Whether the same may go well later: something does not answer now.
    var mayPass: Bool {
        switch self {
        case .noModels: false
        case .models(let failures):
            failures.contains { (($0.reason as? PackageSourceError)?.reason as? StoreError)?.isUnavailable == true }
        case .unreachable: true
        }
    }

    /// One line for each thing that is wrong.
    var messages: [String] {
        switch self {
        case .noModels: ["the configuration names no models, so the service would not be ready any more"]
        case .models(let failures): failures.map { "model \($0.name) failed to load: \($0.reason)" }
        case .unreachable(let names):
            names.map { "\($0) can't be reached, so the service would not be ready any more" }
        }
    }

    var description: String { messages.joined(separator: "\n") }
}
