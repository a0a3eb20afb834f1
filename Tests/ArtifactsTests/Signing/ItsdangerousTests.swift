import Artifacts
import Cryptography
import Modeling
import TestSupport
import Testing

@Suite("Packages that itsdangerous signed")
struct ItsdangerousTests {
    private static let material = Repository.shared + "/models/signing"
    private static let secret = "a secret of at least thirty-two bytes"

    private func verifier(_ secrets: [String]) throws -> PackageVerifier {
        let keys = try secrets.enumerated().map { index, secret in
            try SigningKey(id: "python-\(index)", algorithm: .itsdangerous, .secret(Secret(secret)))
        }
        return PackageVerifier(keyRing: try KeyRing(keys))
    }

    private func hexadecimal(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
        }
    }

    @Test(
        "the vectors of the real signer, strictly", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func vectors() throws {
        guard case .array(let cases) = try Repository.json(of: Self.material + "/itsdangerous_vectors.json") else {
            throw VectorError()
        }
        var refusedThatPythonTakes = 0
        for vector in cases {
            guard case .string(let key)? = vector["key_utf8"], case .string(let hex)? = vector["signed_hex"] else {
                continue
            }
            let entry = ArchiveEntry(path: "signed_model.txt", content: hexadecimal(hex))
            let isTaken = (try? verifier([key]).verify(canonicalArchive(of: [entry]), as: nil)) != nil
            var note = ""
            if case .string(let text)? = vector["case"] { note = text }
            if note.contains("Python ACCEPTS") {
                refusedThatPythonTakes += 1
                #expect(!isTaken, "\(note)")
            } else {
                #expect(vector["valid"] == .boolean(isTaken), "\(note) \(hex)")
            }
        }
        #expect(cases.count > 10)
        #expect(refusedThatPythonTakes == 3)
    }

    @Test(
        "a pickle's signature is verified, and the pickle refused",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func pickle() throws {
        guard case .array(let cases) = try Repository.json(of: Self.material + "/itsdangerous_vectors.json"),
            case .string(let key)? = cases.first?["key_utf8"]
        else { throw VectorError() }
        let folder = TemporaryFolder()
        let path = Self.material + "/signed_model.pkl.gz"
        _ = try ChildProcess.run(program: "/bin/sh", ["-c", "gzip -dc '\(path)' > '\(folder.path)/model'"])
        let signed = try contents(ofFile: folder.path + "/model", limit: 64 << 20)
        let archive = canonicalArchive(of: [ArchiveEntry(path: "signed_model.pkl", content: signed)])
        #expect(throws: PackageError.pickle(entry: "signed_model.pkl")) { try verifier([key]).verify(archive, as: nil) }
        #expect(throws: PackageError.unknownSigner(entry: "signed_model.pkl")) {
            try verifier(["another key"]).verify(archive, as: nil)
        }
        #expect("\(PackageError.pickle(entry: "signed_model.pkl"))".contains("export the model to ONNX"))
    }

    @Test(
        "what the real signer signs is taken, and what is signed here the real one takes",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func realSigner() throws {
        let folder = TemporaryFolder()
        let key = try SigningKey(id: "python", algorithm: .itsdangerous, .secret(Secret(Self.secret)))
        for entry in SamplePackage.entries {
            folder.write(entry.path, String(decoding: entry.content, as: UTF8.self))
        }
        try replaceFile(at: folder.path + "/ours.zip", with: itsdangerousArchive(of: SamplePackage.entries, by: key))
        folder.write(
            "sign.py",
            """
            import sys, zipfile
            from itsdangerous import Signer
            signer = Signer(sys.argv[1])
            ours = zipfile.ZipFile("ours.zip")
            with zipfile.ZipFile("theirs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for name in ["model.yaml", "model.txt", "samples.jsonl"]:
                    content = open(name, "rb").read()
                    archive.writestr("signed_" + name, signer.sign(content))
                    assert signer.unsign(ours.read("signed_" + name)) == content
                archive.writestr("report.html", "not signed, and not read")
            """)
        let outcome = try ChildProcess.run(
            program: "/bin/sh", ["-c", "cd '\(folder.path)' && '\(Repository.python)' sign.py '\(Self.secret)'"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let archive = try contents(ofFile: folder.path + "/theirs.zip", limit: 1 << 20)
        let content = try verifier(["an older key", Self.secret]).verify(archive, as: SamplePackage.identity)
        #expect(content.provenance.signer == .init(keyID: "python-1", algorithm: .itsdangerous))
        #expect(content.entries.keys.sorted() == ["model.txt", "model.yaml", "samples.jsonl"])
        #expect(try ModelPackage(content, as: SamplePackage.identity).identity == SamplePackage.identity)
    }

    @Test("one part without a signature, or with another's, spoils the package")
    func parts() throws {
        let key = try SigningKey(id: "python", algorithm: .itsdangerous, .secret(Secret(Self.secret)))
        let signed = try readArchive(itsdangerousArchive(of: SamplePackage.entries, by: key))
        let verifier = try verifier([Self.secret])
        #expect(try verifier.verify(canonicalArchive(of: signed), as: nil).entries.count == 3)
        let bare =
            signed.filter { $0.path != "signed_samples.jsonl" } + [SamplePackage.entry("signed_samples.jsonl", "{}")]
        #expect(throws: PackageError.notSigned(entry: "signed_samples.jsonl")) {
            try verifier.verify(canonicalArchive(of: bare), as: nil)
        }
        var changed = try #require(signed.first { $0.path == "signed_model.txt" }).content
        changed[0] ^= 1
        #expect(throws: PackageError.unknownSigner(entry: "signed_model.txt")) {
            try verifier.verify(
                canonicalArchive(of: [ArchiveEntry(path: "signed_model.txt", content: changed)]), as: nil)
        }
    }
}

private struct VectorError: Error {}
