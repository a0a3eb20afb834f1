import Artifacts
import Cryptography
import TestSupport
import Testing

@Suite("The key ring")
struct KeyRingTests {
    private func key(_ id: String, _ status: KeyStatus) throws -> SigningKey {
        try SamplePackage.key(id, .hmacSHA256, status)
    }

    @Test("rotates: both keys verify, the new one signs, the disabled one is refused by id")
    func rotation() throws {
        let ring = try KeyRing([key("2025", .active), key("2026", .primary), key("2024", .disabled)])
        #expect(try ring.signingKey().id == "2026")
        #expect(try ring.verifyingKey(id: "2025").id == "2025")
        #expect(throws: KeyError.disabled(id: "2024")) { try ring.verifyingKey(id: "2024") }
        #expect(throws: KeyError.unknown(id: "2023", known: ["2025", "2026"])) { try ring.verifyingKey(id: "2023") }
    }

    @Test("has each id once and at most one primary key")
    func mistakes() throws {
        #expect(throws: KeyError.repeatedID("a")) { try KeyRing([key("a", .active), key("a", .disabled)]) }
        #expect(throws: KeyError.twoPrimaries("a", "b")) { try KeyRing([key("a", .primary), key("b", .primary)]) }
        #expect(throws: KeyError.noPrimary) { try KeyRing([key("a", .active)]).signingKey() }
        #expect(throws: KeyError.noKeys) { try KeyRing([]).signingKey() }
    }

    @Test("takes no short secret, no id that a signature could not carry, and no material of another algorithm")
    func material() throws {
        #expect(throws: KeyError.shortSecret(id: "a", byteCount: 31)) {
            try SigningKey(id: "a", algorithm: .hmacSHA256, .secret(Secret(String(repeating: "x", count: 31))))
        }
        for id in ["", "two words", "a/b", "é", String(repeating: "x", count: 65)] {
            #expect(throws: KeyError.badID(id)) { try key(id, .active) }
        }
        #expect(throws: KeyError.otherMaterial(id: "a", .ed25519)) {
            try SigningKey(id: "a", algorithm: .ed25519, .secret(Secret(String(repeating: "x", count: 32))))
        }
        #expect(throws: KeyError.otherMaterial(id: "a", .hmacSHA256)) {
            try SigningKey(id: "a", algorithm: .hmacSHA256, .publicKey(SamplePackage.ed25519.publicKey))
        }
    }

    @Test("reads keys from files, without the white space around them")
    func files() throws {
        let folder = TemporaryFolder()
        let secret = folder.write("secret", "  a secret of at least thirty-two bytes\n")
        let key = try SigningKey(
            id: "a", algorithm: .hmacSHA256, .init(contentOf: secret, id: "a", algorithm: .hmacSHA256))
        let archive = try SamplePackage.signed(by: key)
        let same = try SamplePackage.key("a", .hmacSHA256)
        #expect(try PackageVerifier(keyRing: KeyRing([same])).verify(archive, as: nil).entries.count == 5)

        let pem = folder.write("key.pem", SamplePackage.ed25519.pem)
        let signing = try SigningKey(id: "a", algorithm: .ed25519, .init(contentOf: pem, id: "a", algorithm: .ed25519))
        #expect(signing.canSign && signing.publicKey == SamplePackage.ed25519.publicKey)
        let text = folder.write("key.pub", Base64.standard.encode(SamplePackage.ed25519.publicKey.bytes) + "\n")
        let verifying = try SigningKey(
            id: "a", algorithm: .ed25519, .init(contentOf: text, id: "a", algorithm: .ed25519))
        #expect(!verifying.canSign && verifying.publicKey == signing.publicKey)

        let other = folder.write("other", "not a key")
        #expect(throws: KeyError.notAKey(id: "a", source: other)) {
            try SigningKey.Material(contentOf: other, id: "a", algorithm: .ed25519)
        }
        let error = #expect(throws: KeyError.self) {
            try SigningKey.Material(contentOf: folder.path + "/none", id: "a", algorithm: .hmacSHA256)
        }
        #expect("\(try #require(error))" == "key 'a': \(folder.path)/none: No such file or directory")
    }

    @Test("knows the development key, which is in plain sight")
    func development() throws {
        let path = Repository.root + "/models/development.key"
        let key = try SigningKey(id: "any", algorithm: .ed25519, .init(contentOf: path, id: "any", algorithm: .ed25519))
        #expect(key.isDevelopmentKey)
        #expect(try !SamplePackage.key().isDevelopmentKey)
    }
}
