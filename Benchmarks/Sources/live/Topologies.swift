import Foundation

/// The internets that are measured in. None of them has chance in it, unless where it says so.
enum Topologies {
    private static let vantage = "seed 11\nvantage here 192.0.2.10 2001:db8::10\n"

    /// Ten hops, each 8 ms of round trip farther than the one before, with attributes for some of them.
    static func tenHops(_ attributes: [Int: String] = [:]) -> String {
        var text = vantage
        for hop in 1...9 { text += "router r\(hop) 198.51.100.\(hop) delay=4ms \(attributes[hop] ?? "")\n" }
        text += "host target 203.0.113.7 delay=4ms \(attributes[10] ?? "")\n"
        return text + "path target: " + (1...9).map { "r\($0)" }.joined(separator: " ") + "\n"
    }

    static let target = "203.0.113.7"

    /// Ten hops close together, so that tools which print three digits still print hundredths of a millisecond.
    static var near: String {
        tenHops().replacingOccurrences(of: "delay=4ms", with: "delay=0.4ms jitter=0.02ms/uniform")
    }

    /// 1,024 destinations: 32 networks of as many hosts, each behind its own router and all behind the same five.
    static var many: String {
        var text = vantage
        for hop in 1...5 { text += "router core\(hop) 198.51.100.\(hop) delay=3ms\n" }
        for edge in 0..<32 {
            text += "router edge\(edge) 198.51.101.\(edge + 1) delay=\(2 + edge)ms\n"
            text += "host hosts\(edge) 203.0.\(edge).0/27 delay=1ms\n"
            text += "path hosts\(edge): core1 core2 core3 core4 core5 edge\(edge)\n"
        }
        return text
    }

    static let manyTargets = (0..<32).flatMap { edge in (0..<32).map { "203.0.\(edge).\($0)" } }

    /// A quarter of a million hosts, all alive, 20 to 24 ms away.
    static let crowd =
        vantage + """
            router gw 192.0.2.1 delay=1ms
            router core 198.51.100.1 delay=2ms
            host all 10.0.0.0/14 delay=7ms jitter=2ms/uniform
            path all: gw core

            """

    /// 1,000 destinations behind fourteen routers.
    static var fifteenHops: String {
        var text = vantage
        for hop in 1...14 { text += "router r\(hop) 198.51.100.\(hop) delay=2ms jitter=0.2ms/uniform\n" }
        text += "host all 10.0.0.0/22 delay=2ms jitter=0.2ms/uniform\n"
        return text + "path all: " + (1...14).map { "r\($0)" }.joined(separator: " ") + "\n"
    }
}
