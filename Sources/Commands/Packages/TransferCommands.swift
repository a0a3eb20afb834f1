import Artifacts
import Glibc
import ModelService

extension Martlet {
    static let listCommand = Command(
        name: "list", summary: "List the packages of the configuration's store", operands: "[MODEL]",
        details: "Prints a line for each package, with its size; only those of MODEL when it is given.",
        options: [.config]
    ) { arguments, environment in
        let store = try ModelPackages(arguments.configuration(in: environment)).store()
        let packages = try await store.list(prefix: arguments.operands.first.map { "\($0)-" } ?? "")
            .compactMap { object in PackageIdentity(fileName: object.name).map { ($0, object) } }
            .sorted { ($0.0.qualifiedName, $0.0) < ($1.0.qualifiedName, $1.0) }
        for (_, object) in packages { Terminal.print("\(object.name)  \(object.byteCount) bytes") }
        if packages.isEmpty { Terminal.printError("\(store.location) has no packages") }
        return .success
    }

    static let pushCommand = Command(
        name: "push", summary: "Verify a package and put it into the configuration's store", operands: "PACKAGE",
        details: """
            Verifies PACKAGE as 'verify' does and stores it under its own name. What the servers of this configuration
            would refuse is not stored.
            """,
        options: [.config]
    ) { arguments, environment in
        let path = try arguments.operand("PACKAGE")
        let packages = ModelPackages(try arguments.configuration(in: environment))
        let store = try packages.store()
        let bytes = try contents(ofFile: path, limit: packages.limits.archiveBytes)
        let package = try naming(path) {
            try ModelPackage(packages.verifier().verify(bytes, as: identity(ofFile: path)), as: identity(ofFile: path))
        }
        let name = package.identity.fileName
        let progress = TransferProgress(name)
        try await store.put(name, from: .bytes(bytes), progress: progress.show)
        progress.finish()
        Terminal.print(store.location(of: name))
        return .success
    }

    static let pullCommand = Command(
        name: "pull", summary: "Fetch a package from the configuration's store and verify it", operands: "PACKAGE",
        details: """
            PACKAGE is a file's name as 'list' prints it, or a model's name for its newest package. What does not
            verify is not kept.
            """,
        options: [.config, .output]
    ) { arguments, environment in
        let wanted = try arguments.operand("PACKAGE")
        let packages = ModelPackages(try arguments.configuration(in: environment))
        let store = try packages.store()
        var identity = PackageIdentity(fileName: wanted)
        if identity == nil {
            identity = try await store.list(prefix: "\(wanted)-").compactMap { PackageIdentity(fileName: $0.name) }
                .filter { $0.qualifiedName == wanted }.max()
        }
        guard let identity else {
            throw Failure(message: "\(store.location): \(PackageError.notFound("\(wanted)-VERSION-PARAMETERS.zip"))")
        }
        let name = identity.fileName
        let path = arguments.outputPath(for: name)
        let limit = packages.limits.archiveBytes
        let sink = MemorySink(limit: limit)
        let progress = TransferProgress(name)
        _ = try await store.get(name, ifNoneMatch: nil, limit: limit, progress: progress.show, into: sink)
        progress.finish()
        let bytes = sink.takeBytes()
        try naming(store.location(of: name)) {
            _ = try ModelPackage(packages.verifier().verify(bytes, as: identity), as: identity)
        }
        try replaceFile(at: path, with: bytes)
        Terminal.print(path)
        return .success
    }
}
