import Testing

@testable import TraceCore

@Suite struct TopologyMistakeTests {
    private static let head = "vantage here 192.0.2.10\nrouter a 192.0.2.1\nhost h 203.0.113.1\n"

    @Test(arguments: [
        ("seed x", "t:1:6: \"x\" does not fit here. Expected a number from 0 to 18446744073709551615"),
        (
            "start yesterday\nvantage here 192.0.2.1",
            "t:1:7: \"yesterday\" is no time. Expected a time such as 2026-01-01T00:00:00Z"
        ),
        (
            "router a 192.0.2.1",
            "t:1:1: Nothing is sent from anywhere. Expected a line such as: vantage here 192.0.2.10 2001:db8::10"
        ),
        ("vantage here", "t:1:13: A vantage needs an address. Expected an address"),
        (
            "vantage here 192.0.2.1 192.0.2.2",
            "t:1:24: \"192.0.2.2\" does not fit here. Expected one address of each family"
        ),
        ("host h", "t:1:7: A host needs an address. Expected an address"),
        ("router a!", "t:1:8: \"a!\" is no name. Expected letters, digits, points, dashes and underscores"),
        ("router a\nrouter a", "t:2:8: There already is a \"a\". Expected another name"),
        (
            "route a",
            "t:1:1: No line begins with \"route\". Expected seed, start, vantage, router, host, link, path, or at with a time before set, link or path"
        ),
        ("router a delay", "t:1:10: \"delay\" needs a value. Expected delay=…"),
        ("router a silent=1", "t:1:10: \"silent\" takes no value. Expected silent"),
        (
            "router a delay=3",
            "t:1:16: \"3\" does not fit here. Expected a time such as 0.4ms, 250us, 3s or 2m"
        ),
        ("router a loss=5", "t:1:15: \"5\" does not fit here. Expected a share between 0% and 100%"),
        ("router a loss=101%", "t:1:15: \"101%\" does not fit here. Expected a share between 0% and 100%"),
        ("router a mpls=1,2/9", "t:1:19: \"9\" does not fit here. Expected a number from 0 to 7"),
        ("router a name=\"x", "t:1:15: The quote that begins here does not end. Expected a closing \""),
        (
            "router a name=\"\\q\"",
            "t:1:16: Unknown escape. Expected \\\\, \\\", \\n, \\r, \\t, \\e, \\0 or \\u{…}"
        ),
        ("router a rate=10", "t:1:15: \"10\" does not fit here. Expected a rate such as 10/s or 30/m"),
        (
            "router a 192.0.2.1 192.0.2.2",
            "t:1:20: \"192.0.2.2\" does not fit here. Expected one address of each family, for a host perhaps with a prefix length"
        ),
        ("host h 192.0.2.0/33", "t:1:18: \"33\" does not fit here. Expected a number from 0 to 32"),
    ])
    func `a mistake is told with its place and what was expected`(text: String, message: String) {
        expect(text, message)
    }

    @Test(arguments: [
        (
            "path h a",
            "t:4:8: \"a\" cannot stand before the colon. Expected from and a vantage, v4, v6, or a colon"
        ),
        (
            "path h: a b",
            "t:4:11: There is no node \"b\". Expected the name of a router or host that has a line of its own"
        ),
        ("path a: a", "t:4:6: \"a\" is a router. Expected a host's name"),
        ("path h from x: a", "t:4:13: There is no vantage \"x\". Expected one of here"),
        ("path h: (a | a", "t:4:15: The parenthesis of column 9 is not closed. Expected a node, | or )"),
        ("path h: a)", "t:4:10: This cannot stand here. Expected a node, ( or [, or the end of the line"),
        ("path h: [a] a", "t:4:13: Nothing comes after a loop. Expected the end of this way"),
        ("path h: (0* a | a)", "t:4:10: \"0\" is no weight. Expected a number from 1 to 65535"),
        (
            "link a h speed=1",
            "t:4:10: There is no attribute \"speed\". Expected an address or one of down up delay= jitter= loss= return-loss= mtu="
        ),
        (
            "at 5s path h: a\nat 4s path h: a",
            "t:5:4: This is earlier than what stands above. Expected changes in their order"
        ),
        ("at 5s host i 192.0.2.3", "t:4:7: \"host\" cannot stand here. Expected path, set or link"),
        (
            "host i 203.0.113.1",
            "t:4:6: i has an address that another node has already. Expected an address of its own"
        ),
    ])
    func `a mistake in a path or a change is told too`(text: String, message: String) {
        expect(Self.head + text, message)
    }

    /// Twenty thousand of them took the whole stack, and the program with it.
    @Test func `parentheses have a depth`() throws {
        func path(_ depth: Int) -> String {
            "path h: " + String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        expect(Self.head + path(20_000), "t:4:73: Parentheses are nested more than 64 deep. Expected a node")
        _ = try SimulatedInternet(parsing: Self.head + path(64))
    }

    @Test(arguments: [
        (
            "router b 192.0.2.2 delay=1ms loss=5% delay=2ms",
            "t:4:38: \"delay\" stands here for the second time, and at column 20 for the first. Expected one of the two"
        ),
        (
            "router b silent silent",
            "t:4:17: \"silent\" stands here for the second time, and at column 10 for the first. Expected one of the two"
        ),
        (
            "router b up down",
            "t:4:13: \"up\" or \"down\" stands here for the second time, and at column 10 for the first. Expected one of the two"
        ),
        (
            "path h: a\nrouter b 192.0.2.2\npath h: a b",
            "t:6:1: The path of \"h\" stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
        (
            "path default: a\npath default: a a",
            "t:5:1: The path of all others stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
        (
            "path h v4: a\npath h from here v4: a\npath h from here v4: a",
            "t:6:1: The path of \"h\" stands here for the second time, and on line 5 for the first. Expected one of the two"
        ),
        (
            "at 5s path h: a\nat 5s path h: a a",
            "t:5:7: The path of \"h\" stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
        (
            "link a h loss=5%\nlink a h delay=1ms loss=6%",
            "t:5:20: \"loss\" stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
        (
            "at 5s set a loss=5%\nat 5s set a loss=6%",
            "t:5:13: \"loss\" stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
        (
            "seed 1\nseed 2",
            "t:5:1: \"seed\" stands here for the second time, and on line 4 for the first. Expected one of the two"
        ),
    ])
    func `what is said twice is told with both places`(text: String, message: String) {
        expect(Self.head + text, message)
    }

    @Test(arguments: [
        "router b prohibit=udp:53 allow=udp prohibit=all",
        "path h: a\npath h v4: a\npath h from here: a\nat 5s path h: a",
        "link a h loss=5%\nlink a h delay=1ms\nat 5s link a h loss=6%\nat 6s link a h loss=7%",
        "router b loss=5%\nat 5s set b loss=6%\nat 6s set b loss=7%",
    ])
    func `what only looks like it is said twice is none`(text: String) throws {
        _ = try SimulatedInternet(parsing: Self.head + text, name: "t")
    }

    private func expect(_ text: String, _ message: String) {
        do throws(ProbeError) {
            _ = try SimulatedInternet(parsing: text, name: "t")
            Issue.record("The text was taken")
        } catch {
            #expect(error.code == .badInput)
            #expect(error.description == message)
        }
    }
}
