import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `The picture of a path` {
    @Test func `on 80 columns and 24 rows`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 5).dropLast())
        let text = PathPictures.text(view, 80, 24)
        #expect(text[0].hasPrefix("mtr  192.0.2.10 → tokyo.example (203.0.113.110)"))
        #expect(text[0].hasSuffix(" UTC") && text[0].count == 80)
        #expect(text[1] == "icmp (simulated) · 84 bytes · every 1 s · 5 rounds of 5")
        #expect(text[2].hasPrefix("help  quit  display  pause  reset"))
        #expect(text[3] == "    host                              Loss%   Snt   Last   Avg  Best  Wrst StDev")
        #expect(text[4].hasPrefix(" 1. gw.home.example                    0.0%     5"))
        #expect(text[6] == " 3. (no answer)                      100.0%     5")
        #expect(text.contains("      [MPLS: Lbl 24015 TC 0 S 1 TTL 1]"))
        #expect(text.contains { $0.hasPrefix("11. tokyo.example") })
        #expect(text[23].isEmpty)
    }

    @Test func `on 120 columns, bars stand behind the figures`() async throws {
        let text = PathPictures.text(PathPictures.view(try await PathPictures.events(rounds: 40)), 120, 40)
        #expect(text[3].contains("StDev last "))
        #expect(text[4].contains(/[▁▂▃▄▅▆▇█]{30}$/))
        #expect(text.contains { $0.hasPrefix(" 3. (no answer)") && $0.hasSuffix("xxxxxxxxxx") })
    }

    @Test func `on 40 columns and 10 rows, what matters most is left`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 5).dropLast())
        let text = PathPictures.text(view, 40, 10)
        #expect(
            text.prefix(4) == [
                "mtr  tokyo.example (203.0.113.110)", "    host               Loss%  Last   Avg",
                " 1. gw.home.example     0.0%   0.7   0.9", " 2. bras1.lis1.acces…   0.0%   7.9   8.0",
            ])
        #expect(text[9] == "lines 1-7 of 14, + and - turn")
        #expect(PathPictures.text(view, 40, 10) { $0.scroll = 99 }[8].hasPrefix("11. tokyo.example"))
    }

    @Test func `those who share a hop stand below one another, with figures of their own`() async throws {
        let events = try await PathPictures.events(
            from: try SimulatedInternet(parsing: PathPictures.crooked), "far.example", rounds: 4)
        let text = PathPictures.text(PathPictures.view(events), 80, 24)
        let first = try #require(text.firstIndex { $0.hasPrefix(" 2. left.transit.example") })
        #expect(text[first].contains("0.0%     4"))
        #expect(text[first + 1].hasPrefix("    right.transit.example "))
        #expect(text[first + 1].contains(/8\.0 +8\.0/) && !text[first + 1].contains("%"))
        #expect(text[first + 3] == "      [MPLS: Lbl 24015 TC 0 S 0 TTL 1]")
        #expect(text[first + 4] == "      [MPLS: Lbl 16 TC 5 S 1 TTL 1]")
        let plain = PathPictures.text(PathPictures.view(events), 80, 24) { $0.showsLabels = false }
        #expect(!plain.contains { $0.contains("MPLS") })
    }

    @Test func `a change of the path is told, and who has gone stands last`() async throws {
        let events = try await PathPictures.events(
            from: try SimulatedInternet(parsing: PathPictures.crooked), "far.example", rounds: 60)
        let text = PathPictures.text(PathPictures.view(events.dropLast()), 100, 24)
        #expect(text[23] == "hop 3 went from 198.51.100.9 to 198.51.100.19 in round 6")
        let now = try #require(text.firstIndex { $0.hasPrefix(" 3. mid2.transit.example") })
        #expect(text[now + 1].hasPrefix("    mid.transit.example"))
    }

    @Test func `a hop is called as the person likes it`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 2))
        #expect(PathPictures.text(view, 80, 24) { $0.showsNames = false }[4].hasPrefix(" 1. 192.0.2.1 "))
        let both = PathPictures.text(view, 80, 24) { $0.showsAddressesToo = true }
        #expect(both[4].hasPrefix(" 1. gw.home.example (192.0.2.1) "))
        // Of a name that is too long, the address stays whole.
        #expect(both[5].hasPrefix(" 2. bras1.lis1.access.ex… (192.0.2.129) "), "\(both[5])")
    }

    @Test func `jitter has columns of its own, and columns can be chosen`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 5))
        #expect(
            PathPictures.text(view, 80, 24) { $0.display = .jitter }[3].hasSuffix(
                " Drop Rcv   Avg Gmean Jttr Javg Jmax Jint"))
        let chosen = PathPictures.text(view, 80, 24) { $0.latency = MTRReport.Fields("WL")! }
        #expect(chosen[3].hasSuffix(" Wrst  Loss%") || chosen[3].contains(" Wrst  Loss% last"))
    }

    @Test func `history shows every hop on a scale of its own, which stands behind it`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 30))
        let text = PathPictures.text(view, 80, 24) { $0.display = .history }
        #expect(text[3].contains(/^ 1\. gw\.home\.example .*[▁▂▃▄▅▆▇█]{30} +0\.\d-1\.\d$/), "\(text[3])")
        #expect(text.contains { $0.contains(/^11\. tokyo\.example .*[▁▂▃▄▅▆▇█]{30} +28\d\.\d-2[89]\d\.\d$/) })
        #expect(text.contains { $0.contains(/^ 3\. \(no answer\) +x{30}$/) })
        #expect(text.contains("▁ least  █ greatest  x lost  . out  ! not sent"))
        #expect(PathPictures.text(view, 40, 10) { $0.display = .history }[1].contains(/[▁▂▃▄▅▆▇█]{24}$/))
    }

    @Test func `what becomes slow in a round rises in that round, near or far`() async throws {
        let topology = """
            vantage here 192.0.2.10
            router gw 192.0.2.1 delay=1ms
            router mid 198.51.100.9 delay=100ms
            host far 203.0.113.7 delay=10ms name=far.example
            path far: gw mid
            at 9.5s set mid delay=140ms
            """
        let events = try await PathPictures.events(
            from: try SimulatedInternet(parsing: topology), "far.example", rounds: 12)
        let text = PathPictures.text(PathPictures.view(events), 80, 24) { $0.display = .history }
        #expect(text[3].contains(/▁{12} +2\.0-2\.0$/), "\(text[3])")
        for row in 4...5 { #expect(text[row].contains(/▁{10}█{2}\s/), "\(text[row])") }
    }

    @Test func `what is going on stands in the last row`() async throws {
        let events = try await PathPictures.events(rounds: 3)
        let view = PathPictures.view(events.dropLast())
        #expect(PathPictures.text(view, 80, 24) { $0.isPaused = true }[23] == "paused: space goes on")
        #expect(PathPictures.text(view, 80, 24) { $0.note = "listen" }[23] == "listen")
        #expect(PathPictures.text(PathPictures.view(events), 80, 24)[23].hasPrefix("all rounds are done"))
        let failed = ProbeEvent(
            at: .seconds(3), .ended(RunEnd(.failed, error: ProbeError(.network, "The cable\u{1B}[2J is out"))))
        #expect(
            PathPictures.text(PathPictures.view(events.dropLast() + [failed]), 80, 24)[23]
                == "the run failed: The cable\\u{1b}[2J is out")
        #expect(PathPictures.text(PathView(), 80, 24)[23] == "waiting for the run to begin")
        #expect(PathPictures.text(view, 80, 14)[13] == "lines 1-10 of 14, + and - turn")
    }

    @Test func `probes that could not be sent are counted, and why`() async throws {
        var view = PathPictures.view(try await PathPictures.events(rounds: 2).dropLast())
        for number in 0..<3 {
            let probe = Probe(id: 1000 + number, target: IPAddress(203, 0, 113, 110), ttl: 1, sequence: 2 + number)
            view.apply(ProbeEvent(at: .seconds(3), .sendFailed(probe, ProbeError(.noRoute, "No route to host"))))
        }
        #expect(PathPictures.text(view, 80, 24)[23] == "3 not sent: No route to host")
        #expect(PathPictures.text(view, 120, 24)[4].hasSuffix("!!!"))
    }

    @Test func `the columns that there are stand above the line in which they are chosen`() async throws {
        let view = PathPictures.view(try await PathPictures.events(rounds: 2))
        let text = PathPictures.text(view, 80, 24) { $0.front = .fields("LS") }
        #expect(text[3] == "  L      Loss%  share of lost probes")
        #expect(text[23] == "columns: LS   Enter takes it, Esc does not")
        #expect(PathPictures.text(view, 60, 24) { $0.front = .help }[3] == "  h ?    this list; any key leaves it")
    }

    @Test func `the list of keys fits 40 columns, and has every key`() {
        for (key, meaning) in PathScreenState.keys { #expect(9 + meaning.count <= 40, "\(key)") }
        let keys = PathScreenState.keys.map(\.key).joined(separator: " ")
        for key in "hdrop?nuqjbaetisfczym+-" { #expect(keys.contains(key), "\(key)") }
    }

    private static let sizes = [
        (1, 1), (2, 2), (3, 1), (5, 3), (10, 4), (20, 5), (39, 11), (60, 12), (79, 16), (300, 90),
    ]

    @Test(arguments: PathScreenState.Display.allCases)
    func `every size gives a picture of that size`(_ display: PathScreenState.Display) async throws {
        let internet = try SimulatedInternet(parsing: PathPictures.crooked)
        let views = [
            PathView(), PathPictures.view(try await PathPictures.events(rounds: 3)),
            PathPictures.view(try await PathPictures.events(from: internet, "far.example", rounds: 8)),
        ]
        let fronts: [PathScreenState.Front?] = [
            nil, .help, .fields("LS NABWVGJMXI"), .setting(.interval, "0.5"),
        ]
        for view in views {
            for front in fronts {
                for (columns, rows) in Self.sizes {
                    var state = PathScreenState()
                    (state.display, state.front, state.scroll) = (display, front, 3)
                    state.showsAddressesToo = true
                    (state.chosen, state.showsDetails, state.fact) = (2, true, .prefix)
                    let drawing = PathDrawing(
                        view, state, PathPictures.placed, size: ScreenSize(columns: columns, rows: rows))
                    #expect(drawing.frame.rows.count == rows)
                    #expect(drawing.frame.rows.allSatisfy { $0.count == columns })
                    #expect(drawing.mostScroll >= 0 && drawing.page >= 0)
                }
            }
        }
    }
}
