// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who depends on TraceCore never builds a benchmark.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The name by which SwiftPM knows the package one folder up: its folder in lower case, with `_` for other signs.
let folder = Context.packageDirectory.split(separator: "/").dropLast().last.map { $0.lowercased() } ?? ""
let parent = String(folder.enumerated().map { $1.isLetter || $1 == "_" || $1.isNumber && $0 > 0 ? $1 : "_" })

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS("26.0")],
    dependencies: [.package(name: "TraceCore", path: "..")],
    targets: [
        .target(name: "AllocationCounter"),
        .target(name: "BenchmarkKit", dependencies: ["AllocationCounter"], swiftSettings: settings),
        // Compiled as a part of the package above, for it measures packets and statistics that are visible there only.
        .executableTarget(
            name: "benchmarks",
            dependencies: ["BenchmarkKit", .product(name: "TraceCore", package: "TraceCore")],
            packageAccess: false, swiftSettings: settings + [.unsafeFlags(["-package-name", parent])]),
        // The table of live speed, against the tools of others: as root.
        .target(name: "ProcessMeter"),
        .executableTarget(
            name: "live",
            dependencies: ["ProcessMeter", .product(name: "TraceCore", package: "TraceCore")],
            swiftSettings: settings),
        // The table of reading databases, against libmaxminddb where that is installed.
        .target(name: "MaxMindPeer"),
        .executableTarget(
            name: "databases",
            dependencies: [
                "AllocationCounter", "MaxMindPeer", .product(name: "GeoKit", package: "TraceCore"),
                .product(name: "TraceCore", package: "TraceCore"),
            ],
            swiftSettings: settings),
        // Whether searches for all paths keep their promises, on simulated internets.
        .target(
            name: "PathLayouts", dependencies: [.product(name: "TraceCore", package: "TraceCore")],
            swiftSettings: settings),
        .executableTarget(
            name: "paths", dependencies: ["PathLayouts", .product(name: "TraceCore", package: "TraceCore")],
            swiftSettings: settings),
        // Whether what is said of loss, and of paths that lose, is true as often as is claimed.
        .executableTarget(
            name: "claims", dependencies: ["PathLayouts", .product(name: "TraceCore", package: "TraceCore")],
            swiftSettings: settings),
        .testTarget(
            name: "LiveTests",
            dependencies: ["live", .product(name: "TraceCore", package: "TraceCore")], swiftSettings: settings),
        .testTarget(name: "BenchmarkKitTests", dependencies: ["BenchmarkKit"], swiftSettings: settings),
    ]
)
