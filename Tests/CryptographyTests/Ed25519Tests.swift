import Cryptography
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
    @Test("what a key signs, its public key accepts, and nothing else")
    func roundTrip() throws {
        let key = Ed25519.PrivateKey()
        let signature = sign("message", with: key)
        #expect(isValid(signature, for: "message", key.publicKey))
        #expect(!isValid(signature, for: "message", Ed25519.PrivateKey().publicKey))
        #expect(!isValid(signature, for: "massage", key.publicKey))
        #expect(!isValid(Array(signature.dropLast()), for: "message", key.publicKey))
    }

    @Test("test 2 of RFC 8032, section 7.1")
    func publishedVector() throws {
        let seed = try #require(
            SHA256Digest(hexadecimal: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try #require(Ed25519.PrivateKey(seed: Secret(seed.bytes)))
        #expect(key.publicKey.bytes.hexadecimal == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(
            sign("r", with: key).hexadecimal
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    }

    @Test("a key survives PEM and base64; other texts are none")
    func texts() throws {
        let key = Ed25519.PrivateKey()
        #expect(Ed25519.PrivateKey(pem: key.pem)?.publicKey == key.publicKey)
        #expect(Ed25519.PublicKey(text: Base64.standard.encode(key.publicKey.bytes)) == key.publicKey)
        #expect(Ed25519.PublicKey(text: " \(Base64.standard.encode(key.publicKey.bytes))\n") == key.publicKey)
        for text in ["", "AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", key.pem] {
            #expect(Ed25519.PublicKey(text: text) == nil)
            #expect(text == key.pem || Ed25519.PrivateKey(pem: text) == nil)
        }
    }

    private func sign(_ text: String, with key: Ed25519.PrivateKey) -> [UInt8] {
        let message = Array(text.utf8)
        return key.sign(message.span.bytes)
    }

    private func isValid(_ signature: [UInt8], for text: String, _ key: Ed25519.PublicKey) -> Bool {
        let message = Array(text.utf8)
        return key.isValid(signature, for: message.span.bytes)
    }
}
