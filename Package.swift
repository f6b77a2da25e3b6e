// swift-tools-version: 6.2
import PackageDescription

/// What every target is held to; the libraries add strict memory safety on top.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]
let library = common + [.strictMemorySafety()]

let package = Package(
    name: "TraceCore",
    platforms: [.macOS("26.0"), .iOS("26.0")],
    products: [
        .library(name: "TraceCore", targets: ["TraceCore"]),
        .library(name: "GeoKit", targets: ["GeoKit"]),
        .executable(name: "trace", targets: ["trace"]),
        .executable(name: "ping", targets: ["ping"]),
        .executable(name: "simnet", targets: ["simnet"]),
        .executable(name: "sweep", targets: ["sweep"]),
        .executable(name: "mtr", targets: ["mtr"]),
        .executable(name: "geo", targets: ["geo"]),
    ],
    targets: [
        // Headers only: nothing of it is compiled or linked.
        .systemLibrary(name: "CSystem", path: "Sources/TraceCore/System/CSystem"),
        .target(
            name: "TraceCore", dependencies: ["CSystem"], exclude: ["System/CSystem"], swiftSettings: library),
        .target(name: "GeoKit", dependencies: ["TraceCore"], swiftSettings: library),

        .target(
            name: "CommandLineKit", dependencies: ["TraceCore"],
            path: "Sources/Examples/CommandLineKit", swiftSettings: common),
        // What the programs that look into databases share, so that the others need none of GeoKit.
        .target(
            name: "GeoOptions", dependencies: ["TraceCore", "GeoKit", "CommandLineKit"],
            path: "Sources/Examples/GeoOptions", swiftSettings: common),
        .executableTarget(
            name: "trace", dependencies: ["TraceCore", "GeoKit", "CommandLineKit", "GeoOptions"],
            path: "Sources/Examples/trace", swiftSettings: common),
        .executableTarget(
            name: "ping", dependencies: ["TraceCore", "CommandLineKit"],
            path: "Sources/Examples/ping", swiftSettings: common),
        // Headers only, as above.
        .systemLibrary(name: "CNamespace", path: "Sources/Examples/simnet/CNamespace"),
        .executableTarget(
            name: "simnet", dependencies: ["TraceCore", "CommandLineKit", "CNamespace"],
            path: "Sources/Examples/simnet", exclude: ["CNamespace"], swiftSettings: common),
        .executableTarget(
            name: "sweep", dependencies: ["TraceCore", "CommandLineKit"],
            path: "Sources/Examples/sweep", swiftSettings: common),
        .executableTarget(
            name: "mtr", dependencies: ["TraceCore", "CommandLineKit", "GeoOptions"],
            path: "Sources/Examples/mtr", swiftSettings: common),
        .executableTarget(
            name: "geo", dependencies: ["TraceCore", "GeoKit", "CommandLineKit"],
            path: "Sources/Examples/geo", swiftSettings: common),

        // What must hold for any bytes at all: replayed by the tests, driven by the fuzzers in Tests/Fuzz.
        .target(
            name: "FuzzChecks", dependencies: ["TraceCore", "GeoKit"], path: "Tests/FuzzChecks",
            swiftSettings: common),
        .testTarget(
            name: "TraceCoreTests", dependencies: ["TraceCore", "FuzzChecks"],
            exclude: ["Scenarios", "Situations"], swiftSettings: common),
        .testTarget(name: "GeoKitTests", dependencies: ["GeoKit", "FuzzChecks"], swiftSettings: common),
        .testTarget(
            name: "CommandLineKitTests", dependencies: ["TraceCore", "CommandLineKit", "FuzzChecks"],
            swiftSettings: common),
        // The programs as a person meets them: started as processes.
        .testTarget(
            name: "ExampleTests", dependencies: ["TraceCore", "FuzzChecks", "trace", "ping", "mtr", "sweep", "geo"],
            swiftSettings: common),
        // Tools of others, and the programs, on the real kernel with a simulated internet behind it: as root.
        .testTarget(
            name: "LaboratoryTests", dependencies: ["TraceCore", "simnet", "trace", "ping"], swiftSettings: common),
        // Every Swift snippet of the documentation, compiled.
        .testTarget(
            name: "DocumentationTests", dependencies: ["TraceCore", "GeoKit"], swiftSettings: common),
    ]
)
