import Artifacts
import Cryptography
import TestSupport
import Testing

@testable import ModelService

@Suite("Stores and keys of a configuration")
struct PackagesConfigurationTests {
    private static let environment = [
        "S3_SECRET": "hidden one", "S3_TOKEN": "hidden two", "SIGNING_SECRET": "hidden three, with more than 32 bytes",
    ]

    @Test("everything given is read")
    func everything() throws {
        let service = try ServiceConfiguration.load(
            path: "\(configurationFixtures)/good/packages.yaml", environment: Self.environment)
        #expect(service.warnings.isEmpty)
        var location = S3Location(bucket: "models", prefix: "credit/")
        location.endpoint = "https://minio:9000"
        location.region = "eu-west-1"
        location.usesPathStyle = false
        location.accessKey = "AKID"
        location.secretKey = Secret("hidden one")
        location.sessionToken = Secret("hidden two")
        location.authorities = "/etc/ca.pem"
        location.timeout = .seconds(20)
        var packages = PackagesConfiguration()
        packages.location = .s3(location)
        packages.cache = "/var/cache/martlet"
        packages.limits.archiveBytes = 1 << 20
        packages.limits.entries = 10
        packages.limits.entryBytes = 2 << 20
        packages.limits.totalBytes = 3 << 20
        packages.limits.ratio = 50
        #expect(service.modelPackages == packages)
        #expect(
            service.keys == [
                KeyConfiguration(
                    id: "training-2026", algorithm: .ed25519, status: .primary,
                    source: .file("/run/secrets/training.key")),
                KeyConfiguration(
                    id: "training-2025", algorithm: .ed25519, status: .active,
                    source: .publicKey("J1+xpgKbA/NzToHpl13RmFkTlaa6W72LLZrZhNNmSsc=")),
                KeyConfiguration(
                    id: "shared", algorithm: .hmacSHA256, status: .disabled,
                    source: .secret(Secret("hidden three, with more than 32 bytes"))),
                KeyConfiguration(
                    id: "python", algorithm: .itsdangerous, status: .active, source: .secret(Secret("short"))),
            ])
    }

    @Test(
        "a store is a folder or a bucket, in a word or a mapping",
        arguments: [
            ("packages", .folder("packages")), ("file:/srv/models", .folder("/srv/models")),
            ("s3://bucket", .s3(S3Location(bucket: "bucket"))), ("s3://bucket/", .s3(S3Location(bucket: "bucket"))),
            ("s3://bucket/a/b", .s3(S3Location(bucket: "bucket", prefix: "a/b/"))),
            ("s3://bucket/a/", .s3(S3Location(bucket: "bucket", prefix: "a/"))),
        ] as [(String, PackagesConfiguration.Location)])
    func locations(text: String, location: PackagesConfiguration.Location) throws {
        #expect(try configuration("model_packages: \(text)").modelPackages.location == location)
        #expect(try configuration("model_packages: {store: '\(text)'}").modelPackages.location == location)
    }

    @Test("nothing that describes a configuration shows its secrets")
    func secrets() throws {
        let service = try ServiceConfiguration.load(
            path: "\(configurationFixtures)/good/packages.yaml", environment: Self.environment)
        var shown = "\(service) \(service.outline)"
        dump(service, to: &shown)
        #expect(shown.contains("minio:9000") && shown.contains("training-2026"))
        #expect(!shown.contains("hidden"))
    }

    @Test("a key that can't be had is told by its id when the ring is made")
    func ring() throws {
        let folder = TemporaryFolder()
        folder.write("short.key", "too short\n")
        folder.write("other.key", "this is no PEM\n")
        for (entry, message) in [
            ("algorithm: hmac-sha256, file: \(folder.path)/short.key", "key 'k': the secret has 9 bytes"),
            (
                "algorithm: ed25519, file: \(folder.path)/other.key",
                "key 'k': \(folder.path)/other.key holds no Ed25519"
            ),
            ("algorithm: ed25519, file: \(folder.path)/no.key", "key 'k': \(folder.path)/no.key: No such file"),
        ] {
            let service = try configuration("keys: [{id: k, \(entry)}]")
            let error = #expect(throws: KeyError.self) { try ModelPackages(service).keyRing() }
            #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
            #expect(error?.description.contains("too short") == false)
        }
    }
}
