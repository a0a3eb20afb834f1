import Glibc
import Modeling
import TestSupport
import Testing

@Suite("Serving packages from S3", .enabled(if: RealServer.isThere, "\(RealServer.isMissing)"))
struct PackageStoreTests {
    private let folder = TemporaryFolder()

    /// Writes a configuration of the iris model.
    private func configuration(
        _ packages: String, pins: String = "", keys: String = Repository.developmentKeys, more: String = ""
    ) -> String {
        folder.write(
            "rest_config.yaml",
            """
            service_title: Stored
            models:
              - class_path: IrisModel
                configuration: {\(pins)}
            \(more)
            \(packages)
            \(keys)
            """)
    }

    private func start(_ configuration: String, _ bucket: PackageBucket) throws -> RunningServer {
        try RunningServer(configuration: configuration, environment: bucket.environment)
    }

    /// Why the service's only failing model is not there.
    private func failure(_ client: HTTPClient) throws -> String {
        let failed = try JSON(parsing: client.request("GET", "/api/models").body)["failed"]?.array
        #expect(failed?.count == 1)
        return failed?.first?["messages"]?.array?.first?.string ?? ""
    }

    private func package(_ client: HTTPClient) throws -> JSON {
        try #require(JSON(parsing: client.request("GET", "/api/models/iris_model/metadata").body)["package"])
    }

    /// Where nobody listens.
    private let deadEndpoint = "127.0.0.1:\(closedPort)"

    private let body = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#

    private func expectPrediction(_ client: HTTPClient) throws {
        let prediction = try client.post("/api/models/iris_model/prediction", json: body)
        #expect(prediction.body == #"{"species":"Iris versicolor"}"#)
        #expect(try client.request("GET", "/api/health/ready").status == 200)
    }

    /// The model is not ready for a reason of one line, and the process lives.
    private func expectFailure(_ server: RunningServer, _ reasons: String..., secret: String) throws {
        let client = try server.connect()
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        #expect(try client.post("/api/models/iris_model/prediction", json: body).status == 503)
        let found = try failure(client)
        for reason in reasons { #expect(found.contains(reason), "\(found)") }
        #expect(!found.contains("\n"))
        let outcome = try server.stop()
        #expect(outcome.status == 0)
        #expect(
            outcome.output.contains("ERROR loading: model iris_model failed to load: \(found)\n"), "\(outcome.output)")
        #expect(!(outcome.output + outcome.errors).contains(secret))
    }

    @Test("push, list, pull and serve; with the store down, the cache serves, verified anew")
    func wholeWay() throws {
        let bucket = try PackageBucket()
        let cache = folder.path + "/cache"
        let path = configuration(bucket.packages("cache: \(cache)"))
        func martlet(_ arguments: String...) throws -> ChildProcess.Outcome {
            try ChildProcess.run(arguments, environment: bucket.environment)
        }
        let pushed = try martlet("push", "--config", path, "models/" + PackageBucket.iris)
        #expect(pushed.output == "\(bucket.location)\(PackageBucket.iris)\n", "\(pushed.errors)")
        let unsigned = try ChildProcess.run(["package", "--output", folder.path, "models/iris_model"])
        let refused = try martlet("push", "--config", path, unsigned.output.split(separator: "\n").joined())
        #expect(refused.status == 1 && refused.errors.contains("it is not signed"))
        let size = try Repository.bytes(of: "models/" + PackageBucket.iris).count
        #expect(try martlet("list", "--config", path).output == "\(PackageBucket.iris)  \(size) bytes\n")
        let pulled = folder.path + "/pulled.zip"
        #expect(try martlet("pull", "--config", path, "--output", pulled, "iris_model").output == pulled + "\n")
        #expect(try Repository.bytes(of: pulled) == Repository.bytes(of: "models/" + PackageBucket.iris))

        let first = try start(path, bucket)
        try expectPrediction(first.connect())
        #expect(try package(first.connect())["location"]?.string == bucket.location + PackageBucket.iris)
        let outcome = try first.stop()
        #expect(!outcome.output.contains("WARN"))
        #expect(!(outcome.output + outcome.errors).contains(bucket.server.secretKey))
        #expect(try Repository.bytes(of: "\(cache)/\(PackageBucket.iris)").count == size)

        // Again, with what the cache holds: nothing is fetched, and nothing is wrong.
        let second = try start(path, bucket)
        try expectPrediction(second.connect())
        #expect(!(try second.stop().output.contains("WARN")))

        let endpoint = deadEndpoint
        let down = try start(configuration(bucket.packages(endpoint: endpoint, "cache: \(cache)")), bucket)
        try expectPrediction(down.connect())
        #expect(try package(down.connect())["signed_by"] == "martlet-development")
        let log = try down.stop().output
        #expect(log.contains("Connection refused") && log.contains("(4 attempts)"))
        #expect(log.contains("the package from the cache is verified and taken"), "\(log)")

        let contract = try martlet(
            "openapi", "--config", configuration(bucket.packages(endpoint: endpoint, "cache: \(cache)")))
        #expect(contract.status == 0 && contract.output.contains("/api/models/iris_model/prediction"))
        #expect(contract.errors.hasPrefix("warning: iris_model: \(bucket.location)"), "\(contract.errors)")

        // Verified means: with the keys of today.
        let keyless = try start(
            configuration(bucket.packages(endpoint: endpoint, "cache: \(cache)"), keys: "keys: []"), bucket)
        try expectFailure(
            keyless, "the package in the cache is refused: it is signed with key 'martlet-development', which",
            secret: bucket.server.secretKey)
        let uncached = try start(configuration(bucket.packages(endpoint: endpoint)), bucket)
        try expectFailure(uncached, bucket.location, "Connection refused", secret: bucket.server.secretKey)
    }

    @Test("a cached package that was tampered with is fetched anew, or refused with the store down")
    func tamperedCache() throws {
        let bucket = try PackageBucket()
        try bucket.put("models/" + PackageBucket.iris, as: PackageBucket.iris)
        let cache = folder.path + "/cache"
        let path = configuration(bucket.packages("cache: \(cache)"))
        #expect(try start(path, bucket).stop().status == 0)
        let good = try Repository.bytes(of: "\(cache)/\(PackageBucket.iris)")
        var bad = good
        bad[20_000] ^= 1
        folder.write("cache/\(PackageBucket.iris)", bad)
        let down = try start(configuration(bucket.packages(endpoint: deadEndpoint, "cache: \(cache)")), bucket)
        try expectFailure(
            down, "the package in the cache is refused: entry 'model.txt' is ", secret: bucket.server.secretKey)
        let up = try start(configuration(bucket.packages("cache: \(cache)")), bucket)
        try expectPrediction(up.connect())
        #expect(try up.stop().output.contains("the package in the cache was damaged and is fetched anew"))
        #expect(try Repository.bytes(of: "\(cache)/\(PackageBucket.iris)") == good)
    }

    @Test("a cache that is no folder does no harm")
    func badCache() throws {
        let bucket = try PackageBucket()
        try bucket.put("models/" + PackageBucket.iris, as: PackageBucket.iris)
        folder.write("cache", "a file")
        let server = try start(configuration(bucket.packages("cache: \(folder.path)/cache")), bucket)
        try expectPrediction(server.connect())
        let log = try server.stop().output
        #expect(log.contains("WARN"), "\(log)")
        #expect(log.contains("could not be kept in the cache: \(folder.path)/cache/"), "\(log)")
        #expect(log.contains("Not a directory"), "\(log)")
    }

    /// Whether an unprivileged process may mount a file system of its own.
    private static let canMount: Bool = {
        let script = "mount -t tmpfs -o size=16k tmpfs /mnt"
        let words = ["--user", "--map-root-user", "--mount", "/bin/sh", "-c", script]
        return (try? ChildProcess.run(program: "/usr/bin/unshare", words).status) == 0
    }()

    @Test(
        "a cache on a full disk does no harm",
        .enabled(if: canMount, "no file system can be mounted here ('unshare --user --mount')"))
    func fullDisk() throws {
        let bucket = try PackageBucket()
        try bucket.put("models/" + PackageBucket.iris, as: PackageBucket.iris)
        #expect(mkdir(folder.path + "/small", 0o700) == 0)
        let path = configuration(bucket.packages("cache: \(folder.path)/small/cache"))
        let martlet = "\(ChildProcess.buildFolder)/martlet serve --config \(path) --host 127.0.0.1 --port 0"
        let script = "mount -t tmpfs -o size=16k tmpfs '\(folder.path)/small' && exec \(martlet)"
        let process = try ChildProcess(
            program: "/usr/bin/unshare", ["--user", "--map-root-user", "--mount", "/bin/sh", "-c", script],
            environment: bucket.environment)
        let server = try RunningServer(process)
        try expectPrediction(server.connect())
        let log = try server.stop().output
        #expect(log.contains("could not be kept in the cache: \(folder.path)/small/cache/"), "\(log)")
        #expect(log.contains("No space left on device"), "\(log)")
    }

    @Test("a validly signed package of another model, or an older one, in the place of a package is refused")
    func swapped() throws {
        let older = try folder.irisPackage { $0.replacing("2026_11_21", with: "2025_01_01") }
        for (package, found) in [
            ("models/" + PackageBucket.insurance, "insurance_charges_model 0.1.0 (parameters 2026_11_21)"),
            (older, "iris_model 1.0.0 (parameters 2025_01_01)"),
        ] {
            let bucket = try PackageBucket()
            try bucket.put(package, as: PackageBucket.iris)
            let server = try start(configuration(bucket.packages()), bucket)
            try expectFailure(
                server,
                "\(bucket.location)\(PackageBucket.iris): asked for was iris_model 1.0.0 (parameters 2026_11_21), and this"
                    + " is \(found); put the right package in its place", secret: bucket.server.secretKey)
        }
    }

    @Test("the newest package is taken, or the one that the configuration pins")
    func pins() throws {
        let bucket = try PackageBucket()
        try bucket.put("models/" + PackageBucket.iris, as: PackageBucket.iris)
        for (version, parameters) in [("0.9.0", "2027_01_01"), ("1.0.0", "2026_9_30"), ("1.0.0", "2026_11_3")] {
            let package = try folder.irisPackage {
                $0.replacing("2026_11_21", with: parameters).replacing("version: 1.0.0", with: "version: \(version)")
            }
            try bucket.put(package, as: "iris_model-\(version)-\(parameters).zip")
        }
        for (pins, name) in [
            ("", "1.0.0-2026_11_21"), ("parameters_version: '2026_9_30'", "1.0.0-2026_9_30"),
            ("version: 0.9.0", "0.9.0-2027_01_01"),
            ("version: 1.0.0, parameters_version: 2026_11_3", "1.0.0-2026_11_3"),
            ("model_parameters_version: '2027_01_01'", "0.9.0-2027_01_01"),
        ] {
            let server = try start(configuration(bucket.packages(), pins: pins), bucket)
            let client = try server.connect()
            #expect(try package(client)["location"]?.string == "\(bucket.location)iris_model-\(name).zip", "\(pins)")
        }
        let server = try start(configuration(bucket.packages(), pins: "version: 3.0.0"), bucket)
        try expectFailure(
            server, "there is no package iris_model-3.0.0-PARAMETERS.zip; make it with", secret: bucket.server.secretKey
        )
    }

    @Test(
        "what the real itsdangerous signed is served with the reference's own keys", .enabled(if: Repository.hasPython))
    func reference() throws {
        let bucket = try PackageBucket(shared: true)
        let script = folder.write(
            "sign.py",
            """
            import sys, zipfile
            from itsdangerous import Signer
            signer = Signer("a secret of this test's own")
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
                for name in ["model.yaml", "model.txt", "samples.jsonl"]:
                    with open("models/iris_model/" + name, "rb") as file:
                        archive.writestr("signed_" + name, signer.sign(file.read()))
            """)
        let made = try ChildProcess.run(program: Repository.python, [script, folder.path + "/iris.zip"])
        #expect(made.status == 0, "\(made.errors)")
        try bucket.put(folder.path + "/iris.zip", as: PackageBucket.iris)
        for (key, secret) in [("a secret of this test's own", true), ("another secret", false)] {
            let configuration = folder.write(
                "rest_config.yaml",
                """
                service_title: Reference
                models:
                  - qualified_name: iris_model
                    class_path: iris_model.prediction.model.IrisModel
                    create_endpoint: true
                    configuration:
                      model_parameters_version: "2026_11_21"
                      model_files_bucket: models
                      minio_url: \(bucket.server.endpoint.dropFirst("http://".count))
                      minio_access_key: \(bucket.server.accessKey)
                      minio_secret_key: ${S3_SECRET}
                      parameters_signing_key: ${SIGNING_KEY}
                """)
            let server = try RunningServer(
                configuration: configuration, environment: bucket.environment.merging(["SIGNING_KEY": key]) { $1 })
            if secret {
                try expectPrediction(server.connect())
                let package = try package(server.connect())
                #expect(package["algorithm"] == "itsdangerous" && package["signed_by"] == "parameters_signing_key")
                let outcome = try server.stop()
                #expect(!(outcome.output + outcome.errors).contains(key))
            } else {
                try expectFailure(
                    server, "s3://models/\(PackageBucket.iris): no itsdangerous key of the ring signed entry 'signed_",
                    secret: key)
            }
        }
    }

    @Test("keys are rotated: add one, sign with it, disable the old one")
    func rotation() throws {
        let bucket = try PackageBucket()
        var entries: [String] = []
        for id in ["training-2026", "training-2027"] {
            let ring = try ChildProcess.run(["keygen", "\(folder.path)/\(id).key"]).output
            entries.append(ring.replacing("keys:\n", with: ""))
        }
        let archive = folder.path + "/" + PackageBucket.iris
        _ = try ChildProcess.run(program: "/bin/cp", ["models/" + PackageBucket.iris, archive])
        func sign(_ id: String) throws {
            let signed = try ChildProcess.run(["sign", "--key", "\(folder.path)/\(id).key", archive])
            #expect(signed.status == 0, "\(signed.errors)")
            try bucket.put(archive, as: PackageBucket.iris)
        }
        let disabled = entries[0].replacing("status: active", with: "status: disabled")
        // What signs the package, which ring the servers have, and which key they then name.
        for (signer, ring, refusal) in [
            ("training-2026", entries[0], nil),
            (
                "training-2027", entries[0],
                "key 'training-2027', which the key ring does not have (it has training-2026)"
            ),
            ("training-2026", entries[0] + entries[1], nil), ("training-2027", entries[0] + entries[1], nil),
            ("training-2027", disabled + entries[1], nil),
            ("training-2026", disabled + entries[1], "it is signed with key 'training-2026', which is disabled"),
        ] {
            try sign(signer)
            let server = try start(configuration(bucket.packages(), keys: "keys:\n" + ring), bucket)
            if let refusal {
                try expectFailure(
                    server, bucket.location + PackageBucket.iris, refusal, secret: bucket.server.secretKey)
            } else {
                try expectPrediction(server.connect())
                #expect(try package(server.connect())["signed_by"]?.string == signer)
            }
        }
    }

    @Test(
        "a store that misbehaves leaves its model not ready, for a reason of one line, and the others serving",
        arguments: [
            ("403 Forbidden", "access denied (403); let the access key's policy"),
            ("404 Not Found", "there is no such object; check its name and the bucket or folder"),
            ("500 Oops", "the store is failing (500, 4 attempts); look at its log"),
            ("slow", " seconds"), ("half", "ended before the end of the answer; check the server's log (4 attempts)"),
        ])
    func misbehaving(answer: String, reason: String) throws {
        let bucket = try PackageBucket(shared: true)
        try bucket.put("models/" + PackageBucket.insurance, as: PackageBucket.insurance)
        let store = try ScriptedServer { connection in
            guard connection.request() != nil else { return }
            switch answer {
            case "slow": connection.waitForClose()
            case "half": connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nPK")
            default: connection.send("HTTP/1.1 \(answer)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            }
        }
        let path = configuration(
            "model_packages: {store: s3://broken, endpoint: '\(store.url)', access_key: AKID, secret_key: \"${S3_SECRET}\","
                + " timeout: 1s}",
            pins: "version: 1.0.0, parameters_version: '2026_11_21'",
            more: """
                  - class_path: InsuranceChargesModel
                    configuration:
                      model_files_bucket: models
                      minio_url: '\(bucket.server.endpoint)'
                      minio_access_key: \(bucket.server.accessKey)
                      minio_secret_key: "${S3_SECRET}"
                """)
        let server = try start(path, bucket)
        let insurance = try server.connect().post(
            "/api/models/insurance_charges_model/prediction",
            json: #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#)
        #expect(insurance.status == 200)
        try expectFailure(
            server, "s3://broken/\(PackageBucket.iris): ", reason, secret: bucket.server.secretKey)
    }
}
