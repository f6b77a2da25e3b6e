import Foundation

/// The programs that are measured: ours, built for release, and the peers that are installed.
struct Programs {
    /// A program that may not be there.
    struct Entry {
        let name: String
        let isOurs: Bool
        /// Where it is, or nil with the reason.
        let path: String?
        let reason: String
        /// What it says of its version.
        let version: String
    }

    /// The simulator's own program.
    let simnet: String
    private let ours: [String: Entry]
    private let peers: [String: Entry]

    /// This program.
    static let me = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""

    /// How our programs are built, as the README has it for installing: without a library that has to be found and
    /// loaded each time that they start.
    static let buildOptions = ["-c", "release", "--static-swift-stdlib"]
    private static let scratch = ".build/install"

    /// The package that this one is nested in.
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    /// Finds the peers, and builds our programs unless that was done.
    init(builds: Bool) throws {
        var ours: [String: Entry] = [:]
        let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        for name in ["simnet", "trace", "ping", "mtr", "sweep"] {
            var reason = "not yet: the package has no program \(name)"
            var path: String?
            if manifest.contains(".executable(name: \"\(name)\"") {
                reason = "it could not be built"
                let isBuilt = builds ? Self.build(name) : true
                let file = Self.root.appending(path: "\(Self.scratch)/release/\(name)").path
                if isBuilt, FileManager.default.fileExists(atPath: file) { path = file }
            }
            ours[name] = Entry(name: name, isOurs: true, path: path, reason: reason, version: "")
        }
        guard let simnet = ours["simnet"]?.path else { throw Failure("simnet \(ours["simnet"]?.reason ?? "")") }
        self.simnet = simnet
        self.ours = ours

        var peers: [String: Entry] = [:]
        for (name, option) in [
            ("traceroute", "--version"), ("ping", "-V"), ("mtr", "--version"), ("fping", "-v"), ("scamper", "-v"),
        ] {
            let path = Self.find(name)
            let version = path.map { Self.version($0, option) } ?? ""
            peers[name] = Entry(name: name, isOurs: false, path: path, reason: "not installed", version: version)
        }
        self.peers = peers
    }

    /// One of our programs.
    func our(_ name: String) -> Entry {
        ours[name] ?? Entry(name: name, isOurs: true, path: nil, reason: "not one of ours", version: "")
    }

    /// A program of others.
    func peer(_ name: String) -> Entry {
        peers[name] ?? Entry(name: name, isOurs: false, path: nil, reason: "not known here", version: "")
    }

    /// What the report says about each peer.
    var peerLines: [String] {
        peers.values.sorted { $0.name < $1.name }.map { peer in
            peer.path == nil ? "\(peer.name): missing" : "\(peer.name): \(peer.version)"
        }
    }

    private static func build(_ name: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["swift", "build"] + buildOptions
            + ["--package-path", root.path, "--scratch-path", root.appending(path: scratch).path, "--product", name]
        process.standardOutput = FileHandle.standardError
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private static func find(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// The first line of what a program says about its version, on whichever stream.
    private static func version(_ path: String, _ option: String) -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [option]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        guard (try? process.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else {
            return "of an unknown version"
        }
        process.waitUntilExit()
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        return line.replacingOccurrences(of: path + ": ", with: "").trimmingCharacters(in: .whitespaces)
    }
}
