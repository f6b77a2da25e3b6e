// swift-tools-version: 6.2
import PackageDescription

// Apart from the main package, as these build only with `--sanitize=fuzzer`: see run.sh.
let fuzzers = ["FuzzIPv4", "FuzzIPv6", "FuzzExtensions", "FuzzText", "FuzzMMDB", "FuzzHTTP"]

/// The name by which SwiftPM knows the package two folders up: its folder in lower case, with `_` for other signs.
let folder = Context.packageDirectory.split(separator: "/").dropLast(2).last.map { $0.lowercased() } ?? ""
let parent = String(folder.enumerated().map { $1.isLetter || $1 == "_" || $1.isNumber && $0 > 0 ? $1 : "_" })

let settings: [SwiftSetting] = [.unsafeFlags(["-package-name", parent])]

let package = Package(
    name: "Fuzz",
    platforms: [.macOS("26.0")],
    products: fuzzers.map { .executable(name: $0, targets: [$0]) },
    dependencies: [.package(name: "TraceCore", path: "../..")],
    targets: [
        // A link to HTTPKit, which is no product; its C library is not called.
        .systemLibrary(name: "CTraceCoreCurl", path: "Sources/HTTPKit/CTraceCoreCurl"),
        .target(
            name: "TraceCoreHTTP",
            dependencies: [.product(name: "TraceCore", package: "TraceCore"), "CTraceCoreCurl"],
            path: "Sources/HTTPKit", exclude: ["CTraceCoreCurl"], packageAccess: false, swiftSettings: settings),
        // A link to Tests/FuzzChecks, so that tests and fuzzers hold the codecs to the same rules. The codecs are visible
        // within their package only, so this target is compiled as a part of that.
        .target(
            name: "TraceCoreFuzzChecks",
            dependencies: [
                .product(name: "TraceCore", package: "TraceCore"), .product(name: "GeoKit", package: "TraceCore"),
                "TraceCoreHTTP",
            ],
            path: "Sources/FuzzChecks", packageAccess: false,
            swiftSettings: settings),
    ]
        + fuzzers.map {
            .executableTarget(
                name: $0, dependencies: ["TraceCoreFuzzChecks"],
                swiftSettings: [.unsafeFlags(["-parse-as-library"])])
        }
)
