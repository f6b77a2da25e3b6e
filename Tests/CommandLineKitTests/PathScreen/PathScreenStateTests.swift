import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `What keys do to the screen` {
    private func press(_ keys: [Key], _ state: inout PathScreenState) -> [PathScreenState.Request] {
        keys.compactMap { state.press($0, page: 10, method: .icmp) }
    }

    private func press(_ text: String, _ state: inout PathScreenState) -> [PathScreenState.Request] {
        press(text.map { .character($0) }, &state)
    }

    @Test(arguments: [
        ("q", PathScreenState.Request.quit), ("Q", .quit), ("r", .reset), ("p", .pause), (" ", .pause),
        ("u", .ask(.udp)), ("t", .ask(.tcp)), ("nn", .names),
    ]) func `some ask for something`(_ keys: String, _ request: PathScreenState.Request) {
        var state = PathScreenState()
        #expect(press(keys, &state) == [request])
    }

    @Test func `a method that is asked by already leads back to ICMP`() {
        var state = PathScreenState()
        #expect(state.press(.character("u"), page: 10, method: .udp) == .ask(.icmp))
        #expect(state.press(.character("t"), page: 10, method: .udp) == .ask(.tcp))
        #expect(state.press(.character("i"), page: 10, method: .udp) == .ask(.icmp))
        #expect(state.press(.character("i"), page: 10, method: .icmp) == nil)
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

    @Test func `plus and minus turn pages, arrows lines, and never above the first`() {
        var state = PathScreenState()
        _ = press("++-", &state)
        #expect(state.scroll == 5)
        _ = press([.down, .down, .up, .pageDown], &state)
        #expect(state.scroll == 11)
        _ = press([.home, .up, .pageUp], &state)
        #expect(state.scroll == 0)
    }
}
