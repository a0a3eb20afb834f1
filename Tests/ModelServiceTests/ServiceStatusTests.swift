import HTTPServer
import Testing

@testable import ModelService

@Suite("The status of a service")
struct ServiceStatusTests {
    @Test(
        "says the reference's words with the reference's codes",
        arguments: [
            ([.pending], "503 NOT_STARTED", "503 REFUSING_TRAFFIC", "200 HEALTHY"),
            ([.done, .pending], "503 NOT_STARTED", "503 REFUSING_TRAFFIC", "200 HEALTHY"),
            ([.done, .done], "200 STARTED", "200 ACCEPTING_TRAFFIC", "200 HEALTHY"),
            ([.failed, .pending], "503 NOT_STARTED", "503 REFUSING_TRAFFIC", "503 NOT_HEALTHY"),
            ([.done, .failed], "200 STARTED", "503 REFUSING_TRAFFIC", "503 NOT_HEALTHY"),
            ([.done, .waiting], "200 STARTED", "503 REFUSING_TRAFFIC", "200 HEALTHY"),
            ([.waiting, .pending], "503 NOT_STARTED", "503 REFUSING_TRAFFIC", "200 HEALTHY"),
            ([.waiting, .failed], "200 STARTED", "503 REFUSING_TRAFFIC", "503 NOT_HEALTHY"),
            ([], "200 STARTED", "503 REFUSING_TRAFFIC", "200 HEALTHY"),
        ] as [([ServiceStatus.Loading], String, String, String)])
    func words(models: [ServiceStatus.Loading], startup: String, readiness: String, liveness: String) {
        let status = ServiceStatus(models)
        #expect(text(status.startup) == startup)
        #expect(text(status.readiness) == readiness)
        #expect(text(status.liveness) == liveness)
    }

    @Test("is not ready while it drains, and as well and as started as before")
    func draining() {
        let status = ServiceStatus([.done], isDraining: true)
        #expect(text(status.startup) == "200 STARTED")
        #expect(text(status.readiness) == "503 REFUSING_TRAFFIC")
        #expect(text(status.liveness) == "200 HEALTHY")
    }

    private func text(_ answer: ServiceStatus.Answer) -> String { "\(answer.status.code) \(answer.word)" }
}
