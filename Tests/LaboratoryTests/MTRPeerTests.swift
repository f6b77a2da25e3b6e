import Foundation
import Testing
import TraceCore

/// The mtr that people have, and ours, on the same path.
@Suite(.onItsOwnThread) struct `mtr beside mtr` {
    private static let mtr = Laboratory.products.appendingPathComponent("mtr").path
    private static let target = Topologies.target("-4")

    /// The hops of a screen, with who answers there.
    private func hops(_ screen: [String]) -> [Int: String] {
        var hops: [Int: String] = [:]
        for line in screen {
            guard let match = line.firstMatch(of: /^\s*(\d+)\. (\S+)/), let ttl = Int(match.1) else { continue }
            hops[ttl] = String(match.2)
        }
        return hops
    }

    /// The screen of a program once it shows so many hops of the path.
    private func screen(
        of program: String, _ size: (columns: Int, rows: Int), hops count: Int
    ) throws -> [String] {
        let terminal = try TerminalSession(columns: size.columns, rows: size.rows)
        defer { terminal.end() }
        let topology = terminal.folder.appending(path: "topology")
        try Data(Topologies.labelled.utf8).write(to: topology)
        let simnet = Laboratory.products.appendingPathComponent("simnet").path
        try terminal.type("PATH=\(Laboratory.path) \(simnet) \(topology.path) -- \(program) -n -i 0.2 \(Self.target)")
        let screen = try terminal.until("the path") { self.hops($0).values.filter { $0.contains(".") }.count == count }
        try terminal.press("q")
        return screen
    }

    @Test(arguments: [(40, 12), (80, 24), (200, 50)])
    func `the screen shows the same hops`(_ size: (columns: Int, rows: Int)) throws {
        try Laboratory.check(needing: "mtr", "tmux")
        // Where there are few columns, mtr's lines wrap, and the last hops have no room.
        let theirs = try screen(of: "mtr", size, hops: size.columns < 80 ? 4 : 5)
        let ours = try screen(of: Self.mtr, size, hops: 5)
        #expect(
            hops(theirs).allSatisfy { hops(ours)[$0.key] == $0.value },
            "\(theirs.joined(separator: "\n"))\n\(ours.joined(separator: "\n"))")
        #expect(hops(ours).sorted { $0.key < $1.key }.map(\.value) == Topologies.hops("-4"))
    }

    /// What a form looks like: with 0 for each number that differs between two runs.
    private func shape(_ output: String) -> [String] {
        output.split(separator: "\n").map { line in
            String(line).replacing(/\d+\.\d\d(?!\d)/, with: "0.00").replacing(#/ *\d+\.\d(%?)</#) { " 0.0\($0.1)<" }
                .replacing(/MTR\.[^,]*,\d+/, with: "MTR.0,0").replacing(/SRC="[^"]*"/, with: "SRC")
        }
    }

    @Test(arguments: [
        ["-C", "-n"], ["-x", "-n"], ["-x", "-o", "LSDRNBAWVJMXI"], ["-w", "-C", "-n", "-o", "LS NABWV"],
    ])
    func `the forms for programs are the same`(_ options: [String]) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "mtr")
        let call = { (program: String) in
            "\(program) \(options.map { "'\($0)'" }.joined(separator: " ")) -c 2 -i 0.2 -G 1 \(Self.target)"
        }
        let theirs = try laboratory.run([], "sh", "-c", call("mtr"))
        let ours = try laboratory.run([], "sh", "-c", call(Self.mtr).replacing(" -G 1", with: ""))
        #expect(theirs.status == 0 && ours.status == 0, "\(theirs.errors)\(ours.errors)")
        #expect(shape(ours.output) == shape(theirs.output))
        #expect(shape(ours.output).count > 5)
    }

    @Test func `raw lines are read by who reads those of mtr`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "mtr")
        // Letter and hop of each line, and how many words it has; theirs repeat what is known, and number at will.
        func kinds(_ output: String) -> Set<String> {
            Set(
                output.split(separator: "\n").map { line in
                    let words = line.split(separator: " ")
                    return "\(words[0]) \(words.count > 1 ? words[1] : "") \(words.count)"
                })
        }
        let theirs = try laboratory.run([], "sh", "-c", "mtr -l -n -c 2 -i 0.2 -G 1 \(Self.target)")
        let ours = try laboratory.run([], "sh", "-c", "\(Self.mtr) -l -n -c 2 -i 0.2 \(Self.target)")
        // Both ask beyond the target at first, mtr ten hops and ours five.
        let path = { (kinds: Set<String>) in kinds.filter { $0.firstMatch(of: #/^. [0-4] /#) != nil } }
        #expect(path(kinds(ours.output)) == path(kinds(theirs.output)), "\(theirs.output)\n\(ours.output)")
        #expect(path(kinds(ours.output)).contains("p 4 4"))
    }
}
