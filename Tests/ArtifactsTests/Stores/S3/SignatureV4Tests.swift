import Cryptography
import TestSupport
import Testing

@testable import Artifacts

/// A request that AWS has published with its signature.
private struct Vector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    /// Beyond the two that every request has.
    var fields: [(name: String, value: String)] = []
    var content = ""
    let signature: String

    /// The test suite of Signature Version 4: host `example.amazonaws.com`, service `service`, 2015-08-30 12:36.
    static let general: [Vector] = [
        Vector(
            testDescription: "get-vanilla",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            testDescription: "get-vanilla-query-order-key-case",
            query: [("Param2", "value2"), ("Param1", "value1")],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Vector(
            testDescription: "get-vanilla-query-unreserved",
            query: [
                (
                    "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                    "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                )
            ],
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Vector(
            testDescription: "get-utf8", path: PercentEncoding.path.encode("/ሴ"),
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Vector(
            testDescription: "get-unreserved",
            path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Vector(
            testDescription: "get-space", path: PercentEncoding.path.encode("/example space/"),
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        Vector(
            testDescription: "get-header-key-duplicate",
            fields: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        Vector(
            testDescription: "get-header-value-order",
            fields: [
                ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2"),
            ],
            signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        Vector(
            testDescription: "get-header-value-trim",
            fields: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Vector(
            testDescription: "post-vanilla", method: "POST",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector(
            testDescription: "post-header-key-sort", method: "POST", fields: [("My-Header1", "value1")],
            signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        Vector(
            testDescription: "post-vanilla-query", method: "POST", query: [("Param1", "value1")],
            signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        Vector(
            testDescription: "post-x-www-form-urlencoded", method: "POST",
            fields: [("Content-Type", "application/x-www-form-urlencoded")], content: "Param1=value1",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        Vector(
            testDescription: "post-sts-header-before", method: "POST",
            fields: [
                (
                    "X-Amz-Security-Token",
                    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeo"
                        + "IYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0"
                        + "wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FD"
                        + "rypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
                )
            ],
            signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
    ]

    /// The examples of S3's documentation: bucket `examplebucket`, 2013-05-24.
    static let s3: [Vector] = [
        Vector(
            testDescription: "GET object", path: "/test.txt", fields: [("Range", "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Vector(
            testDescription: "PUT object", method: "PUT", path: PercentEncoding.path.encode("/test$file.text"),
            fields: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            content: "Welcome to Amazon S3.",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Vector(
            testDescription: "GET bucket lifecycle", query: [("lifecycle", "")],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Vector(
            testDescription: "GET bucket (list objects)", query: [("max-keys", "2"), ("prefix", "J")],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    /// The signature as we compute it.
    func computed(_ signer: SignatureV4, host: String, time: String, sendsDigest: Bool) -> String {
        let content = Array(content.utf8)
        let digest = SHA256Digest(of: content.span.bytes).description
        var fields = fields + [("Host", host), ("X-Amz-Date", time)]
        if sendsDigest { fields.append(("x-amz-content-sha256", digest)) }
        return signer.signature(
            of: .init(method: method, path: path, query: query, fields: fields, contentDigest: digest),
            at: .init(text: time))
    }
}

@Suite("Signature Version 4")
struct SignatureV4Tests {
    @Test("is what AWS's test suite says", arguments: Vector.general)
    private func general(vector: Vector) throws {
        let credentials = try S3Credentials(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        let signer = SignatureV4(credentials: credentials, region: "us-east-1", service: "service")
        let signature = vector.computed(
            signer, host: "example.amazonaws.com", time: "20150830T123600Z", sendsDigest: false)
        #expect(signature == vector.signature)
    }

    @Test("is what S3's documentation says", arguments: Vector.s3)
    private func s3(vector: Vector) throws {
        let credentials = try S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        let signer = SignatureV4(credentials: credentials, region: "us-east-1")
        let signature = vector.computed(
            signer, host: "examplebucket.s3.amazonaws.com", time: "20130524T000000Z", sendsDigest: true)
        #expect(signature == vector.signature)
    }

    @Test("goes into one field with the scope and the names of what it covers")
    func authorization() throws {
        let credentials = try S3Credentials(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
        let signer = SignatureV4(credentials: credentials, region: "us-east-1", service: "service")
        let empty = SHA256Digest(of: [UInt8]().span.bytes).description
        let request = SignatureV4.Request(
            method: "GET", path: "/",
            fields: [("X-Amz-Date", "20150830T123600Z"), ("Host", "example.amazonaws.com")], contentDigest: empty)
        #expect(
            signer.authorization(of: request, at: .init(text: "20150830T123600Z"))
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    @Test("the time is written in sixteen characters")
    func time() {
        let now = SignatureV4.Time.now
        #expect(now.text.count == 16 && now.text.hasSuffix("Z"))
        #expect(now.day == String(now.text.prefix(8)))
    }
}
