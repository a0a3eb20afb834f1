import EventLoop
import HTTPServer
import Modeling

/// The service's endpoints for what is loaded now.
///
/// Runs on the loop that the router is for.
///
/// Every answer that does not depend on the request is composed here, once: a probe never waits for a model.
func makeRouter(_ state: ServiceState, _ answers: ServiceAnswers, on loop: EventLoop) -> Router {
    let slots = state.slots
    let configuration = state.configuration
    var router = Router()
    let status = state.status
    router.on(.get, "/", redirectingTo: "/docs")
    router.answerDocumentation()
    router.on(.get, "/openapi.json", answering: state.contract.json)
    router.on(.get, "/openapi.yaml", answering: state.contract.yaml)
    router.on(.get, "/api/health", answering: status.liveness, called: "health_status")
    router.on(.get, "/api/health/ready", answering: status.readiness, called: "readiness_status")
    router.on(.get, "/api/health/startup", answering: status.startup, called: "startup_status")
    router.on(.get, "/api/models", answering: modelCollection(slots, state.reloads.last))
    if configuration.metrics.isEnabled { router.on(.get, "/metrics") { answerMetrics($0, &$1, from: answers) } }
    for slot in slots {
        switch slot.state {
        case .loaded(let loaded):
            let metadata = modelMetadata(loaded, decorators: slot.entry.decorators)
            for path in slot.entry.paths { router.on(.get, "\(path)/metadata", answering: metadata) }
            if slot.entry.createEndpoint {
                let counts =
                    configuration.metrics.isEnabled
                    ? answers.predictions.cells(of: slot.entry.label, on: loop) : nil
                for path in slot.entry.paths {
                    let route = "\(path)/prediction"
                    let endpoint = PredictionEndpoint(
                        loaded, PredictionEndpoint.Limits(configuration.server), counts: counts,
                        journal: answers.journals.journal(of: slot.entry.label),
                        spans: answers.instruments.tracer.map { RequestSpans($0, route: route, loaded.model) }, on: loop
                    )
                    router.on(.post, route) { endpoint.answer($0, &$1) }
                }
            }
        case .loading, .failed:
            let error = HTTPError.notReady(slot)
            let refuse: Handler = { _, response in
                response.append("Retry-After", "1")
                response.fail(error)
            }
            for path in slot.entry.paths {
                router.on(.get, "\(path)/metadata", refuse)
                if slot.entry.createEndpoint { router.on(.post, "\(path)/prediction", refuse) }
            }
        }
    }
    return router
}

extension Router {
    fileprivate mutating func on(
        _ method: Method, _ path: String, answering answer: ServiceStatus.Answer, called key: String
    ) {
        on(method, path, answering: [key: .string(answer.word)], status: answer.status)
    }
}
