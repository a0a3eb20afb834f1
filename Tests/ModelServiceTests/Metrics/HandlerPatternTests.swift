import Testing

@testable import ModelService

@Suite("A pattern of excluded handlers")
struct HandlerPatternTests {
    @Test(
        "is found anywhere, as Python's re.search finds it",
        arguments: [
            ("/metrics", "/metrics", true), ("metrics", "/metrics", true), ("^metrics", "/metrics", false),
            ("/api/health.*", "/api/health/ready", true), ("^/api/health$", "/api/health/ready", false),
            ("/api/(health|models)$", "/api/models", true), ("/v[0-9]+/", "/api/v12/x", true),
            (#"\.json$"#, "/openapi.json", true), (#"\.json$"#, "/openapi-json", false), (#"/\w+$"#, "/docs", true),
            ("[]/]docs", "/docs", true), (#"/[^/]+/health"#, "/api/health", true), ("", "/docs", true),
        ])
    func found(pattern: String, handler: String, isFound: Bool) throws {
        #expect(try #require(HandlerPattern(pattern)).matches(handler) == isFound)
    }

    @Test(
        "is refused when it is none, or would mean something else than in Python",
        arguments: ["(", "[a", "a)(", "*{", "(?i)docs", #"/\d+"#, #"/\A"#, #"[\w]+"#, #"[^]\d]"#, "a\0b", "\\"])
    func refused(pattern: String) {
        #expect(HandlerPattern(pattern) == nil)
    }
}
