import Foundation
import Testing

/// A library, and the rules that its sources are held to.
struct House: Sendable, CustomTestStringConvertible {
    let name: String
    let floors: Floors
    /// The rooms that import nothing and use nothing of the system.
    var pureRooms: Set<String> = []
    /// The only room that imports the C library, where there is one.
    var systemRoom: String?
    /// How many public types it may have outside of others.
    let publicTypeLimit: Int

    static let all = [
        House(
            name: "TraceCore",
            floors: Floors(
                rooms: [
                    ["Service"],
                    ["Runs"],
                    ["Export"],
                    ["Reports", "Plans"],
                    ["Paths"],
                    ["Probers", "Simulation"],
                    ["Packets"],
                    ["Probing"],
                    ["Names"],
                    ["Wire", "System"],
                    ["Address"],
                    ["Text"],
                    ["Queues"],
                ]),
            pureRooms: ["Wire", "Plans", "Paths", "Reports", "Export", "Address", "Text", "Queues"],
            systemRoom: "System", publicTypeLimit: 90),
        House(
            name: "GeoKit",
            floors: Floors(
                rooms: [
                    ["Maps"],
                    ["Located"],
                    ["Plausibility"],
                    ["Geolocators"],
                    ["Places", "MMDB"],
                ]),
            publicTypeLimit: 30),
    ]

    var testDescription: String { name }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private var folder: URL { Self.root.appending(path: "Sources/\(name)") }

    /// All Swift files of the library, in the order of their paths.
    func files() throws -> [SourceFile] {
        try Self.paths(in: folder, ending: ".swift").map { path in
            let parts = path.split(separator: "/")
            return SourceFile(
                path: "Sources/\(name)/\(path)", room: parts.count > 1 ? String(parts[0]) : "", module: name,
                text: try String(contentsOf: folder.appending(path: path), encoding: .utf8))
        }
    }

    /// The lines of the documentation's pages.
    func documentation() throws -> [String] {
        let catalogue = folder.appending(path: "\(name).docc")
        return try Self.paths(in: catalogue, ending: ".md").flatMap { path in
            try String(contentsOf: catalogue.appending(path: path), encoding: .utf8).components(separatedBy: "\n")
        }
    }

    /// The paths of the files with an ending, from the folder.
    static func paths(in folder: URL, ending: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        return files.filter { $0.hasSuffix(ending) }.sorted()
    }
}
