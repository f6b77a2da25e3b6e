import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `What keys do to the screen` {
    private static let now = PathScreenState.Situation(
        settings: PathPictures.settings, hops: [1, 2, 3, 5], facts: Set(PathFact.allCases))

    /// The situation with a change.
    private static func now(_ change: (inout PathScreenState.Situation) -> Void) -> PathScreenState.Situation {
        var now = now
        change(&now)
        return now
    }

    private static func asking(_ method: ProbeMethod) -> PathSettings {
        var settings = PathPictures.settings
        settings.method = method
        return settings
    }

    private func press(_ keys: [Key], _ state: inout PathScreenState) -> [PathScreenState.Request] {
        keys.compactMap { state.press($0, Self.now) }
    }

    private func press(_ text: String, _ state: inout PathScreenState) -> [PathScreenState.Request] {
        press(text.map { .character($0) }, &state)
    }

    @Test(arguments: [
        ("q", PathScreenState.Request.quit), ("Q", .quit), ("r", .reset), ("p", .pause), (" ", .pause),
        ("u", .ask(asking(.udp))), ("t", .ask(asking(.tcp))), ("nn", .names),
    ]) func `some ask for something`(_ keys: String, _ request: PathScreenState.Request) {
        var state = PathScreenState()
        #expect(press(keys, &state) == [request])
    }

    @Test func `a method that is asked by already leads back to ICMP`() {
        var state = PathScreenState()
        let now = Self.now { $0.settings.method = .udp }
        #expect(state.press(.character("u"), now) == .ask(Self.asking(.icmp)))
        #expect(state.press(.character("t"), now) == .ask(Self.asking(.tcp)))
    }

    @Test(arguments: [
        (
            "i0.5", "interval",
            PathSettings(method: .icmp, interval: .milliseconds(500), size: nil, hops: 1...30, rounds: nil)
        ),
        (
            "I20ms", "interval",
            PathSettings(method: .icmp, interval: .milliseconds(20), size: nil, hops: 1...30, rounds: nil)
        ),
        ("s100", "size", PathSettings(method: .icmp, interval: .seconds(1), size: 100, hops: 1...30, rounds: nil)),
        ("f3-20", "hops", PathSettings(method: .icmp, interval: .seconds(1), size: nil, hops: 3...20, rounds: nil)),
        ("f12", "hops", PathSettings(method: .icmp, interval: .seconds(1), size: nil, hops: 1...12, rounds: nil)),
        ("f-12", "hops", PathSettings(method: .icmp, interval: .seconds(1), size: nil, hops: 1...12, rounds: nil)),
        ("c50", "rounds", PathSettings(method: .icmp, interval: .seconds(1), size: nil, hops: 1...30, rounds: 50)),
    ]) func `settings are typed, and taken with Enter`(_ keys: String, _ what: String, _ settings: PathSettings) {
        var state = PathScreenState()
        #expect(press(keys, &state).isEmpty)
        #expect(press([.enter], &state) == [.ask(settings)])
        #expect(state.front == nil)
    }

    @Test(arguments: ["i0", "ix", "s5", "s99999", "f0", "f9-3", "f3-", "fx-3", "f1-2-3", "c-1", "cmany"])
    func `what is no setting is refused, and stays to be corrected`(_ keys: String) {
        var state = PathScreenState()
        #expect(press(keys.map { .character($0) } + [.enter], &state).isEmpty)
        #expect(state.note?.hasPrefix("not a") ?? false, "\(state.note ?? "")")
        #expect(state.front != nil)
        #expect(press([.escape], &state).isEmpty)
        #expect(state.front == nil && state.note == nil)
    }

    @Test func `a setting that stays as it is asks for nothing, and a recording refuses`() {
        var state = PathScreenState()
        #expect(press([.character("i"), .enter], &state).isEmpty)
        #expect(press([.character("i"), .character("1"), .enter], &state).isEmpty)
        #expect(press([.character("c"), .character("0"), .enter], &state).isEmpty)
        for key in "isfcut" {
            #expect(state.press(.character(key), Self.now { $0.fixed = "it is a recording" }) == nil)
            #expect(state.note == "it is a recording" && state.front == nil)
        }
    }

    @Test func `z shows numbers of networks or none, y what else is known`() {
        var state = PathScreenState()
        _ = press("z", &state)
        #expect(state.fact == .number)
        var seen: [PathFact?] = []
        for _ in 0..<5 {
            _ = press("y", &state)
            seen.append(state.fact)
        }
        #expect(seen == [.prefix, .country, .network, .place, .number])
        _ = press("yz", &state)
        #expect(state.fact == nil)
        _ = press("z", &state)
        #expect(state.fact == .prefix)
        // Without a database, the names of routers say where some are.
        var other = PathScreenState()
        let now = Self.now { $0.facts = [.country, .place] }
        _ = other.press(.character("z"), now)
        #expect(other.fact == nil && other.note?.contains("--geo") ?? false)
        _ = other.press(.character("y"), now)
        #expect(other.fact == .country && other.note == nil)
        for key in "zym" { _ = state.press(.character(key), Self.now { $0.facts = [] }) }
        #expect(state.display == .latency && state.note?.contains("--geo") ?? false)
    }

    @Test func `arrows choose a hop, Enter shows all about it`() {
        var state = PathScreenState()
        _ = press([.down], &state)
        #expect(state.chosen == 1)
        _ = press([.down, .down, .down, .down], &state)
        #expect(state.chosen == 5)
        _ = press([.up], &state)
        #expect(state.chosen == 3 && !state.showsDetails)
        _ = press([.enter], &state)
        #expect(state.showsDetails)
        _ = press([.escape], &state)
        #expect(!state.showsDetails && state.chosen == 3)
        _ = press([.escape], &state)
        #expect(state.chosen == nil)
        // The end of the path is what most people ask about.
        _ = press([.enter], &state)
        #expect(state.chosen == 5 && state.showsDetails)
    }

    @Test func `Tab shows the next of several hosts, and chooses no hop there`() {
        var state = PathScreenState()
        #expect(press([.tab, .left], &state).isEmpty)
        let now = Self.now { $0.hosts = 3 }
        _ = press([.enter], &state)
        #expect(state.press(.tab, now) == .host(1))
        #expect(state.chosen == nil && !state.showsDetails)
        #expect(state.press(.left, now) == .host(-1))
    }

    @Test func `m shows the map, and goes back to what was shown of hops`() {
        var state = PathScreenState()
        _ = press("dm", &state)
        #expect(state.display == .map)
        _ = press("a", &state)
        #expect(state.display == .paths)
        _ = press("m", &state)
        #expect(state.display == .map)
        _ = press("m", &state)
        #expect(state.display == .history)
    }

    @Test func `p pauses, space goes on`() {
        var state = PathScreenState()
        #expect(press("pp ", &state) == [.pause, .resume])
        #expect(!state.isPaused)
        #expect(press("  ", &state) == [.pause, .resume])
    }

    @Test func `d goes through the displays, j to jitter and back`() {
        var state = PathScreenState()
        var seen: [PathScreenState.Display] = []
        for _ in 0..<4 {
            _ = press("d", &state)
            seen.append(state.display)
        }
        #expect(seen == [.history, .jitter, .latency, .history])
        _ = press("j", &state)
        #expect(state.display == .jitter)
        _ = press("j", &state)
        #expect(state.display == .latency)
    }

    @Test func `a shows all paths and goes back to what was shown of hops`() {
        var state = PathScreenState()
        _ = press("da", &state)
        #expect(state.display == .paths)
        _ = press("a", &state)
        #expect(state.display == .history)
        _ = press("a", &state)
        _ = press("d", &state)
        #expect(state.display == .latency)
    }

    @Test func `n, b and e switch what hops are called and their labels`() {
        var state = PathScreenState()
        _ = press("n", &state)
        #expect(state.hosts == .addresses)
        _ = press("nb", &state)
        #expect(state.hosts == .both)
        _ = press("e", &state)
        #expect(!state.showsLabels)
    }

    @Test func `help is left by any key, which does nothing else`() {
        var state = PathScreenState()
        #expect(press("hq", &state).isEmpty)
        #expect(state.front == nil)
        _ = press("?", &state)
        #expect(state.front == .help)
    }

    @Test func `columns are typed, and taken with Enter`() {
        var state = PathScreenState()
        _ = press("o", &state)
        #expect(state.front == .fields("LS NABWV"))
        _ = press([.control("u")], &state)
        #expect(press("wlq\u{7}l", &state).isEmpty)
        #expect(state.front == .fields("WL"))
        _ = press([.backspace, .enter], &state)
        #expect(state.latency == MTRReport.Fields("W"))
        #expect(state.front == nil)
    }

    @Test func `no columns are not taken, and Escape leaves them as they were`() {
        var state = PathScreenState()
        _ = press("o", &state)
        _ = press([.control("u"), .enter], &state)
        #expect(state.note != nil && state.front == .fields(""))
        _ = press([.escape], &state)
        #expect(state.latency == .latency && state.front == nil && state.note == nil)
    }

    @Test func `the columns of jitter are chosen while it is shown, those of round trips elsewhere`() {
        var state = PathScreenState()
        _ = press("jo", &state)
        _ = press([.control("u"), .character("x"), .enter], &state)
        #expect(state.jitter == MTRReport.Fields("X") && state.latency == .latency)
        state.display = .history
        _ = press("o", &state)
        _ = press([.enter], &state)
        #expect(state.display == .latency)
    }

    @Test func `plus and minus turn pages, arrows lines where no hop can be chosen, and never above the first`() {
        var state = PathScreenState()
        state.display = .paths
        _ = press("++-", &state)
        #expect(state.scroll == 5)
        _ = press([.down, .down, .up, .pageDown], &state)
        #expect(state.scroll == 11)
        _ = press([.home, .up, .pageUp], &state)
        #expect(state.scroll == 0)
    }
}
