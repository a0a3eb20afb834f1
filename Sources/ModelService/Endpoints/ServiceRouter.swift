import HTTPServer
import Modeling

/// The service's endpoints for what is loaded now. Runs on the loop that the router is for.
///
/// Every answer that does not depend on the request is composed here, once: a probe never waits for a model.
func makeRouter(_ slots: [ModelSlot], configuration: ServiceConfiguration) -> Router {
    var router = Router()
    let status = ServiceStatus(slots.map(\.loading))
    router.on(.get, "/", redirectingTo: "/docs")
    router.on(.get, "/api/health", answering: .object([("health_status", .string(status.liveness.word))]), status.liveness.status)
    router.on(.get, "/api/health/ready", answering: .object([("readiness_status", .string(status.readiness.word))]), status.readiness.status)
    router.on(.get, "/api/health/startup", answering: .object([("startup_status", .string(status.startup.word))]), status.startup.status)
    router.on(.get, "/api/models", answering: modelCollection(slots))
    for slot in slots {
        let path = "/api/models/\(slot.entry.qualifiedName)"
        switch slot.state {
        case .loaded(let loaded):
            router.on(.get, "\(path)/metadata", answering: modelMetadata(loaded.model))
            if slot.entry.createEndpoint {
                let endpoint = PredictionEndpoint(loaded.model, validation: configuration.inputValidation)
                router.on(.post, "\(path)/prediction") { endpoint.answer($0, &$1) }
            }
        case .loading, .failed:
            let error = HTTPError.notReady(slot)
            router.on(.get, "\(path)/metadata") { _, response in response.fail(error) }
            if slot.entry.createEndpoint {
                router.on(.post, "\(path)/prediction") { _, response in response.fail(error) }
            }
        }
    }
    return router
}
