import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `The picture of the paths that flows take` {
    private func events(rounds: Int = 48, flows: Int = 8) async throws -> [ProbeEvent] {
        try await PathPictures.events(
            from: try SimulatedInternet(parsing: PathPictures.forked), "far.example", rounds: rounds, flows: flows)
    }

    private func text(
        _ view: PathView, _ columns: Int, _ rows: Int, _ change: (inout PathScreenState) -> Void = { _ in }
    ) -> [String] {
        PathPictures.text(view, columns, rows) {
            $0.display = .paths
            change(&$0)
        }
    }

    @Test func `has for each who answers where not all are alike, and its figures`() async throws {
        let view = PathPictures.view(try await events().dropLast())
        let text = text(view, 80, 24)
        #expect(text[3] == view.paths?.lines[0])
        #expect(text[3].contains(/^2 paths, and no other with a confidence of \d+\.\d %$/), "\(text[3])")
        #expect(text[4] == "    differing hops                    Flows  Loss%   Snt   Avg  Best  Wrst StDev")
        #expect(
            text[5].contains(/^ 2\. (left|right)\.transit\.example +\d   0\.0%    \d+( +\d+\.\d){4}$/), "\(text[5])")
        let left = try #require(text.firstIndex { $0.hasPrefix(" 2. left.transit.example ") })
        #expect(text[left + 1] == " 3. mid.transit.example" && text[left].contains(" 34.0  34.0  34.0   0.0"))
        let right = try #require(text.firstIndex { $0.hasPrefix(" 2. right.transit.example ") })
        #expect(text[right + 1] == " 3. (no answer)" && text[right].contains(" 38.0  38.0  38.0   0.0"))
        #expect([left, right].sorted() == [5, 7])
        #expect(text[9...].allSatisfy { $0.isEmpty })
    }

    @Test func `stays in its order, whichever path has more flows by now`() async throws {
        let events = try await events()
        var view = PathView()
        var orders: Set<[String]> = []
        for event in events {
            view.apply(event)
            guard case .ended = event.fact else {
                if view.rounds > 8, event.probe?.ttl == 1 {
                    orders.insert(text(view, 80, 24).filter { $0.hasPrefix(" 2. ") }.map { String($0.prefix(12)) })
                }
                continue
            }
        }
        #expect(orders.count == 1 && orders.first?.count == 2)
    }

    @Test func `where it is narrow, has fewer columns and words, and all of each line`() async throws {
        let view = PathPictures.view(try await events().dropLast())
        let text = text(view, 40, 10)
        #expect(text[0] == "mtr  far.example (203.0.113.7)")
        #expect(text[1].contains(/^2 paths, \d+ % sure of no other$/), "\(text[1])")
        #expect(text[2] == "    differing hops    Flows  Loss%   Snt")
        #expect(text[3].contains(/^ 2\. \w+\.transit\.e.*… +\d   0\.0%    \d\d$/), "\(text[3])")
        #expect(text.allSatisfy { $0.count <= 40 })
    }

    @Test func `is scrolled like the hops, beneath its heading`() async throws {
        let view = PathPictures.view(try await events().dropLast())
        #expect(text(view, 50, 6)[5] == "lines 1-2 of 4, + and - turn")
        let end = text(view, 50, 6) { $0.scroll = 99 }
        #expect(end[2].hasPrefix("    differing hops ") && end[4].hasPrefix(" 3. "))
        #expect(end[5] == "lines 3-4 of 4, + and - turn")
    }

    @Test func `calls routers as the hops are called`() async throws {
        let view = PathPictures.view(try await events().dropLast())
        #expect(text(view, 80, 24) { $0.showsNames = false }.contains { $0.hasPrefix(" 2. 198.51.100.1 ") })
        #expect(text(view, 100, 24) { $0.showsAddressesToo = true }.contains(" 3. mid.transit.example (198.51.100.9)"))
    }

    @Test func `of one flow says how to see more`() async throws {
        let view = PathPictures.view(try await events(rounds: 4, flows: 1).dropLast())
        let text = text(view, 40, 24)
        #expect(text[3] == "one path, that of the one flow")
        #expect(text[5].hasPrefix(" 4. far.example "))
        #expect(text[7...8] == ["Start with --flows 16 to see more than", "one path."])
        let two = PathPictures.view(
            try await PathPictures.events(from: .demo, "lisbon.example", rounds: 4, flows: 2).dropLast())
        let known = self.text(two, 80, 24)
        #expect(known[3].hasPrefix("one path, and no other with a confidence of "))
        #expect(!known.joined().contains("--flows"))
    }

    @Test func `of nobody says so`() async throws {
        let events = try await PathPictures.events("tokyo.example", rounds: 1)
        #expect(text(PathPictures.view([events[0]]), 80, 24)[3] == "no path yet")
        #expect(
            text(PathPictures.view([events[0], events[events.count - 1]]), 80, 24)[3] == "no path: nobody answered")
        #expect(text(PathView(), 80, 24)[3].isEmpty)
    }

    @Test func `begins anew after a reset`() async throws {
        let events = try await events()
        var view = PathView()
        let middle = try #require(
            events.lastIndex { event in if case .sent(let probe) = event.fact { probe.sequence == 40 } else { false } })
        for event in events[..<middle] { view.apply(event) }
        #expect(view.paths?.paths.count == 2 && view.flows.count == 8)
        view.reset()
        #expect(view.paths?.paths.isEmpty == true && view.flows.isEmpty)
        for event in events[middle...] { view.apply(event) }
        // The rounds after the one that was under way, and no answer to probes of that one.
        let paths = try #require(view.paths?.paths)
        #expect(paths.map(\.sent).reduce(0, +) == 7)
    }

    @Test func `marks loss as the table of hops does`() async throws {
        let view = PathPictures.view(
            try await PathPictures.events(
                from: try SimulatedInternet(
                    parsing: PathPictures.forked.replacing("dark 198.51.100.13", with: "dark 198.51.100.13 loss=50%")),
                "far.example", rounds: 80, flows: 8))
        var state = PathScreenState()
        state.display = .paths
        let report = try #require(view.paths)
        let table = PathSetTable(report, view, state, columns: 80).table
        let styles = table.lines.map { line in Set(line.cells.filter { $0.text == "%" }.map(\.style)) }
        #expect(styles.contains([.alarm]) && styles.contains([.plain]))
    }
}
