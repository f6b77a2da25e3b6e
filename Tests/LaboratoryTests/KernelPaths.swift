import Foundation
import Testing

/// Network namespaces whose kernel routes over several ways: three, then two, by a hash of addresses and ports.
///
///     here ── first ─┬─ a1 ─┬── join ─┬─ b1 ─┬── there
///                    ├─ a2 ─┤         └─ b2 ─┘
///                    └─ a3 ─┘
struct KernelPaths: ~Copyable {
    static let target = "10.9.9.9"
    static let nodes = [
        "10.0.1.2", "10.1.1.2", "10.1.2.2", "10.1.3.2", "10.2.1.2", "10.3.1.2", "10.3.2.2", "10.9.9.9",
    ]
    static let links: Set<[String]> = [
        ["10.0.1.2", "10.1.1.2"], ["10.0.1.2", "10.1.2.2"], ["10.0.1.2", "10.1.3.2"], ["10.1.1.2", "10.2.1.2"],
        ["10.1.2.2", "10.2.1.2"], ["10.1.3.2", "10.2.1.2"], ["10.2.1.2", "10.3.1.2"], ["10.2.1.2", "10.3.2.2"],
        ["10.3.1.2", "10.9.9.9"], ["10.3.2.2", "10.9.9.9"],
    ]

    private static let names = ["here", "first", "a1", "a2", "a3", "join", "b1", "b2", "there"]
    private let prefix = "paths\(getpid())-\(UInt16.random(in: 0...UInt16.max))"

    init() throws {
        try Laboratory.check(needing: "ip", "sysctl")
        // Each kernel answers as often as it is asked, and balances by ports too.
        let settings = [
            "ipv4.ip_forward=1", "ipv4.conf.all.rp_filter=0", "ipv4.conf.default.rp_filter=0", "ipv4.icmp_ratemask=0",
            "ipv4.fib_multipath_hash_policy=1",
        ]
        for name in Self.names {
            try ip("netns add \(prefix)-\(name)")
            try ip("-n \(prefix)-\(name) link set lo up")
            for setting in settings {
                try Self.run(["ip", "netns", "exec", "\(prefix)-\(name)", "sysctl", "-qw", "net.\(setting)"])
            }
        }
        try link("here", "first", "10.0.1")
        for number in 1...3 {
            try link("first", "a\(number)", "10.1.\(number)")
            try link("a\(number)", "join", "10.2.\(number)")
        }
        for number in 1...2 {
            try link("join", "b\(number)", "10.3.\(number)")
            try link("b\(number)", "there", "10.4.\(number)")
        }
        try ip("-n \(prefix)-there addr add \(Self.target)/32 dev lo")
        try route("here", "10.9.9.9 via 10.0.1.2")
        try route("first", "10.9.9.9 nexthop via 10.1.1.2 nexthop via 10.1.2.2 nexthop via 10.1.3.2")
        try route("join", "10.9.9.9 nexthop via 10.3.1.2 nexthop via 10.3.2.2")
        for number in 1...3 {
            try route("a\(number)", "10.9.9.9 via 10.2.\(number).2")
            try route("a\(number)", "10.0.1.0/24 via 10.1.\(number).1")
        }
        // All answers come back one way.
        try route("join", "10.0.1.0/24 via 10.2.1.1")
        for number in 1...2 {
            try route("b\(number)", "10.9.9.9 via 10.4.\(number).2")
            try route("b\(number)", "10.0.1.0/24 via 10.3.\(number).1")
        }
        try route("there", "10.0.1.0/24 via 10.4.1.1")
    }

    deinit {
        for name in Self.names { _ = try? Self.run(["ip", "netns", "del", "\(prefix)-\(name)"]) }
    }

    /// Runs a program of the package where the paths begin.
    func run(_ program: String, _ arguments: String...) throws -> String {
        let path = Laboratory.products.appendingPathComponent(program).path
        return try Self.run(["ip", "netns", "exec", "\(prefix)-here", path] + arguments)
    }

    private func link(_ one: String, _ other: String, _ network: String) throws {
        try ip("link add name \(other) netns \(prefix)-\(one) type veth peer name \(one) netns \(prefix)-\(other)")
        try ip("-n \(prefix)-\(one) addr add \(network).1/24 dev \(other)")
        try ip("-n \(prefix)-\(other) addr add \(network).2/24 dev \(one)")
        try ip("-n \(prefix)-\(one) link set \(other) up")
        try ip("-n \(prefix)-\(other) link set \(one) up")
    }

    private func route(_ name: String, _ route: String) throws { try ip("-n \(prefix)-\(name) route add \(route)") }

    private func ip(_ words: String) throws { try Self.run(["ip"] + words.split(separator: " ").map(String.init)) }

    @discardableResult private static func run(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = Laboratory.path
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command.joined(separator: " ")): \(text)")
        return text
    }
}
