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
        name: name, dependencies: dependencies, path: path, exclude: exclude, resources: [], swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "Martlet", targets: ["Modeling", "Commands"]),
    ],
    targets: [
        .target(name: "CLinux"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        module("EventLoop", ["CLinux"]),
        module("HTTPServer", ["EventLoop", "CLinux"]),
        module("Modeling"),
        module("YAML", ["CYAML"]),
        module("Inference", ["Modeling"]),
        module("Artifacts", ["Modeling", "YAML"]),
        module("ModelService", ["Artifacts", "Inference", "HTTPServer", "EventLoop", "Modeling", "YAML"]),
        module("Commands", ["ModelService", "Artifacts", "HTTPServer", "EventLoop", "Modeling", "YAML"]),
        .executableTarget(name: "martlet", dependencies: ["Commands"], swiftSettings: settings),

        tests("EventLoopTests", ["EventLoop", "CLinux"]),
        tests("HTTPServerTests", ["HTTPServer", "EventLoop", "CLinux"]),
        tests("ModelingTests", ["Modeling"], exclude: ["Fixtures"]),
        tests("YAMLTests", ["YAML"]),
        tests("InferenceTests", ["Inference", "Modeling"]),
        tests("ArtifactsTests", ["Artifacts", "Modeling", "YAML"]),
        tests("ModelServiceTests", ["ModelService", "Artifacts", "HTTPServer", "EventLoop", "Modeling", "YAML"]),
        tests("CommandsTests", ["Commands", "ModelService", "Modeling"]),
        tests("EndToEndTests", ["ModelService", "Modeling"], path: "Tests/EndToEnd"),
    ],
    swiftLanguageModes: [.v6]
)
