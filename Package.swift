// swift-tools-version: 6.2
import Foundation
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

/// Whether another package brought this one along: SwiftPM checks it out beside the state of that one's workspace.
/// For a dependency by path, which cannot be told from a clone, `TRACECORE_LIBRARIES_ONLY` says it.
let isDependency =
    Context.environment["TRACECORE_LIBRARIES_ONLY"] != nil
    || FileManager.default.fileExists(atPath: Context.packageDirectory + "/../../workspace-state.json")

let libraries: [Product] = [
    .library(name: "TraceCore", targets: ["TraceCore"]),
    .library(name: "GeoKit", targets: ["GeoKit"]),
]
/// SwiftPM gives all products of a graph one folder: of two programs called `ping` it silently builds one. A package
/// that depends on this one may have its own, so it gets the libraries only.
let programs: [Product] = [
    .executable(name: "trace", targets: ["TraceCoreTrace"]),
    .executable(name: "ping", targets: ["TraceCorePing"]),
    .executable(name: "simnet", targets: ["TraceCoreSimnet"]),
    .executable(name: "sweep", targets: ["TraceCoreSweep"]),
    .executable(name: "mtr", targets: ["TraceCoreMTR"]),
    .executable(name: "geo", targets: ["TraceCoreGeo"]),
    .executable(name: "lookingglass", targets: ["TraceCoreLookingGlass"]),
    .executable(name: "pathwatch", targets: ["TraceCorePathwatch"]),
    .executable(name: "cloudbench", targets: ["TraceCoreCloudBench"]),
]

let package = Package(
    name: "TraceCore",
    platforms: [.macOS("26.0"), .iOS("26.0")],
    products: isDependency ? libraries : libraries + programs,
    targets: [
        // Headers only: nothing of it is compiled or linked.
        .systemLibrary(name: "CTraceCoreSystem", path: "Sources/TraceCore/System/CTraceCoreSystem"),
        .target(
            name: "TraceCore", dependencies: ["CTraceCoreSystem"], exclude: ["System/CTraceCoreSystem"],
            swiftSettings: library),
        .target(name: "GeoKit", dependencies: ["TraceCore"], swiftSettings: library),

        .target(
            name: "TraceCoreCommandLine", dependencies: ["TraceCore"],
            path: "Sources/Examples/CommandLineKit", swiftSettings: common),
        // What the programs that look into databases share, so that the others need none of GeoKit.
        .target(
            name: "TraceCoreGeoOptions", dependencies: ["TraceCore", "GeoKit", "TraceCoreCommandLine"],
            path: "Sources/Examples/GeoOptions", swiftSettings: common),
        // Headers only, as above.
        .systemLibrary(name: "CTraceCoreCurl", path: "Sources/Examples/HTTPKit/CTraceCoreCurl"),
        .target(
            name: "TraceCoreHTTP", dependencies: ["TraceCore", "CTraceCoreCurl"], path: "Sources/Examples/HTTPKit",
            exclude: ["CTraceCoreCurl"], swiftSettings: common),
        .target(
            name: "TraceCorePages", dependencies: ["TraceCore", "GeoKit"], path: "Sources/Examples/PageKit",
            resources: [
                .embedInCode("Assets/page.css"), .embedInCode("Assets/page.js"), .embedInCode("Assets/icon.svg"),
            ],
            swiftSettings: common),
        // What every program has that answers requests, or asks those that do.
        .target(
            name: "TraceCoreServer",
            dependencies: ["TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreHTTP", "TraceCorePages"],
            path: "Sources/Examples/ServerKit", swiftSettings: common),
        // Headers only, as above.
        .systemLibrary(name: "CTraceCoreSQLite", path: "Sources/Examples/PathStore/CTraceCoreSQLite"),
        .target(
            name: "TraceCorePathStore", dependencies: ["TraceCore", "CTraceCoreSQLite"],
            path: "Sources/Examples/PathStore", exclude: ["CTraceCoreSQLite"], swiftSettings: common),
        // Who is told, and how.
        .target(
            name: "TraceCoreReceivers", dependencies: ["TraceCore", "TraceCoreHTTP"],
            path: "Sources/Examples/Receivers", swiftSettings: common),
        // What many vantage points have in one place, and what they are asked together.
        .target(
            name: "TraceCoreFleet",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreHTTP", "TraceCorePages", "TraceCorePathStore",
                "TraceCoreReceivers",
            ],
            path: "Sources/Examples/FleetKit", swiftSettings: common),
        // What watches paths day and night, and decides when to tell.
        .target(
            name: "TraceCoreWatch",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreHTTP", "TraceCorePages", "TraceCorePathStore",
                "TraceCoreFleet", "TraceCoreReceivers", "TraceCoreServer",
            ],
            path: "Sources/Examples/WatchKit", swiftSettings: common),
        // Which clouds there are, and which is nearest.
        .target(
            name: "TraceCoreCloud",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreHTTP", "TraceCorePages", "TraceCorePathStore",
                "TraceCoreServer",
            ],
            path: "Sources/Examples/CloudKit",
            resources: [.embedInCode("catalogue.txt")], swiftSettings: common),
        .executableTarget(
            name: "TraceCoreTrace",
            dependencies: ["TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreGeoOptions", "TraceCoreServer"],
            path: "Sources/Examples/trace", swiftSettings: common),
        .executableTarget(
            name: "TraceCorePing", dependencies: ["TraceCore", "TraceCoreCommandLine"],
            path: "Sources/Examples/ping", swiftSettings: common),
        // Headers only, as above.
        .systemLibrary(name: "CTraceCoreNamespace", path: "Sources/Examples/simnet/CTraceCoreNamespace"),
        .executableTarget(
            name: "TraceCoreSimnet", dependencies: ["TraceCore", "TraceCoreCommandLine", "CTraceCoreNamespace"],
            path: "Sources/Examples/simnet", exclude: ["CTraceCoreNamespace"], swiftSettings: common),
        .executableTarget(
            name: "TraceCoreSweep", dependencies: ["TraceCore", "TraceCoreCommandLine"],
            path: "Sources/Examples/sweep", swiftSettings: common),
        .executableTarget(
            name: "TraceCoreMTR", dependencies: ["TraceCore", "TraceCoreCommandLine", "TraceCoreGeoOptions"],
            path: "Sources/Examples/mtr", swiftSettings: common),
        .executableTarget(
            name: "TraceCoreGeo", dependencies: ["TraceCore", "GeoKit", "TraceCoreCommandLine"],
            path: "Sources/Examples/geo", swiftSettings: common),

        .executableTarget(
            name: "TraceCoreLookingGlass",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreGeoOptions", "TraceCoreHTTP", "TraceCorePages",
                "TraceCoreServer",
            ],
            path: "Sources/Examples/lookingglass", swiftSettings: common),

        .executableTarget(
            name: "TraceCorePathwatch",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreGeoOptions", "TraceCoreHTTP", "TraceCorePages",
                "TraceCoreFleet", "TraceCorePathStore", "TraceCoreReceivers", "TraceCoreServer", "TraceCoreWatch",
            ],
            path: "Sources/Examples/pathwatch", swiftSettings: common),

        .executableTarget(
            name: "TraceCoreCloudBench",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCommandLine", "TraceCoreGeoOptions", "TraceCoreHTTP",
                "TraceCorePathStore",
                "TraceCoreServer", "TraceCoreCloud",
            ],
            path: "Sources/Examples/cloudbench", swiftSettings: common),

        // What must hold for any bytes at all: replayed by the tests, driven by the fuzzers in Tests/Fuzz.
        .target(
            name: "TraceCoreFuzzChecks", dependencies: ["TraceCore", "GeoKit", "TraceCoreHTTP"],
            path: "Tests/FuzzChecks",
            swiftSettings: common),
        // How many tests run at once, for all of them.
        .target(name: "TraceCoreTestWidth", path: "Tests/Width", publicHeadersPath: "include"),
        .testTarget(
            name: "TraceCoreTests", dependencies: ["TraceCore", "TraceCoreFuzzChecks", "TraceCoreTestWidth"],
            exclude: ["Scenarios", "Situations"], swiftSettings: common),
        .testTarget(name: "GeoKitTests", dependencies: ["GeoKit", "TraceCoreFuzzChecks"], swiftSettings: common),
        .testTarget(
            name: "CommandLineKitTests", dependencies: ["TraceCore", "TraceCoreCommandLine", "TraceCoreFuzzChecks"],
            exclude: ["PathScreen/Screens"], swiftSettings: common),
        .testTarget(
            name: "PathStoreTests", dependencies: ["TraceCore", "TraceCorePathStore", "TraceCoreFuzzChecks"],
            swiftSettings: common),
        .testTarget(
            name: "HTTPKitTests", dependencies: ["TraceCoreHTTP"], exclude: ["RequestVectors.txt"],
            swiftSettings: common),
        .testTarget(
            name: "ReceiversTests", dependencies: ["TraceCore", "TraceCoreHTTP", "TraceCoreReceivers"],
            swiftSettings: common),
        .testTarget(
            name: "WatchKitTests",
            dependencies: [
                "TraceCore", "TraceCoreFleet", "TraceCoreHTTP", "TraceCorePathStore", "TraceCoreReceivers",
                "TraceCoreServer", "TraceCoreWatch",
            ],
            exclude: ["Situations"], swiftSettings: common),
        .testTarget(
            name: "FleetKitTests",
            dependencies: [
                "TraceCore", "TraceCoreFleet", "TraceCoreHTTP", "TraceCorePathStore", "TraceCoreWatch",
            ], swiftSettings: common),
        .testTarget(
            name: "CloudKitTests",
            dependencies: [
                "TraceCore", "GeoKit", "TraceCoreCloud", "TraceCoreCommandLine", "TraceCoreFuzzChecks",
                "TraceCorePathStore",
            ],
            swiftSettings: common),
        // The programs as a person meets them: started as processes.
        .testTarget(
            name: "ExampleTests",
            dependencies: [
                "TraceCore", "TraceCoreFuzzChecks", "TraceCoreTrace", "TraceCorePing", "TraceCoreMTR", "TraceCoreSweep",
                "TraceCoreGeo", "TraceCoreCloudBench",
            ],
            exclude: ["WrongCalls.txt"], swiftSettings: common),
        .testTarget(
            name: "LookingGlassTests",
            dependencies: [
                "TraceCore", "TraceCoreHTTP", "TraceCoreLookingGlass", "TraceCoreTrace", "TraceCoreCloudBench",
            ],
            swiftSettings: common),
        .testTarget(
            name: "PathwatchTests",
            dependencies: ["TraceCore", "TraceCoreHTTP", "TraceCorePathStore", "TraceCoreWatch", "TraceCorePathwatch"],
            swiftSettings: common),
        // Tools of others, and the programs, on the real kernel with a simulated internet behind it: as root.
        .testTarget(
            name: "LaboratoryTests",
            dependencies: [
                "TraceCore", "TraceCoreSimnet", "TraceCoreTrace", "TraceCorePing", "TraceCoreMTR",
                "TraceCoreLookingGlass",
            ],
            swiftSettings: common),
        // What must be true of the sources: which rooms use which, how large the surface is.
        .testTarget(name: "HouseTests", swiftSettings: common),
        // Every Swift snippet of the documentation, compiled.
        .testTarget(
            name: "DocumentationTests", dependencies: ["TraceCore", "GeoKit"], swiftSettings: common),
    ]
)

/// What a build under a sanitizer is for is a part of the tests: `TRACECORE_TESTS` has the names of their targets, and what
/// those need is all that is built.
if let names = Context.environment["TRACECORE_TESTS"] {
    var wanted = Set(names.split(separator: " ").map(String.init))
    var waiting = Array(wanted)
    while let name = waiting.popLast() {
        for case .byNameItem(let other, _) in package.targets.first(where: { $0.name == name })?.dependencies ?? []
        where wanted.insert(other).inserted { waiting.append(other) }
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products.removeAll { ($0 as? Product.Executable)?.targets.allSatisfy(wanted.contains) != true }
}
