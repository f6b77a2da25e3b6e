import Foundation
import Testing

@Suite(.serialized) struct `The units of systemd` {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Documentation/Deploy")
    private static let names = ["pathwatch.service", "pathwatch-once.service", "pathwatch-once.timer"]

    private func analyze(_ arguments: [String], _ watch: Pathwatch) async throws -> Pathwatch.Result {
        let tool = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        guard FileManager.default.isExecutableFile(atPath: tool.path) else {
            try Test.cancel("systemd-analyze is not installed")
        }
        return try await watch.run(arguments, program: tool)
    }

    @Test func `are understood without a word`() async throws {
        let watch = try Pathwatch()
        for name in Self.names {
            let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
            // A program that is there.
            try watch.write(text.replacing("/usr/local/bin/pathwatch", with: "/bin/true"), to: name)
        }
        let result = try await analyze(["verify"] + Self.names.map { "./\($0)" }, watch)
        #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.errors)")
    }

    @Test(arguments: names.dropLast()) func `leave the program little to reach`(_ name: String) async throws {
        let watch = try Pathwatch()
        let path = Self.folder.appendingPathComponent(name).path
        let text = try await analyze(["security", "--offline=yes", "--no-pager", path], watch).output
        let level = try #require(text.firstMatch(of: /exposure level for .*: ([0-9.]+)/)?.1)
        #expect(try #require(Double(level)) <= 2)
    }

    @Test func `start commands that there are`() async throws {
        let watch = try Pathwatch()
        for (name, command) in [("pathwatch.service", "run"), ("pathwatch-once.service", "once")] {
            let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
            let line = try #require(text.firstMatch(of: /ExecStart=\/usr\/local\/bin\/pathwatch (.*)/)?.1)
            let words = line.split(separator: " ").map(String.init)
            #expect(words.first == command)
            let help = try await watch(command, "--help").output
            for option in words.filter({ $0.hasPrefix("--") }) { #expect(help.contains(option)) }
        }
    }
}
