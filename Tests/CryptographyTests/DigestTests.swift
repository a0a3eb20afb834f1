import Cryptography
import Testing

@Suite("Digests and codes")
struct DigestTests {
    @Test(
        "SHA-256 of FIPS 180-4's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func sha256(text: String, digest: String) {
        let bytes = Array(text.utf8)
        let whole = SHA256Digest(of: bytes.span.bytes)
        #expect("\(whole)" == digest)
        #expect(SHA256Digest(hexadecimal: digest)?.bytes.hexadecimal == digest)
        var hasher = SHA256Hasher()
        for byte in bytes {
            let piece = [byte]
            hasher.update(piece.span.bytes)
        }
        let pieces = hasher.finish()
        #expect(pieces == whole)
    }

    @Test("HMAC of RFC 4231, case 2, and RFC 2202, case 2")
    func hmac() {
        let (key, message) = (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        let sha256 = HMAC.sha256(message.span.bytes, key: key.span.bytes)
        #expect(sha256.hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let sha1 = HMAC.sha1(message.span.bytes, key: key.span.bytes)
        #expect(sha1.hexadecimal == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    }

    @Test("texts are equal when every byte is")
    func constantTime() {
        let bytes: [UInt8] = [1, 2, 3]
        for other: [UInt8] in [[1, 2, 3], [], [1, 2], [1, 2, 4], [1, 2, 3, 0]] {
            let isEqual = isEqualInConstantTime(bytes.span.bytes, other.span.bytes)
            #expect(isEqual == (bytes == other))
        }
    }

    @Test("random bytes are not twice the same")
    func random() {
        #expect(randomBytes(32) != randomBytes(32))
        #expect(randomBytes(0) == [])
    }

    @Test("a secret does not show itself")
    func secrets() {
        let secret = Secret("do not print me")
        #expect("\(secret)" == "(secret)")
        #expect(!"\(String(reflecting: secret)) \(["key": secret])".contains("print"))
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("print"))
        #expect(secret == Secret("do not print me"))
        #expect(secret != Secret("do not print it"))
    }
}

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the vectors of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.standard.encode(Array(text.utf8)) == encoded)
        #expect(Base64.standard.decode(Array(encoded.utf8)) == Array(text.utf8))
        let bare = encoded.filter { $0 != "=" }
        #expect(Base64.url.encode(Array(text.utf8)) == bare)
        #expect(Base64.url.decode(Array(bare.utf8)) == Array(text.utf8))
    }

    @Test(
        "only the canonical text is decoded",
        arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Zm9v\n", "Zm-_", "Z", "=", "Zg==Zg=="])
    func canonical(text: String) {
        #expect(Base64.standard.decode(Array(text.utf8)) == nil)
    }
}
