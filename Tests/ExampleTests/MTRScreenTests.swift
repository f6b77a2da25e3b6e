import Foundation
import Testing

@Suite(.onItsOwnThread) struct `mtr in a terminal` {
    private static let mtr = Program(name: "mtr").path

    /// Whether the end of the path is in the picture; which way the routers deal it out differs from run to run.
    private static func hasTarget(_ screen: [String]) -> Bool {
        screen.contains { $0.contains(/^1[0-9]\. tokyo\.example/) }
    }

    /// A shell in a terminal for the time of a test.
    private func withTerminal(
        columns: Int = 80, rows: Int = 24, environment: [String: String] = [:], _ body: (TerminalSession) throws -> Void
    ) throws {
        let terminal = try TerminalSession(columns: columns, rows: rows, environment: environment)
        defer { terminal.end() }
        try body(terminal)
    }

    /// Starts the program as a shell does, and waits for its first picture.
    private func start(_ arguments: String, in terminal: TerminalSession) throws {
        let folder = terminal.folder.path
        try terminal.type(
            "clear; stty -g > \(folder)/before; echo here before; sh -c 'echo $$ > \(folder)/pid; exec \(Self.mtr) "
                + "\(arguments)'; echo status $?; stty -g | cmp - \(folder)/before && echo settings as before")
        try terminal.until("the path") { $0.first?.hasPrefix("mtr  ") == true && $0.contains { $0.hasPrefix(" 1. ") } }
    }

    /// Waits until the program has gone, and looks whether everything is as it was. What a person has left stays behind
    /// as text; what a signal ended does not.
    private func expectGivenBack(_ terminal: TerminalSession, status: Int) throws {
        let screen = try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings") } }
        #expect(screen.contains("here before"))
        #expect(screen.contains("status \(status)"), "\(screen)")
        #expect(screen.contains("settings as before"))
        #expect(screen.contains { $0.hasPrefix("HOST: ") } == (status == 0), "\(screen)")
        #expect(try terminal.facts() == .asFound)
    }

    @Test func `it takes the screen, and quitting gives it back`() throws {
        try withTerminal { terminal in
            try start("--network demo tokyo.example", in: terminal)
            let screen = try terminal.until("the target", isThere: Self.hasTarget)
            #expect(screen[0].hasPrefix("mtr  192.0.2.10 → tokyo.example (203.0.113.110)"))
            #expect(try terminal.facts() == .taken)
            try terminal.press("q")
            try expectGivenBack(terminal, status: 0)
        }
    }

    @Test(arguments: [
        (SIGTERM, 143), (SIGHUP, 129), (SIGINT, 0), (SIGQUIT, 0), (SIGSEGV, 139), (SIGABRT, 134), (SIGTRAP, 133),
    ]) func `a signal ends it, and the terminal is given back`(_ signal: Int32, _ status: Int) throws {
        try withTerminal { terminal in
            try start("--network demo tokyo.example", in: terminal)
            let text = try String(contentsOf: terminal.folder.appending(path: "pid"), encoding: .utf8)
            let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            kill(pid, signal)
            try expectGivenBack(terminal, status: status)
        }
    }

    @Test func `Ctrl-C ends it, Ctrl-Z gives the shell back for a while`() throws {
        try withTerminal { terminal in
            try terminal.type("clear; echo here before; \(Self.mtr) --network demo tokyo.example; echo status $?")
            try terminal.until("the path", isThere: Self.hasTarget)
            try terminal.press("C-z")
            try terminal.until("the shell") { screen in
                screen.contains("here before") && screen.contains { $0.contains("Stopped") }
            }
            #expect(try terminal.facts() == .asFound)
            try terminal.type("fg")
            try terminal.until("the path again", isThere: Self.hasTarget)
            #expect(try terminal.facts() == .taken)
            try terminal.press("C-c")
            try terminal.until("the end") { $0.contains { $0.hasPrefix("status") } }
            #expect(try terminal.facts() == .asFound)
        }
    }

    @Test func `keys do what they are for`() throws {
        try withTerminal { terminal in
            try start("--network demo tokyo.example", in: terminal)
            try terminal.press("d")
            try terminal.until("bars") { $0.contains { $0.hasPrefix("▁ least") } }
            try terminal.press("d")
            try terminal.until("jitter") { $0[3].hasSuffix("Jint") }
            try terminal.press("j")
            try terminal.until("round trips") { $0[3].hasSuffix("StDev") }
            try terminal.press("h")
            try terminal.until("the keys") { $0.contains { $0.contains("  q      quit") } }
            try terminal.press("q")
            try terminal.until("the path again") { $0[3].hasSuffix("StDev") }
            try terminal.press("n")
            try terminal.until("addresses") { $0.contains { $0.hasPrefix(" 1. 192.0.2.1 ") } }
            try terminal.press("n", "b")
            try terminal.until("both") { $0.contains { $0.hasPrefix(" 1. gw.home.example (192.0.2.1) ") } }
            try terminal.press("o", "C-u", "w", "s", "Enter")
            try terminal.until("other columns") { $0[3].contains(" Wrst   Snt") }
            try terminal.press("p")
            try terminal.until("a pause") { $0[23] == "paused: space goes on" }
            try terminal.press("r")
            try terminal.until("no rounds") { $0[1].hasSuffix("· 0 rounds") }
            try terminal.press("Space")
            try terminal.until("a round") { $0[1].hasSuffix("· 1 round") && $0[23].isEmpty }
            try terminal.press("u")
            try terminal.until("UDP") { $0[1].hasPrefix("udp (simulated)") && Self.hasTarget($0) }
            try terminal.press("t")
            try terminal.until("TCP") { $0[1].hasPrefix("tcp (simulated)") }
            try terminal.press("t")
            try terminal.until("ICMP") { $0[1].hasPrefix("icmp (simulated)") }
            try terminal.press("q")
            try expectGivenBack(terminal, status: 0)
        }
    }

    /// How many rounds the second line says.
    private static func rounds(_ screen: [String]) -> Int? {
        screen[1].firstMatch(of: /· (\d+) rounds?/).flatMap { Int($0.1) }
    }

    @Test func `settings are changed by mtr's keys, and the statistics go on`() throws {
        try withTerminal { terminal in
            try start("--network demo -i 0.05 tokyo.example", in: terminal)
            try terminal.until("some rounds") { Self.rounds($0) ?? 0 > 20 }
            try terminal.press("i")
            try terminal.until("the question") { $0[23].hasPrefix("interval (now 50ms):") }
            try terminal.press("x", "Enter")
            try terminal.until("a refusal") { $0.contains { $0.contains("not a time from 1ms") } }
            try terminal.press("C-u", "2", "0", "Enter")
            let slow = try terminal.until("another interval") { $0[1].contains("every 20 s") }
            let rounds = try #require(Self.rounds(slow))
            #expect(rounds > 20)
            try terminal.press("s", "1", "0", "0", "Enter", "i", ".", "1", "Enter")
            try terminal.until("large packets, and more rounds") { screen in
                screen[1].contains("100 bytes · every 0.1 s") && Self.rounds(screen) ?? 0 > rounds + 3
            }
            try terminal.press("f", "4", "-", "6", "Enter")
            try terminal.until("fewer hops") { screen in
                screen.contains { $0.hasPrefix(" 6. ") } && !screen.contains { $0.hasPrefix("11. ") }
                    && !screen.contains { $0.hasPrefix(" 1. ") }
            }
            try terminal.press("c", "4", "0", "0", "0", "Enter")
            try terminal.until("a count") { $0[1].hasSuffix(" of 4000") }
            // Each way of asking has statistics of its own, which wait.
            try terminal.press("i", "2", "0", "Enter", "u")
            try terminal.until("UDP") { $0[1].hasPrefix("udp ") && Self.rounds($0) == 1 }
            try terminal.press("u")
            try terminal.until("ICMP again") { $0[1].hasPrefix("icmp ") && Self.rounds($0) ?? 0 > rounds }
            try terminal.press("q")
            try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
        }
    }

    @Test func `loss counts on through every change of the interval, and simulated time does not turn back`() throws {
        let topology = """
            seed 7
            vantage here 192.0.2.10
            router gw 192.0.2.1 delay=1ms
            router old 198.51.100.1 delay=1ms loss=50% name=old.example
            router new 198.51.100.2 delay=1ms name=new.example
            router dark 198.51.100.3 delay=1ms silent
            host far 203.0.113.7 delay=9ms name=far.example
            path far: gw old dark
            at 3s path far: gw new dark
            """
        let file = try Program.file(topology)
        try withTerminal(columns: 100) { terminal in
            try start("--network \(file) -i 0.05 -Z 0.2 far.example", in: terminal)
            try terminal.until("the new way") {
                $0.contains { $0.contains(/new\.example +0\.0%/) || $0.contains("new.example") }
            }
            for interval in ["0.06", "0.05", "0.06", "0.05"] {
                try terminal.press("i")
                for letter in interval { try terminal.press(String(letter)) }
                try terminal.press("Enter")
            }
            let screen = try terminal.until("many rounds") { Self.rounds($0) ?? 0 > 120 }
            // The silent hop has lost all that is decided, and all rounds were asked of it.
            let dark = try #require(screen.firstMatch { $0.firstMatch(of: /^ 3\. \(no answer\) +100\.0% +(\d+)/) })
            #expect(Int(dark.1) ?? 0 > 110, "\(screen)")
            let loss = try #require(screen.firstMatch { $0.firstMatch(of: /^ 2\. \S+ +(\d+\.\d)%/) })
            #expect(Double(loss.1) ?? 0 > 5, "\(screen)")
            // One change of the path, that of the topology.
            #expect(!screen[23].contains("the last of"), "\(screen[23])")
            try terminal.press("q")
            try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
        }
    }

    @Test func `a host that could not be asked says why, is tried again with r, and is named at the end`() throws {
        try withTerminal { terminal in
            try start("--network demo -i 0.1 tokyo.example nowhere.example", in: terminal)
            try terminal.press("Tab")
            let screen = try terminal.until("why") { $0.contains { $0.contains("has no host \"nowhere.example\"") } }
            #expect(screen[0].hasPrefix("mtr  nowhere.example"))
            #expect(
                screen.contains { $0.contains("prohibited.example") }
                    && screen.contains { $0.contains("r tries it again") })
            try terminal.press("r", "q")
            let end = try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
            #expect(end.contains { $0.hasPrefix("mtr: ") && $0.contains("nowhere.example") })
        }
    }

    @Test func `several hosts are tabs, and each leaves its table behind`() throws {
        try withTerminal(columns: 120, rows: 40) { terminal in
            try start("--network demo -i 0.1 tokyo.example london.example nowhere.example", in: terminal)
            try terminal.until("all hosts") { screen in
                screen[1].contains(
                    #/ 1 tokyo\.example .*% .* ms .* 2 london\.example .*% .* ms .* 3 nowhere\.example .*failed/#)
            }
            try terminal.press("Tab")
            try terminal.until("the next") {
                $0[0].contains("→ london.example") && $0.contains { $0.contains(". london.example") }
            }
            try terminal.press("Tab")
            try terminal.until("why it failed") { $0.contains { $0.contains("has no host \"nowhere.example\"") } }
            try terminal.press("Tab", "z", "Up", "Enter")
            try terminal.until("networks and details") { screen in
                screen[0].contains("→ tokyo.example")
                    && screen.contains { $0.contains(/^1\d\. AS64500 +tokyo\.example/) }
                    && screen.contains {
                        $0.contains(/^── hop 1\d tokyo\.example .* Tokyo, JP +AS64500 Hosting Example/)
                    }
            }
            try terminal.press("Escape", "m")
            try terminal.until("a map") {
                $0.contains { $0.contains("London") } && $0.contains { $0.contains(/[\u{2801}-\u{28FF}]{3}/) }
            }
            try terminal.press("q")
            let screen = try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
            #expect(screen.contains { $0.contains("|-- AS64500") && $0.contains("tokyo.example") })
            #expect(screen.contains { $0.contains("|-- ") && $0.contains("london.example") && $0.contains("0.0%") })
        }
    }

    @Test func `a shows the paths that flows take, live and recorded`() throws {
        let arguments = ["--network", "demo", "--flows", "16", "tokyo.example"]
        try withTerminal(columns: 100, rows: 30) { terminal in
            try start(arguments.joined(separator: " ") + " -i 0.05", in: terminal)
            try terminal.press("a")
            let screen = try terminal.until("the paths") { screen in
                screen[3].contains(/^[2-9] paths, and no other with a confidence of \d/)
                    && screen.filter { $0.contains(/^ 7\. ae\d\.cr\d\..* 0\.0%/) }.count >= 2
            }
            #expect(screen[4].hasSuffix(" Flows  Loss%   Snt   Avg  Best  Wrst StDev"))
            try terminal.press("h")
            try terminal.until("the keys") { $0.contains { $0.hasPrefix("  a      all paths of flows, or hops") } }
            try terminal.press("q", "p")
            // Probes that passed the gate before it closed are still counted: they have to come before the reset.
            try terminal.until("the pause") { $0[29].hasPrefix("paused: space goes on") }
            try terminal.press("r")
            try terminal.until("nothing") { $0[3] == "no path yet" && $0[29] == "paused: space goes on" }
            try terminal.press("Space")
            try terminal.until("the paths again") { $0[3].contains(/^[2-9] paths,/) }
            try terminal.resize(columns: 40, rows: 10)
            try terminal.until("a small picture") { screen in
                screen[1].contains(/^[2-9] paths, \d+ % sure of no other$/) && screen[9].hasPrefix("lines 1-6 of ")
            }
            try terminal.press("a", "q")
            try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
        }
        let file = try Program.file(try Program(name: "mtr").run(arguments + ["--ndjson", "-c", "32"]).output)
        try withTerminal { terminal in
            try start("--replay \(file)", in: terminal)
            try terminal.press("a")
            try terminal.until("the paths") { screen in
                screen[3].contains(/^[2-9] paths,/) && screen[23].hasPrefix("all rounds are done")
            }
            try terminal.press("q")
            try expectGivenBack(terminal, status: 0)
        }
    }

    @Test func `it fits whatever size the window has`() throws {
        try withTerminal { terminal in
            try start("--network demo tokyo.example", in: terminal)
            try terminal.until("the target", isThere: Self.hasTarget)
            try terminal.resize(columns: 40, rows: 10)
            try terminal.until("a small picture") { screen in
                screen[0] == "mtr  tokyo.example (203.0.113.110)" && screen[9].hasPrefix("lines 1-7 of ")
            }
            try terminal.press("+", "+", "+", "+")
            try terminal.until("the target", isThere: Self.hasTarget)
            try terminal.resize(columns: 120, rows: 40)
            try terminal.until("a large picture") { screen in
                screen[0].hasSuffix(" UTC") && screen[3].contains("StDev last ") && screen[4].contains(/[▁▂▃▄▅▆▇█]/)
            }
            try terminal.press("q")
            try terminal.until("the shell") { $0.contains { $0.hasPrefix("settings as before") } }
        }
    }

    @Test(arguments: [("", true), ("1", false)])
    func `colours are used unless they are not wanted`(_ setting: String, _ hasColors: Bool) throws {
        try withTerminal(environment: ["NO_COLOR": setting]) { terminal in
            try start("--network demo tokyo.example", in: terminal)
            try terminal.until("a label") { $0.contains { $0.contains("[MPLS: ") } }
            let colors = try terminal.screen(withColors: true).joined().contains(/\e\[(?:\d+;)*3[1-6]m/)
            #expect(colors == hasColors)
        }
    }

    @Test func `where the locale has ASCII alone, so has the screen`() throws {
        try withTerminal(environment: ["LC_ALL": "C"]) { terminal in
            try start("--network demo tokyo.example", in: terminal)
            try terminal.press("d")
            let screen = try terminal.until("bars") { $0.contains { $0.hasPrefix("_ least") } }
            #expect(screen.joined().utf8.allSatisfy { $0 < 0x80 })
            #expect(screen[0].hasPrefix("mtr  192.0.2.10 > tokyo.example"))
        }
    }

    @Test func `names that strangers gave reach the terminal as text alone`() throws {
        let topology = #"""
            vantage here 192.0.2.100
            router gw 192.0.2.1 delay=1ms reverse="\e[2Jcleared\e]0;title\u{7}"
            router isp 198.51.100.1 delay=2ms reverse="\u{9b}2J\e]52;c;QQ==\e\\\u{202e}fdp"
            router core 198.51.100.5 delay=2ms reverse="\e]8;;http://evil.example\e\\link\n\r\0"
            host server 203.0.113.7 delay=4ms name=server.example
            path server: gw isp core
            """#
        let file = try Program.file(topology)
        try withTerminal { terminal in
            try start("--network \(file) server.example", in: terminal)
            let screen = try terminal.until("the target") { $0.contains { $0.hasPrefix(" 4. server.example") } }
            #expect(screen.contains { $0.hasPrefix(#" 1. \u{1b}[2Jcleared\u{1b}]0;"#) })
            #expect(screen.contains { $0.hasPrefix(#" 2. \u{9b}2J\u{1b}]52;"#) })
            let output = String(decoding: try terminal.untilSent(atLeast: 1000), as: UTF8.self).unicodeScalars
            // No C1 control, no bell, no bidi; and every escape begins one of the painter's own sequences.
            #expect(!output.contains { (0x7F...0x9F).contains($0.value) || $0 == "\u{7}" || $0 == "\u{202E}" })
            for sequence in String(output).matches(of: /\e(.[^\e]{0,3})/) {
                #expect(sequence.1.hasPrefix("["), "\(sequence.1.debugDescription)")
            }
        }
    }

    @Test func `a recorded run is looked at like a live one`() throws {
        let log = try Program(name: "mtr")("--network", "demo", "--ndjson", "-c", "4", "tokyo.example").output
        let file = try Program.file(log)
        try withTerminal { terminal in
            try start("--replay \(file)", in: terminal)
            try terminal.until("the end") { screen in
                screen[23].hasPrefix("all rounds are done") && screen[1].hasSuffix("· 4 rounds of 4")
            }
            try terminal.press("u")
            try terminal.until("a refusal") { $0[23].hasPrefix("a recorded run cannot be asked") }
            try terminal.press("q")
            try expectGivenBack(terminal, status: 0)
        }
    }

    @Test func `a recording without its beginning is looked at too, and says so once`() throws {
        let log = try Program(name: "mtr")("--network", "demo", "--ndjson", "-c", "8", "-i", "0.1", "tokyo.example")
            .output
        let lines = log.split(separator: "\n")
        let file = try Program.file(lines[(lines.count / 2)...].joined(separator: "\n") + "\n")
        try withTerminal(columns: 120) { terminal in
            try start("--replay \(file) --real-time", in: terminal)
            let screen = try terminal.until("the end") { $0[23].hasPrefix("all rounds are done") }
            #expect(screen[0] == "mtr  203.0.113.110", "\(screen[0])")
            #expect(screen[1].contains(/^unknown method · [45] rounds$/), "\(screen[1])")
            try terminal.press("r")
            try terminal.until("another run") { !$0[23].hasPrefix("all rounds are done") }
            try terminal.until("the end again") { $0[23].hasPrefix("all rounds are done") }
            try terminal.press("q")
            try expectGivenBack(terminal, status: 0)
            #expect(String(decoding: terminal.output, as: UTF8.self).split(separator: "has no beginning").count == 2)
        }
    }

    @Test func `a host that nobody knows is told on the shell's own screen`() throws {
        try withTerminal { terminal in
            try terminal.type("clear; \(Self.mtr) --network demo nowhere.example; echo status $?")
            let screen = try terminal.until("the end") { $0.contains("status 2") }
            #expect(screen.contains { $0.contains("nowhere.example") && $0.hasPrefix("mtr: ") })
            #expect(!terminal.output.starts(with: "\u{1B}[?1049h".utf8))
        }
    }

    @Test func `a report tells how far it is, and Ctrl-C has it say what is known`() throws {
        try withTerminal(columns: 100) { terminal in
            try terminal.type("clear; \(Self.mtr) -r -c 500 --real-time --network demo lisbon.example; echo status $?")
            try terminal.until("progress") { $0.contains { $0.contains(/round [2-9] of 500/) } }
            try terminal.press("C-c")
            let screen = try terminal.until("the end") { $0.contains("status 0") }
            #expect(screen.contains { $0.contains("  5.|-- lisbon.example") })
            #expect(screen.contains("not finished: cancelled"))
            #expect(!screen.contains { $0.contains("of 500") })
        }
    }
}

extension Sequence {
    /// The first result that is not nil.
    fileprivate func firstMatch<Result>(_ transform: (Element) -> Result?) -> Result? {
        lazy.compactMap(transform).first
    }
}
