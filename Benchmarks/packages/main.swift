import Artifacts
import Cryptography
import Glibc
import Inference

/// Measures what verification adds to the loading of a signed package.
///
///     PackageBenchmark PARAMETERS [ROUNDS]
///
/// PARAMETERS is a LightGBM text file, with `.gz` at its name's end when it is compressed. A package of it is signed
/// in both ways, written to a file and loaded ROUNDS times, by default 31. Prints the median milliseconds of CPU that
/// each step takes of this thread.
///
/// To verify is all that stands between the archive's bytes and a parser: its directory, the copy of its entries with
/// their check sums, which any zip needs and which is measured by itself too, the signature, the digests, and the
/// comparison with the canonical archive.

func cpuMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

struct Steps {
    private var times: [(name: String, milliseconds: [Double])] = []

    mutating func measure(_ name: String, _ body: () throws -> Void) rethrows {
        let start = cpuMilliseconds()
        try body()
        let time = cpuMilliseconds() - start
        if let index = times.firstIndex(where: { $0.name == name }) {
            times[index].milliseconds.append(time)
        } else {
            times.append((name, [time]))
        }
    }

    var table: String {
        let rows = times.map { name, times in
            let sorted = times.sorted()
            let figures = [sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1]].map { time in
                String((time * 100).rounded() / 100)
            }
            return "| \(name) | \(figures[0]) | \(figures[1])–\(figures[2]) |"
        }
        return rows.joined(separator: "\n")
    }
}

func load(_ path: String, rounds: Int) throws {
    let parameters = path.hasSuffix(".gz") ? "model.txt.gz" : "model.txt"
    let identity = PackageIdentity(qualifiedName: "measured_model", version: "1.0.0", parametersVersion: "1")
    let description = """
        qualified_name: \(identity.qualifiedName)
        display_name: Measured
        description: Measured.
        version: \(identity.version)
        parameters_version: '\(identity.parametersVersion)'
        format: lightgbm
        parameters: \(parameters)
        input_schema: {title: In, type: object, properties: {x: {type: number}}, required: [x]}
        output_schema: {title: Out, type: object, properties: {y: {type: number}}, required: [y]}
        features: [x]
        output: {y: {value: prediction}}

        """
    let limit = PackageLimits().archiveBytes
    let entries = [
        ArchiveEntry(path: ModelPackage.descriptionPath, content: Array(description.utf8)),
        ArchiveEntry(path: parameters, content: try contents(ofFile: path, limit: limit)),
    ]
    let keys = [
        try SigningKey(id: "a", algorithm: .ed25519, .privateKey(Ed25519.PrivateKey())),
        try SigningKey(id: "b", algorithm: .hmacSHA256, .secret(Secret(randomBytes(SigningKey.fewestSecretBytes)))),
    ]
    let verifier = PackageVerifier(keyRing: try KeyRing(keys))
    print("| step | ms | range |\n|---|---:|---:|")
    for key in keys {
        let file = "/tmp/martlet-benchmark-\(getpid()).zip"
        defer { unlink(file) }
        let archive = try signedArchive(of: entries, as: identity, created: "2026-11-20T00:00:00Z", by: key)
        try replaceFile(at: file, with: archive)
        var steps = Steps()
        for _ in 0..<rounds {
            var bytes: [UInt8] = []
            try steps.measure("read \(archive.count) bytes") { bytes = try contents(ofFile: file, limit: limit) }
            steps.measure("read the zip's entries, as without a signature") { _ = try? readArchive(bytes) }
            var content: VerifiedContent?
            try steps.measure("the same and verify, \(key.algorithm.rawValue)") {
                content = try verifier.verify(bytes, as: identity)
            }
            guard let content else { return }
            var package: ModelPackage?
            try steps.measure("model.yaml, and decompressing the parameters") {
                package = try ModelPackage(content, as: identity)
            }
            guard let package else { return }
            try steps.measure("parse and compile the trees") {
                _ = try LightGBMModel(text: package.parameters.span.bytes)
            }
        }
        print(steps.table)
    }
}

let arguments = CommandLine.arguments
guard arguments.count >= 2, let rounds = Int(arguments.count > 2 ? arguments[2] : "31"), rounds > 0 else {
    fatalError("usage: PackageBenchmark PARAMETERS [ROUNDS]")
}
do { try load(arguments[1], rounds: rounds) } catch { fatalError("\(error)") }
