import EventLoop
import HTTPServer

/// Answers `GET /metrics`, in the format that the scraper prefers.
func answerMetrics(_ request: borrowing Request, _ response: inout Response, from answers: ServiceAnswers) {
    // Prometheus lists OpenMetrics first where it takes it; a browser and curl don't name it.
    let isOpenMetrics = request.field("accept")?.contains("application/openmetrics-text") == true
    let format = isOpenMetrics ? MetricsPage.Format.openMetrics : .prometheus
    response.contentType = format.contentType
    response.complete(later: { response in
        // Off the loop: a page of many models takes a while to write. And not where models are loaded, whose files
        // may keep every thread there busy for longer than a scraper waits.
        response.body += await Task(executorPreference: EventLoop.background) { answers.metrics(format).bytes }.value
    })
}

extension Span<UInt8> {
    /// Whether `text`, which is in lower case, is in this, whatever the case of the letters here.
    fileprivate func contains(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for start in 0...(count - text.utf8CodeUnitCount) where extracting(start...).hasPrefix(text) { return true }
        return false
    }
}
