import Glibc
import Modeling
import Synchronization
import TestSupport
import Testing

/// Reloads that nobody asks for by a signal.
extension ReloadTests {
    // MARK: Watching

    @Test("follows a ConfigMap and packages that change while it watches them")
    func watching() throws {
        func put(_ name: String, _ description: String) throws {
            let text = try Repository.text(of: configure("reload: {watch: true}\ndescription: \(description)"))
            folder.write("mounted/\(name)/rest_config.yaml", text)
        }
        try put("..first", "First.")
        let links = """
            cd '\(folder.path)/mounted'; ln -s ..first ..data; ln -s ..data/rest_config.yaml rest_config.yaml
            """
        #expect(try ChildProcess.run(program: "/bin/sh", ["-ec", links]).status == 0)
        let server = try RunningServer(configuration: "\(folder.path)/mounted/rest_config.yaml")
        let client = try server.connect()
        func description() throws -> String? {
            try JSON(parsing: client.request("GET", "/openapi.json").body)["info"]?["description"]?.string
        }
        #expect(try description() == "First.")

        // As Kubernetes does it.
        try put("..second", "Second.")
        let swap = "cd '\(folder.path)/mounted'; ln -s ..second ..data_tmp; mv -T ..data_tmp ..data; rm -r ..first"
        #expect(try ChildProcess.run(program: "/bin/sh", ["-ec", swap]).status == 0)
        _ = try server.process.waitForLine(containing: "reload (a changed file): done")
        #expect(try description() == "Second.")

        try addPackage("2026_12_01")
        _ = try server.process.waitForLine(containing: "reload (changed packages): done")
        #expect(try parameters(client) == "2026_12_01")

        folder.write("mounted/..second/rest_config.yaml", "models: [")
        _ = try server.process.waitForLine(containing: "reload (a changed file) failed")
        try expectPrediction(client)
        #expect(try server.stop().status == 0)
    }

    @Test("does not look at files by itself unless it is told to")
    func notWatching() throws {
        configure()
        let server = try start()
        configure("description: Another.")
        try addPackage("2026_12_01")
        usleep(600_000)
        let outcome = try server.stop()
        #expect(!outcome.output.contains("reload"))
    }

    // MARK: Polling

    @Test(
        "takes a newer package of a bucket, and fetches nothing while there is none",
        .enabled(if: RealServer.isThere, "\(RealServer.isMissing)"))
    func polling() throws {
        let bucket = try PackageBucket()
        let proxy = try CountingProxy(before: bucket)
        for name in [PackageBucket.iris, PackageBucket.insurance] {
            try bucket.put("\(Repository.root)/models/\(name)", as: name)
        }
        folder.write(
            "rest_config.yaml",
            """
            service_title: Polling
            models: [{class_path: IrisModel}, {class_path: InsuranceChargesModel}]
            \(bucket.packages(endpoint: proxy.endpoint))
            \(Repository.developmentKeys)
            metrics: {enabled: true}
            reload: {package_interval: 1s}
            """)
        let server = try start(environment: bucket.environment)
        let client = try server.connect()
        #expect(try parameters(client) == "2026_11_21")
        #expect(proxy["list 200"] >= 2 && proxy["object 200"] == 2)
        while proxy["list 200"] < 8 { usleep(10_000) }
        #expect(proxy["object 200"] == 2 && proxy["object 304"] == 0)
        #expect(try metric(#"martlet_reloads_total{outcome="unchanged"}"#, client) == "0")

        let archive = try folder.irisPackage { $0.replacing("'2026_11_21'", with: "'2026_12_01'") }
        try bucket.put(archive, as: "iris_model-1.0.0-2026_12_01.zip")
        _ = try server.process.waitForLine(containing: "there is another package")
        #expect(
            try server.process.waitForLine(containing: "reload (changed packages): done")
                .contains("models loaded: 1, kept: 1"))
        #expect(try parameters(client) == "2026_12_01")
        #expect(proxy["object 200"] == 3 && proxy["object 304"] == 1)
        // What is there already is asked for, and not fetched.
        #expect(try reload(server).contains("nothing has changed"))
        #expect(proxy["object 200"] == 3 && proxy["object 304"] == 3)

        // One that nobody can take is tried once.
        try bucket.put("\(Repository.root)/README.md", as: "iris_model-1.0.0-2026_12_02.zip")
        _ = try server.process.waitForLine(containing: "reload (changed packages) failed")
        sleep(3)
        #expect(try metric(#"martlet_reloads_total{outcome="failed"}"#, client) == "1")
        try expectPrediction(client)
        // Between two questions nothing is held open for the store.
        func fewest() throws -> Int {
            let asked = proxy["list 200"]
            var fewest = Int.max
            while proxy["list 200"] < asked + 3 {
                fewest = min(fewest, try Usage(of: server.process.identifier).descriptors)
                usleep(20_000)
            }
            return fewest
        }
        let descriptors = try fewest()
        #expect(try fewest() <= descriptors)
        #expect(try server.stop().status == 0)
    }
}

/// Hands on to an S3 server whatever it is asked, and counts what came of it.
private final class CountingProxy {
    private final class Counts: Sendable {
        let byKind = Mutex<[String: Int]>([:])
    }

    private let server: ScriptedServer
    private let counts = Counts()

    init(before bucket: PackageBucket) throws {
        let port = try #require(bucket.server.endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        server = try ScriptedServer { [counts] connection in
            while let request = connection.request() {
                let client = try? HTTPClient(port: port)
                client?.send(request)
                guard let response = try? client?.response() else { return }
                let kind = request.split(separator: "\r\n")[0].contains("list-type=2") ? "list" : "object"
                counts.byKind.withLock { $0["\(kind) \(response.status)", default: 0] += 1 }
                let fields = response.fields.filter { $0.key != "connection" }.map { "\($0.key): \($0.value)\r\n" }
                connection.send("HTTP/1.1 \(response.status) Said\r\n\(fields.joined())\r\n")
                connection.send(response.bytes)
            }
        }
    }

    var endpoint: String { server.url }

    subscript(kind: String) -> Int { counts.byKind.withLock { $0[kind] ?? 0 } }
}
