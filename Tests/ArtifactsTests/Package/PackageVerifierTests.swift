import Artifacts
import Cryptography
import Modeling
import TestSupport
import Testing

@Suite("Verifying a package")
struct PackageVerifierTests {
    private func verifier(_ keys: [SigningKey], allowsUnsigned: Bool = false) throws -> PackageVerifier {
        PackageVerifier(keyRing: try KeyRing(keys), allowsUnsigned: allowsUnsigned)
    }

    /// What a package is refused with; nothing when it is taken.
    private func complaint(
        _ archive: [UInt8], _ keys: [SigningKey], as identity: PackageIdentity? = SamplePackage.identity,
        allowsUnsigned: Bool = false
    ) throws -> String {
        let verifier = try verifier(keys, allowsUnsigned: allowsUnsigned)
        do {
            _ = try ModelPackage(verifier.verify(archive, as: identity), as: identity)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("what a key of the ring signed is taken", arguments: [SignatureAlgorithm.ed25519, .hmacSHA256])
    func accepted(algorithm: SignatureAlgorithm) throws {
        let key = try SamplePackage.key("training-2026", algorithm)
        let content = try verifier([key]).verify(SamplePackage.signed(by: key), as: SamplePackage.identity)
        #expect(content.provenance.signer == .init(keyID: "training-2026", algorithm: algorithm))
        #expect(content.provenance.created == "2026-11-20T00:00:00Z")
        #expect(content.identity == SamplePackage.identity)
        for entry in SamplePackage.entries { #expect(content.entries[entry.path] == entry.content) }
        let package = try ModelPackage(content, as: SamplePackage.identity)
        #expect(package.parameters == SamplePackage.entries[1].content)
        #expect(package.samples == SamplePackage.entries[2].content)
    }

    @Test("an Ed25519 package is verified with the public half alone")
    func publicHalf() throws {
        let key = try SigningKey(
            id: "training", algorithm: .ed25519, .publicKey(SamplePackage.ed25519.publicKey))
        #expect(try complaint(SamplePackage.signed(), [key]) == "")
        #expect(throws: KeyError.cannotSign(id: "training")) { try SamplePackage.signed(by: key) }
    }

    @Test("a package with any byte changed is refused", arguments: [SignatureAlgorithm.ed25519, .hmacSHA256])
    func everyByte(algorithm: SignatureAlgorithm) throws {
        let key = try SamplePackage.key("training", algorithm)
        let archive = try SamplePackage.signed(by: key)
        let verifier = try verifier([key])
        for index in archive.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = archive
                changed[index] ^= change
                #expect(throws: PackageError.self, "byte \(index) ^ \(change)") {
                    try verifier.verify(changed, as: SamplePackage.identity)
                }
            }
        }
    }

    @Test("a package that is cut short or goes on is refused")
    func everyLength() throws {
        let key = try SamplePackage.key()
        let archive = try SamplePackage.signed()
        let verifier = try verifier([key])
        for count in archive.indices {
            #expect(throws: PackageError.self, "\(count) bytes") {
                try verifier.verify(Array(archive[..<count]), as: SamplePackage.identity)
            }
        }
        #expect(throws: PackageError.self) { try verifier.verify(archive + [0], as: SamplePackage.identity) }
        #expect(throws: PackageError.self) { try verifier.verify([0] + archive, as: SamplePackage.identity) }
    }

    @Test("each way of tampering has a line of its own")
    func tampering() throws {
        let key = try SamplePackage.key()
        let archive = try SamplePackage.signed()
        let entries = try readArchive(archive)
        let other = try SigningKey(id: "training", algorithm: .ed25519, .privateKey(Ed25519.PrivateKey()))
        func rebuilt(_ change: (inout [ArchiveEntry]) -> Void) -> [UInt8] {
            var changed = entries
            change(&changed)
            return canonicalArchive(of: changed)
        }
        func replaced(_ path: String, _ text: String) -> [UInt8] {
            rebuilt { entries in
                entries.removeAll { $0.path == path }
                entries.append(SamplePackage.entry(path, text))
            }
        }
        #expect(try complaint(archive, [key]) == "")
        #expect(try complaint(archive, []).contains("key 'training', which the key ring does not have"))
        #expect(try complaint(archive, [SamplePackage.key("training", .ed25519, .disabled)]).contains("is disabled"))
        #expect(try complaint(archive, [SamplePackage.key("later")]).contains("(it has later); add it to 'keys'"))
        #expect(try complaint(archive, [other]).contains("the signature is not key 'training''s for this manifest"))
        #expect(
            try complaint(archive, [SamplePackage.key("training", .hmacSHA256)])
                .contains("the signature says ed25519, and the key ring has key 'training' for hmac-sha256"))
        #expect(
            try complaint(archive, [SamplePackage.key("training", .itsdangerous)])
                .contains("the key ring has key 'training' for itsdangerous"))
        #expect(
            try complaint(rebuilt { $0.append(SamplePackage.entry("notes.html", "hello")) }, [key])
                .contains("entry 'notes.html' is not in the signed manifest"))
        #expect(
            try complaint(rebuilt { $0.removeAll { $0.path == "samples.jsonl" } }, [key])
                .contains("entry 'samples.jsonl' is missing"))
        #expect(
            try complaint(replaced("model.txt", "tree\nversion=v3\n"), [key]).contains(
                "entry 'model.txt' is not the one"))
        #expect(
            try complaint(rebuilt { $0.removeAll { $0.path == "MANIFEST.sig" } }, [key])
                .contains("entry 'MANIFEST.sig' is missing"))
        #expect(
            try complaint(rebuilt { $0.removeAll { $0.path == "MANIFEST.json" } }, [key])
                .contains("entry 'MANIFEST.json' is missing"))
        for line in [
            "", "x", "martlet-signature-1 training ed25519 AAAA", "martlet-signature-1 training itsdangerous AAAA\n",
        ] {
            #expect(
                try complaint(replaced("MANIFEST.sig", line), [key]).contains(
                    "MANIFEST.sig is not what 'martlet sign' writes"))
        }
        #expect(try complaint(canonicalArchive(of: SamplePackage.entries), [key]).contains("it is not signed"))
        #expect(try complaint(canonicalArchive(of: SamplePackage.entries), [key], allowsUnsigned: true) == "")
        // A signature that is there counts, whatever is allowed.
        #expect(try complaint(archive, [other], allowsUnsigned: true).contains("is not key 'training''s"))
    }

    @Test("a signed package in another one's place is refused")
    func otherPackage() throws {
        let key = try SamplePackage.key()
        let older = PackageIdentity(qualifiedName: "price_model", version: "1.1.0", parametersVersion: "2026_11_20")
        let model = PackageIdentity(qualifiedName: "rice_model", version: "1.2.0", parametersVersion: "2026_11_20")
        for other in [older, model] {
            #expect(
                try complaint(SamplePackage.signed(), [key], as: other)
                    == "asked for was \(other), and this is price_model 1.2.0 (parameters 2026_11_20); put the right"
                    + " package in its place")
        }
        // The manifest and what it covers have to agree as well.
        #expect(
            try complaint(SamplePackage.signed(as: older), [key], as: older).contains("asked for was price_model 1.1.0")
        )
    }

    @Test("a signature for another purpose is none for a manifest")
    func domain() throws {
        let key = try SamplePackage.key()
        let entries = try readArchive(SamplePackage.signed())
        let manifest = try #require(entries.first { $0.path == "MANIFEST.json" }).content
        let bare = SamplePackage.ed25519.sign(manifest.span.bytes)
        let line = "martlet-signature-1 training ed25519 \(Base64.url.encode(bare))\n"
        let forged = canonicalArchive(
            of: entries.filter { $0.path != "MANIFEST.sig" } + [SamplePackage.entry("MANIFEST.sig", line)])
        #expect(try complaint(forged, [key]).contains("the signature is not key 'training''s"))
    }

    @Test("the digest is what sha256sum makes of sha256sum's lines")
    func digest() throws {
        let content = try verifier([SamplePackage.key()]).verify(SamplePackage.signed(), as: nil)
        let folder = TemporaryFolder()
        for entry in SamplePackage.entries { folder.write(entry.path, String(decoding: entry.content, as: UTF8.self)) }
        let outcome = try ChildProcess.run(
            program: "/bin/sh", ["-c", "cd '\(folder.path)' && LC_ALL=C sha256sum * | sha256sum | cut -c -64"])
        #expect(outcome.output == "\(content.provenance.digest)\n")
    }
}
