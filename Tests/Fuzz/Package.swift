// swift-tools-version: 6.2
import PackageDescription

// Apart from the main package, as these build only with `--sanitize=fuzzer`: see run.sh.
let fuzzers = ["FuzzIPv4", "FuzzIPv6", "FuzzExtensions", "FuzzText", "FuzzMMDB"]

let package = Package(
    name: "Fuzz",
    platforms: [.macOS("26.0")],
    products: fuzzers.map { .executable(name: $0, targets: [$0]) },
    dependencies: [.package(name: "TraceCore", path: "../..")],
    targets: [
        // A link to Tests/FuzzChecks, so that tests and fuzzers hold the codecs to the same rules.
        .target(
            name: "TraceCoreFuzzChecks", path: "Sources/FuzzChecks",
            dependencies: [
                .product(name: "TraceCore", package: "TraceCore"), .product(name: "GeoKit", package: "TraceCore"),
            ])
    ]
        + fuzzers.map {
            .executableTarget(
                name: $0, dependencies: ["TraceCoreFuzzChecks"],
                swiftSettings: [.unsafeFlags(["-parse-as-library"])])
        }
)
