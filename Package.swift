// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // `~Escapable` views of a request's bytes name what they borrow from (SE-0446 types, pre-SE annotations).
    .enableExperimentalFeature("Lifetimes"),
]

/// A target of ours; a test target mirrors each one.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], path: String? = nil, exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], path: path, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "Martlet", targets: ["Modeling", "ModelService", "Commands"]),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "CVector"),
        // The files are embedded by the compiler, not copied beside the binary.
        .target(name: "CDocumentation", exclude: ["page", "swagger-ui"]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Loaded when it is needed, from libcurl4.
        .target(name: "CCurl"),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        module("EventLoop", ["CLinux"]),
        module("HTTPServer", ["EventLoop", "CLinux"]),
        module("HTTPClient", ["EventLoop", "CCurl", "CLinux"]),
        module("Cryptography", ["CCrypto"]),
        module("Modeling"),
        module("YAML", ["CYAML", "Modeling"]),
        module("Inference", ["Modeling", "CVector"]),
        module("Artifacts", ["Modeling", "YAML", "Cryptography", "EventLoop", "HTTPClient", "CZip", "CZlib"]),
        module("Tracing", ["Modeling", "HTTPClient", "EventLoop"]),
        module("Decorators", ["Modeling", "Tracing", "HTTPClient", "EventLoop", "Cryptography", "CHiredis", "CZlib"]),
        module(
            "ModelService",
            [
                "Decorators", "Artifacts", "Cryptography", "Inference", "HTTPClient", "HTTPServer", "EventLoop",
                "Modeling", "Tracing", "YAML", "CDocumentation", "CLinux",
            ]),
        module(
            "Commands",
            [
                "ModelService", "Artifacts", "Cryptography", "Inference", "HTTPClient", "HTTPServer", "EventLoop",
                "Modeling", "YAML",
            ]),
        .executableTarget(name: "martlet", dependencies: ["Commands"], swiftSettings: settings),

        .executableTarget(
            name: "BodyMassIndex", dependencies: ["Commands", "Modeling"], path: "Examples/BodyMassIndex",
            exclude: ["rest_config.yaml", "rounded.yaml"], swiftSettings: settings),
        .executableTarget(
            name: "InferenceBenchmark", dependencies: ["Inference"], path: "Benchmarks/inference",
            swiftSettings: settings),
        .executableTarget(
            name: "PackageBenchmark", dependencies: ["Artifacts", "Cryptography", "Inference"],
            path: "Benchmarks/packages", swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["CLinux", "Modeling", "YAML"], path: "Tests/Support",
            exclude: ["Servers"], swiftSettings: settings),
        tests("EventLoopTests", ["EventLoop", "CLinux"]),
        tests("HTTPServerTests", ["HTTPServer", "EventLoop", "CLinux"]),
        tests("HTTPClientTests", ["HTTPClient", "EventLoop", "HTTPServer"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("ModelingTests", ["Modeling"], exclude: ["Fixtures"]),
        tests("YAMLTests", ["YAML", "Modeling"], exclude: ["Fixtures"]),
        tests("InferenceTests", ["Inference", "Modeling"], exclude: ["Fixtures"]),
        tests(
            "ArtifactsTests", ["Artifacts", "Cryptography", "EventLoop", "HTTPClient", "Modeling", "YAML"],
            exclude: ["Servers"]),
        tests("TracingTests", ["Tracing", "EventLoop", "HTTPClient", "Modeling"]),
        tests(
            "DecoratorsTests", ["Decorators", "Cryptography", "EventLoop", "HTTPClient", "Modeling", "Tracing"],
            exclude: ["Redis/messagepack.py"]),
        tests(
            "ModelServiceTests",
            [
                "ModelService", "Artifacts", "Cryptography", "Decorators", "HTTPClient", "HTTPServer", "EventLoop",
                "Modeling", "Tracing", "YAML",
            ],
            exclude: ["Configuration/Fixtures", "Metrics/Golden"]),
        tests("CommandsTests", ["Commands", "ModelService", "Modeling"], exclude: ["Golden"]),
        tests(
            "EndToEndTests", ["martlet", "BodyMassIndex", "Modeling"], path: "Tests/EndToEnd",
            exclude: [
                "Browser", "Clients", "Contract/generated_clients.py", "Kubernetes/manifests.py", "Metrics/parse.py",
                "Top/terminal.py",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzz target is built by `make fuzz` alone, with flags that nothing else is built with.
if Context.environment["MARTLET_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: ["Inference", "Artifacts", "Cryptography", "ModelService", "HTTPServer", "Modeling"],
            path: "Tests/Fuzz", exclude: ["Seeds", "fuzz.sh", "seeds.py"], swiftSettings: settings))
}
