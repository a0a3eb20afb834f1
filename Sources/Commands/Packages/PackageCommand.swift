import Artifacts
import Glibc
import ModelService

extension Martlet {
    static let packageCommand = Command(
        name: "package", summary: "Make a package of a folder", operands: "FOLDER",
        details: """
            Reads FOLDER's model.yaml, loads the parameters, replays the samples, and writes all files but hidden ones
            to NAME-VERSION-PARAMETERS.zip, unsigned. The same files make the same bytes.
            """,
        options: [.output]
    ) { arguments, _ in
        let folder = PackageFolder(try arguments.operand("FOLDER"))
        let (entries, package, summary) = try naming(folder.path) {
            let entries = try folder.allEntries()
            // Somebody's own folder, so nothing has to be verified.
            let verifier = try PackageVerifier(keyRing: KeyRing([]), allowsUnsigned: true)
            let package = try ModelPackage(verifier.content(unsigned: entries))
            return (entries, package, try package.makeModel().1)
        }
        let path = arguments.outputPath(for: package.identity.fileName)
        let archive = canonicalArchive(of: entries)
        try replaceFile(at: path, with: archive)
        let samples = package.samples == nil ? "no samples" : "samples replayed"
        Terminal.printError(
            "\(package.identity): \(summary), \(samples); \(entries.count) files, \(archive.count) bytes; not signed yet"
        )
        Terminal.print(path)
        return .success
    }

    static let signCommand = Command(
        name: "sign", summary: "Sign a package", operands: "PACKAGE",
        details: """
            Adds MANIFEST.json, which has the digest of every file, and MANIFEST.sig, its signature by the primary key
            of the configuration or by --key. A signature that is there is replaced. The time in the manifest is
            SOURCE_DATE_EPOCH's if that is set. A key for itsdangerous signs each file by itself, as signed_NAME.
            """,
        options: [.config, .key, .keyID, .keyAlgorithm, .output]
    ) { arguments, environment in
        let path = try arguments.operand("PACKAGE")
        let key =
            try arguments.keyFile() ?? ModelPackages(arguments.configuration(in: environment)).keyRing().signingKey()
        let limits = PackageLimits()
        let bytes = try contents(ofFile: path, limit: limits.archiveBytes)
        let (archive, signed, described) = try naming(path) {
            let entries = try readArchive(bytes, limits: limits)
            let described = try entries.first { $0.path == ModelPackage.descriptionPath }.map {
                try ModelPackage.description($0.content).identity
            }
            guard let described else { throw PackageError.missingEntry(ModelPackage.descriptionPath) }
            if let named = identity(ofFile: path), named != described {
                throw PackageError.otherPackage(asked: "\(named)", found: "\(described)")
            }
            let created = Timestamp(seconds: environment.variables["SOURCE_DATE_EPOCH"].flatMap { Int($0) })
            let archive =
                key.algorithm == .itsdangerous
                ? try itsdangerousArchive(of: entries, by: key)
                : try signedArchive(of: entries, as: described, created: "\(created)", by: key)
            // What was written is what a server will take.
            return (archive, try PackageVerifier(keyRing: KeyRing([key])).verify(archive, as: described), described)
        }
        let output = arguments[.output] == nil ? path : arguments.outputPath(for: described.fileName)
        try replaceFile(at: output, with: archive)
        Terminal.printError("signed by \(key.id) (\(key.algorithm.rawValue)), sha256 \(signed.provenance.digest)")
        Terminal.print(output)
        return .success
    }

    static let verifyCommand = Command(
        name: "verify", summary: "Verify a package's signature, and every byte of it", operands: "PACKAGE",
        details: """
            Checks PACKAGE with the keys of the configuration or with --key, as a server does before it reads anything
            in it, and that it is the package that its file's name says. Prints what was signed and by whom.
            """,
        options: [.config, .key, .keyID, .keyAlgorithm]
    ) { arguments, environment in
        let path = try arguments.operand("PACKAGE")
        let verifier = try arguments.verifier(in: environment)
        let bytes = try contents(ofFile: path, limit: PackageLimits().archiveBytes)
        let (package, content) = try naming(path) {
            let content = try verifier.verify(bytes, as: identity(ofFile: path))
            return (try ModelPackage(content, as: identity(ofFile: path)), content)
        }
        let provenance = package.provenance
        Terminal.print("\(package.identity)")
        Terminal.print(
            provenance.signer.map { "  signed by  \($0.keyID) (\($0.algorithm.rawValue))" } ?? "  not signed")
        if let created = provenance.created { Terminal.print("  created    \(created)") }
        Terminal.print("  sha256     \(provenance.digest)")
        for path in content.entries.keys.sorted() {
            Terminal.print("  \(path), \(content.entries[path]?.count ?? 0) bytes")
        }
        return .success
    }
}

/// Whether there is a folder at `path`.
func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
}
