import Foundation
import Testing
import TraceCore

@testable import TraceCoreCommandLine

/// Whole screens, kept as text in the folder beside this file: who changes a picture sees what became of it.
///
/// With `TRACECORE_KEEP_SCREENS` in the environment the pictures of today are kept.
@Suite struct `Screens of three sizes` {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Screens")
    private static let keeps = ProcessInfo.processInfo.environment["TRACECORE_KEEP_SCREENS"] != nil

    /// What a screen shows.
    struct Look: Sendable, CustomTestStringConvertible {
        let name: String
        let change: @Sendable (inout PathScreenState) -> Void

        var testDescription: String { name }

        static let all = [
            Look(name: "table") { _ in },
            Look(name: "networks") { $0.fact = .number },
            Look(name: "history") { $0.display = .history },
            Look(name: "details") { ($0.chosen, $0.showsDetails) = (9, true) },
            Look(name: "map") { $0.display = .map },
            Look(name: "paths") { $0.display = .paths },
            Look(name: "help") { $0.front = .help },
            Look(name: "interval") { $0.front = .setting(.interval, "0.5") },
        ]
    }

    @Test(arguments: [(40, 12), (80, 24), (200, 50)], Look.all)
    func `are as they were kept`(_ size: (columns: Int, rows: Int), _ look: Look) async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 120).dropLast())
        let other = PathPictures.view(try await PathPictures.events("london.example", rounds: 3).dropLast())
        var scene = PathPictures.placed
        if size.columns > 100 {
            scene.hosts = [("tokyo.example", view), ("london.example", other)].map { name, view in
                PathDrawing.Scene.Host(name: name, target: view.report?.hops.last)
            }
        }
        let lines = PathPictures.text(view, size.columns, size.rows, around: scene, look.change)
        let text = lines.joined(separator: "\n") + "\n"
        let file = Self.folder.appendingPathComponent("\(look.name)-\(size.columns)x\(size.rows).txt")
        if Self.keeps { try text.write(to: file, atomically: true, encoding: .utf8) }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(text == kept, "\(file.lastPathComponent) is now:\n\(text)")
    }

    @Test func `are all drawn by a test`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        let drawn = Look.all.flatMap { look in ["200x50", "40x12", "80x24"].map { "\(look.name)-\($0).txt" } }
        #expect(names == drawn.sorted())
    }
}

@Suite struct `What is said of one hop` {
    @Test func `has the figures, a chart and a histogram of the same round trips`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 60).dropLast())
        let text = PathPictures.text(view, 120, 40, around: PathPictures.placed) {
            ($0.chosen, $0.showsDetails) = (6, true)
        }
        let title = try #require(text.firstIndex { $0.hasPrefix("── hop 6 ") })
        #expect(text[title].contains("jfk") && text[title].contains("JFK, XX") && text[title].contains("AS64500"))
        #expect(text[title + 1].hasPrefix("sent 60  lost 0  min 10"))
        let counts = text[(title + 2)...].compactMap { line in
            line.firstMatch(of: /\d-\d+\.\d █+ (\d+)$/).flatMap { Int($0.1) }
        }
        // One round trip may still be out.
        #expect(counts.reduce(0, +) >= 58 && counts.count > 3, "\(counts)")
    }

    @Test func `takes the place of the path where there is little room, and Esc gives it back`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 10).dropLast())
        let text = PathPictures.text(view, 40, 10) { ($0.chosen, $0.showsDetails) = (1, true) }
        #expect(text.contains { $0.hasPrefix("── hop 1 gw.home.example") })
        #expect(!text.contains { $0.hasPrefix(" 2. ") })
    }

    @Test func `names all that answer at the hop, with their shares`() async throws {
        let internet = try SimulatedInternet(parsing: PathPictures.crooked)
        let view = PathPictures.view(
            try await PathPictures.events(from: internet, "far.example", rounds: 40).dropLast())
        let text = PathPictures.text(view, 120, 40) { ($0.chosen, $0.showsDetails) = (2, true) }
        #expect(text.contains { $0.contains(/^\d+% (left|right)\.transit\.example +\d+% (left|right)\.transit/) })
    }

    @Test func `the chosen hop is always in the picture`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 4).dropLast())
        for ttl in 1...11 {
            let drawing = PathPictures.drawing(view, 80, 12) { $0.chosen = ttl }
            let scroll = drawing.scrollToChosen
            let text = PathPictures.text(view, 80, 12) { ($0.chosen, $0.scroll) = (ttl, scroll) }
            #expect(text.contains { $0.hasPrefix(ttl < 10 ? " \(ttl). " : "\(ttl). ") }, "\(ttl)")
        }
    }
}

@Suite struct `The map in the terminal` {
    private func text(_ columns: Int, _ rows: Int) async throws -> [String] {
        let view = PathPictures.view(try await PathPictures.events(rounds: 3).dropLast())
        return PathPictures.text(view, columns, rows, around: PathPictures.placed) { $0.display = .map }
    }

    @Test func `has the numbers of hops where they are, with names, and says which have no place`() async throws {
        let text = try await text(120, 40)
        #expect(text.contains { $0.contains("LHR") } && text.contains { $0.contains("JFK") })
        #expect(text.contains { $0.contains("@") && $0.contains("here") })
        #expect(text[38].hasPrefix("no place is known of hops 1,3"), "\(text[38])")
        // London is east of Lisbon, and north of it.
        let london = try #require(text.firstIndex { $0.contains("LHR") })
        let lisbon = try #require(text.firstIndex { $0.contains("here") })
        #expect(london < lisbon)
    }

    @Test func `draws the way across the edge of the usual maps, and not around the world`() throws {
        let canvas = BrailleCanvas(columns: 60, rows: 20)
        var drawn = canvas
        drawn.line(from: SIMD2(-1000, -1000), to: SIMD2(1000, 1000), .plain)
        drawn.line(from: SIMD2(-5, 10), to: SIMD2(-5, 20), .plain)
        #expect(drawn.lines.count == 20)
        #expect(drawn.lines[0].text.hasPrefix("⠑⢄") || drawn.lines[0].text.hasPrefix("⠱"), "\(drawn.lines[0].text)")
        #expect(canvas.lines.allSatisfy { $0.text.allSatisfy { $0 == " " } })
    }

    @Test func `of a path without places says so`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 1).dropLast())
        var places = PathPictures.Places()
        places.home = nil
        places.land = []
        let internet = try SimulatedInternet(parsing: PathPictures.crooked)
        let other = PathPictures.view(try await PathPictures.events(from: internet, "far.example", rounds: 1))
        let scene = PathDrawing.Scene(settings: PathPictures.settings, geography: places)
        #expect(PathPictures.text(view, 80, 24, around: scene) { $0.display = .map }.contains { $0.contains("LIS") })
        #expect(
            PathPictures.text(other, 80, 24, around: scene) { $0.display = .map }
                .contains { $0.contains("No place of this path") })
    }
}
