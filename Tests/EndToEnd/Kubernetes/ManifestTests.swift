import Glibc
import Modeling
import TestSupport
import Testing

/// kubernetes/: what `kubectl apply -k` sends, and whether it is about the service that it starts.
@Suite("kubernetes/", .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct ManifestTests {
    /// A folder of kubernetes/.
    enum Part: String, CaseIterable {
        case base
        case policy
        case signed
        case cache
        case kserve

        var folder: String { self == .base ? "kubernetes/base" : "kubernetes/overlays/\(rawValue)" }
    }

    /// Oldest and newest that have sidecars and are looked after, and one between.
    private static let releases = ["1.33", "1.35", "1.37"]

    private static let kubectl: String? = getenv("PATH").map { String(cString: $0) }?
        .split(separator: ":").map { "\($0)/kubectl" }.first { access($0, X_OK) == 0 }

    private let folder = TemporaryFolder()

    private func manifests(_ arguments: [String]) throws -> ChildProcess.Outcome {
        try ChildProcess.run(program: Repository.python, ["Tests/EndToEnd/Kubernetes/manifests.py"] + arguments)
    }

    private func rendered(_ part: Part) throws -> String {
        // Rendering asks no cluster; the variable makes sure that none is known.
        let outcome = try ChildProcess.run(
            program: Self.kubectl ?? "", ["kustomize", part.folder], environment: ["KUBECONFIG": "/dev/null"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test("has every file that a kustomization names, and names every file", arguments: Part.allCases)
    func files(part: Part) throws {
        let outcome = try manifests(["files", part.folder])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(
        "renders to what three releases of Kubernetes take and what fits together",
        .enabled(if: Self.kubectl != nil, "no kubectl on the PATH; what kustomize makes of kubernetes/ was not seen"),
        arguments: Part.allCases)
    func check(part: Part) throws {
        let path = folder.write("rendered.yaml", try rendered(part))
        let outcome = try manifests(["check", path] + Self.releases)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(
        "is refused with a mistake in it",
        .enabled(if: Self.kubectl != nil, "no kubectl on the PATH; what kustomize makes of kubernetes/ was not seen"),
        arguments: [
            ("terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 20", "does not fit the grace"),
            ("targetPort: http", "targetPort: web", "has no such port"),
            ("containerPort: 8000", "containerPort: 8001", "the service listens on 8000"),
            ("maxReplicas: 10", "maxReplicas: 40", "the quota has"),
            ("runAsNonRoot: true", "runAsNonRoot: false", "may run as root"),
            ("averageUtilization:", "averageUtilisation:", "averageUtilisation"),
            ("            memory: 64Mi\n", "", "has not all requests"),
        ])
    func mistakes(right: String, wrong: String, message: String) throws {
        let text = try rendered(.base)
        #expect(text.contains(right))
        let path = folder.write("rendered.yaml", text.replacing(right, with: wrong))
        let outcome = try manifests(["check", path, Self.releases[0]])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test(
        "asks what the service that its configuration starts answers",
        .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"), arguments: Part.allCases)
    func probes(part: Part) throws {
        let outcome = try manifests(["probes", part.folder])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let probes = try #require(try JSON(parsing: outcome.output).object)
        #expect(probes.count >= 3)
        try withServices(part) { environment in
            let server = try RunningServer(
                configuration: part.folder + "/rest_config.yaml", environment: environment)
            let client = try server.connect()
            for probe in probes {
                let response = try client.request("GET", try #require(probe.value.string))
                #expect(response.status == 200, "\(probe.key): \(response.body)")
            }
            let prediction = try client.post(
                "/api/models/insurance_charges_model/prediction",
                json: #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#)
            #expect(prediction.body.hasPrefix(#"{"charges":"#), "\(prediction.body)")
            #expect(try server.stop().status == 0)
        }
    }

    /// Starts what the configuration names, and gives the variables that say where it is.
    private func withServices(_ part: Part, _ body: ([String: String]) throws -> Void) throws {
        switch part {
        case .base: try body([:])
        case .kserve: try body(["MODEL_STORE": "models"])
        case .policy:
            let opa = try OPAServer(.standIn, policies: ["policies/insurance_charges_model.rego"])
            try body(["OPA_PORT": "\(opa.port)", "OPA_TIMEOUT": "\(ChildProcess.patience)s"])
        case .cache:
            let redis = try RedisServer("--requirepass", "of-the-test")
            try body(["REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(redis.port)", "REDIS_PASSWORD": "of-the-test"])
        case .signed: try body(signed())
        }
    }

    /// A bucket with packages that a key of the test's own has signed, and the files that two Secrets hold.
    private func signed() throws -> [String: String] {
        let key = folder.path + "/training.key"
        #expect(try ChildProcess.run(["keygen", key]).status == 0)
        let publicKey = folder.path + "/training.pem"
        let export = try ChildProcess.run(
            program: "/usr/bin/openssl", ["pkey", "-in", key, "-pubout", "-out", publicKey])
        #expect(export.status == 0, "\(export.errors)")
        let bucket = try PackageBucket()
        for name in [PackageBucket.iris, PackageBucket.insurance] {
            let path = folder.write(name, try Repository.bytes(of: "models/" + name))
            let outcome = try ChildProcess.run(["sign", "--key", key, "--key-id", "training", path])
            #expect(outcome.status == 0, "\(outcome.errors)")
            try bucket.put(path, as: name)
        }
        let credentials = folder.write(
            "credentials",
            """
            [default]
            aws_access_key_id = \(bucket.server.accessKey)
            aws_secret_access_key = \(bucket.server.secretKey)
            """)
        return [
            "AWS_SHARED_CREDENTIALS_FILE": credentials, "MARTLET_KEY": publicKey,
            "MODEL_STORE": String(bucket.location.dropLast()), "S3_ENDPOINT": bucket.server.endpoint,
            "MODEL_CACHE": folder.path + "/cache",
        ]
    }
}
