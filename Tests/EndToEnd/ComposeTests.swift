import TestSupport
import Testing

/// configuration/compose.yaml with what compose.yaml starts beside it.
@Suite(
    "The configuration of compose.yaml",
    .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"),
    .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"))
struct ComposeTests {
    private static let configuration = "configuration/compose.yaml"
    private static let path = "/api/models/insurance_charges_model/prediction"

    private func customer(age: Int) -> String {
        #"{"age":\#(age),"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#
    }

    @Test("pushes the packages into a bucket, and serves them from there behind a cache and a policy")
    func serve() throws {
        let (bucket, redis) = (try PackageBucket(), try RedisServer())
        let opa = try OPAServer(.standIn, policies: ["policies/insurance_charges_model.rego"])
        let patience = "\(ChildProcess.patience)s"
        let environment = [
            "S3_ENDPOINT": bucket.server.endpoint, "MODEL_STORE": String(bucket.location.dropLast()),
            "AWS_ACCESS_KEY_ID": bucket.server.accessKey, "AWS_SECRET_ACCESS_KEY": bucket.server.secretKey,
            "OPA_PORT": "\(opa.port)", "OPA_TIMEOUT": patience, "REDIS_PORT": "\(redis.port)",
            "REDIS_TIMEOUT": patience,
        ]
        let compose = try Repository.text(of: "compose.yaml")
        for name in [PackageBucket.iris, PackageBucket.insurance] {
            let command = ["push", "--config", Self.configuration, "models/" + name]
            #expect(compose.contains("command: [\(command.joined(separator: ", "))]"))
            let push = try ChildProcess.run(command, environment: environment)
            #expect(push.status == 0, "\(push.errors)")
        }
        let server = try RunningServer(configuration: Self.configuration, environment: environment)
        let client = try server.connect()
        for age in [42, 42, 62] {
            let answer = try client.post(Self.path, json: customer(age: age))
            #expect(answer.body.hasPrefix(age == 62 ? #"{"messages":"# : #"{"charges":"#), "\(answer.body)")
        }
        // Nobody waits for what is put into the cache.
        #expect(try comesTrue { try redis.command("DBSIZE") == "2" })
        #expect(try client.request("GET", "/api/health/ready").status == 200)
        #expect(try server.stop().status == 0)
    }
}
