import Testing

@testable import Artifacts

@Suite("An S3 endpoint")
struct S3EndpointTests {
    @Test(
        "is written in several forms",
        arguments: [
            (nil, "models", nil, "https://models.s3.eu-west-1.amazonaws.com/a"),
            (nil, "my.models", nil, "https://s3.eu-west-1.amazonaws.com/my.models/a"),
            (nil, "models", true, "https://s3.eu-west-1.amazonaws.com/models/a"),
            ("minio:9000", "models", nil, "http://minio:9000/models/a"),
            ("http://minio:9000", "models", nil, "http://minio:9000/models/a"),
            ("http://minio:9000/", "models", nil, "http://minio:9000/models/a"),
            ("https://Minio.example", "models", nil, "https://minio.example/models/a"),
            ("https://minio.example:443", "models", nil, "https://minio.example/models/a"),
            ("http://minio:80", "models", nil, "http://minio/models/a"),
            ("https://s3.example:9000", "models", false, "https://models.s3.example:9000/a"),
            ("[::1]:9000", "models", nil, "http://[::1]:9000/models/a"),
        ] as [(String?, String, Bool?, String)])
    func forms(text: String?, bucket: String, usesPathStyle: Bool?, url: String) throws {
        let endpoint = try S3Endpoint(text, region: "eu-west-1", bucket: bucket, usesPathStyle: usesPathStyle)
        #expect("\(endpoint.scheme)://\(endpoint.host)\(endpoint.path("a"))" == url)
    }

    @Test(
        "and its bucket and region are refused when they are none",
        arguments: [
            ("ftp://minio:9000", "models", "eu", "the endpoint 'ftp://minio:9000' is not"),
            ("minio:9000/path", "models", "eu", "is not host:port"),
            ("user@minio:9000", "models", "eu", "is not host:port"),
            ("minio:port", "models", "eu", "is not host:port"),
            ("minio:0", "models", "eu", "is not host:port"),
            ("", "models", "eu", "is not host:port"),
            ("minio:9000", "a/b", "eu", "a bucket's name has"),
            ("minio:9000", "ab", "eu", "a bucket's name has"),
            ("minio:9000", "a..b", "eu", "a bucket's name has"),
            ("minio:9000", "models", "eu/x", "'eu/x' is not a region"),
            ("minio:9000", "models", "", "'' is not a region"),
        ])
    func refused(text: String, bucket: String, region: String, message: String) {
        let error = #expect(throws: StoreError.self) {
            try S3Endpoint(text, region: region, bucket: bucket, usesPathStyle: nil)
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("encodes keys as they are signed")
    func paths() throws {
        let endpoint = try S3Endpoint("minio:9000", region: "eu", bucket: "models", usesPathStyle: nil)
        #expect(endpoint.path("") == "/models")
        #expect(endpoint.path("a/b c+d=ü~'.zip") == "/models/a/b%20c%2Bd%3D%C3%BC~%27.zip")
        #expect(endpoint.path("../x//y") == "/models/../x//y")
    }
}
