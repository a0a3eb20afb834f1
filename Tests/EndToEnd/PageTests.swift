import TestSupport
import Testing

/// The page at `/docs`, used as people do.
///
/// One browser at a time: two would take each other's time.
@Suite("The page in a browser", .serialized, .enabled(if: Browser.isThere, "\(Browser.isMissing)"))
struct PageTests {
    @Test("predicts, says beside the fields what is wrong, and draws")
    func form() throws {
        try Browser.run("form.py", RunningServer())
    }

    @Test("is used by keyboard alone")
    func keyboard() throws {
        try Browser.run("keyboard.py", RunningServer())
    }

    @Test("fits narrow and wide screens, light and dark, and axe finds nothing")
    func looks() throws {
        let folder = try Browser.screenshots()
        try Browser.run(
            "looks.py", RunningServer(), "examples", folder, "insurance_charges_model")
        print("The screenshots are in \(folder).")
    }

    @Test("leads to Swagger UI, which asks the service")
    func reference() throws {
        try Browser.run("reference.py", RunningServer(), Browser.screenshots())
    }

    @Test("shows texts that are markup as texts, and every kind of field")
    func hostile() throws {
        let (server, folder) = try hostileServer()
        try Browser.run("hostile.py", server)
        try Browser.run("looks.py", server, "hostile", Browser.screenshots(), "hostile_model")
        withExtendedLifetime(folder) {}
    }

    @Test("shows the decorators of a model, and a policy's denials as gaps")
    func policy() throws {
        let opa = try OPAServer(#require(OPAServer.Program.available.first), policies: ["policies"])
        let environment = ["OPA_PORT": "\(opa.port)", "OPA_TIMEOUT": "\(ChildProcess.patience)s"]
        let server = try RunningServer(
            configuration: "configuration/insurance_policy.yaml", environment: environment)
        try Browser.run("policy.py", server, Browser.screenshots())
        withExtendedLifetime(opa) {}
    }

    @Test("shows what a model refuses by itself above the form")
    func refusal() throws {
        let server = try RunningServer("BodyMassIndex", configuration: "Examples/BodyMassIndex/rounded.yaml")
        try Browser.run("refusal.py", server)
    }

    @Test("offers the same request to curl, Python and Swift, and each runs as it is")
    func snippets() throws {
        try Browser.run("snippets.py", RunningServer(), "swift")
    }

    @Test("has modules that keep what they promise")
    func modules() throws {
        try Browser.run("modules.py", RunningServer())
    }

    /// A server whose models are called, described and answered by markup.
    private func hostileServer() throws -> (RunningServer, TemporaryFolder) {
        let folder = TemporaryFolder()
        let files = "Tests/EndToEnd/Browser/hostile"
        let description = try Repository.text(of: "\(files)/model.yaml")
        for name in ["hostile_model", "hidden_model"] {
            let model = "models/\(name)"
            folder.write("\(model)/model.yaml", description.replacing("hostile_model", with: name))
            folder.write("\(model)/samples.jsonl", try Repository.bytes(of: "\(files)/samples.jsonl"))
            folder.write("\(model)/model.txt", try Repository.bytes(of: "models/iris_model/model.txt"))
        }
        let configuration = folder.write("rest_config.yaml", try Repository.bytes(of: "\(files)/rest_config.yaml"))
        let process = try ChildProcess(
            ["serve", "--config", configuration, "--host", "127.0.0.1", "--port", "0"], in: folder.path)
        return (try RunningServer(process), folder)
    }
}
