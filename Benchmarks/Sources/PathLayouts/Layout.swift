package import TraceCore

/// A simulated internet whose nodes and links are known.
package struct Layout {
    package let name: String
    package let way: Way
    /// The routers that deal out packets one by one.
    package var byPacket: Set<String> = []
    /// Whether all of its probes are held against the demand.
    package var isMeasured = false
    /// Routers that never answer.
    package var silent: Set<String> = []
    /// How much gets lost on the first link, in percent.
    package var loss = 0

    package init(
        name: String, way: Way, byPacket: Set<String> = [], isMeasured: Bool = false, silent: Set<String> = [],
        loss: Int = 0
    ) {
        (self.name, self.way, self.byPacket, self.isMeasured) = (name, way, byPacket, isMeasured)
        (self.silent, self.loss) = (silent, loss)
    }

    package static let host = "host"
    package static let hostAddress = IPAddress(203, 0, 113, 7)

    /// Every router once, in the order of the way.
    package var routers: [String] {
        var seen: Set<String> = []
        return way.names.filter { seen.insert($0).inserted }
    }

    package var links: Set<Way.Link> {
        var links: Set<Way.Link> = []
        way.links(before: [Self.host], into: &links)
        return links
    }

    /// How many hops the longest way has.
    package var stages: Int { Self.depth(way) + 1 }

    private static func depth(_ way: Way) -> Int {
        switch way {
        case .node: 1
        case .sequence(let parts): parts.reduce(0) { $0 + depth($1) }
        case .choice(let ways): ways.map(depth).max() ?? 0
        }
    }

    package func address(of index: Int) -> IPAddress {
        IPAddress(198, 51, UInt8(100 + index / 250), UInt8(1 + index % 250))
    }

    /// The names of addresses.
    package var names: [IPAddress: String] {
        var names = [Self.hostAddress: Self.host]
        for (index, router) in routers.enumerated() { names[address(of: index)] = router }
        return names
    }

    /// The internet, with another choice of ways for each seed.
    package func internet(seed: UInt64) throws -> SimulatedInternet {
        var random = SplitMix(state: seed)
        var text = "vantage here 192.0.2.10\n"
        for (index, router) in routers.enumerated() {
            text += "router \(router) \(address(of: index)) delay=2ms salt=\(random.next() >> 16)"
            if loss > 0, way.first.contains(router) { text += " loss=\(loss)%" }
            if silent.contains(router) { text += " silent" }
            text += byPacket.contains(router) ? " balance=packet\n" : "\n"
        }
        text += "host \(Self.host) \(Self.hostAddress) delay=2ms\npath \(Self.host): \(way.text)\n"
        return try SimulatedInternet(parsing: text, name: name)
    }
}

/// A generator of random numbers that any seed will do for.
package struct SplitMix {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension Layout {
    /// What the confidence is held against where probes get lost.
    package static let lossy: [Layout] =
        [20, 25, 30].flatMap { loss in
            [
                Layout(
                    name: "2, 3 and 2 wide, \(loss) % lost", way: ["a", wide("b", 2), wide("c", 3), wide("d", 2), "e"],
                    loss: loss),
                Layout(
                    name: "3 and 2 wide, one silent, \(loss) % lost", way: ["a", wide("b", 3), "c", wide("d", 2), "e"],
                    silent: ["b2"], loss: loss),
                Layout(
                    name: "straight, one silent, \(loss) % lost", way: ["a", "b", "c", "d"], silent: ["b"], loss: loss),
            ]
        } + [Layout(name: "straight, 60 % lost", way: ["a", "b", "c", "d"], loss: 60)]

    /// What the confidence is held against.
    package static let all: [Layout] = [
        Layout(name: "straight", way: ["a", "b", "c", "d"]),
        Layout(name: "2 wide", way: ["a", wide("b", 2), "c"]),
        Layout(name: "3 wide", way: ["a", wide("b", 3), "c"]),
        Layout(name: "4 wide", way: ["a", wide("b", 4), "c"]),
        Layout(name: "5 wide", way: ["a", wide("b", 5), "c"]),
        Layout(name: "8 wide", way: ["a", wide("b", 8), "c"]),
        Layout(name: "12 wide", way: ["a", wide("b", 12), "c"]),
        Layout(name: "16 wide", way: ["a", wide("b", 16), "c"]),
        Layout(name: "4 wide, 2 wide", way: ["a", wide("b", 4), wide("c", 2), "d"], isMeasured: true),
        Layout(name: "2 wide, 4 wide", way: ["a", wide("b", 2), wide("c", 4), "d"]),
        Layout(name: "2 wide, thrice", way: ["a", wide("b", 2), wide("c", 2), wide("d", 2), "e"]),
        Layout(name: "2 diamonds", way: ["a", wide("b", 2), "c", wide("d", 2), "e"]),
        Layout(name: "3 diamonds", way: ["a", wide("b", 3), "c", wide("d", 2), "e", wide("f", 4), "g"]),
        Layout(
            name: "4 diamonds of 2", way: ["a", wide("b", 2), "c", wide("d", 2), "e", wide("f", 2), "g", wide("h", 2)]),
        Layout(name: "4 wide from the first hop", way: [wide("a", 4), "b", "c"]),
        Layout(name: "3 wide to the end", way: ["a", "b", wide("c", 3)]),
        Layout(name: "two long branches", way: ["a", either(["b", "c", "d"], ["e", "f", "g"]), "h"]),
        Layout(name: "nested in one branch", way: ["a", either([wide("b", 2), "c"], ["d", "e"]), "f"]),
        Layout(name: "nested in both", way: ["a", either([wide("b", 2), "c"], [wide("d", 3), "e"]), "f"]),
        Layout(
            name: "nested twice",
            way: ["a", either([either(["b", wide("c", 2)], ["d", "e"]), "f"], ["g", "h", "i"]), "j"]),
        Layout(name: "unequal lengths", way: ["a", either("b", ["c", "d"]), "e"]),
        Layout(name: "unequal by two", way: ["a", either("b", ["c", "d", "e"]), "f", "g"]),
        Layout(name: "unequal to the end", way: ["a", either("b", ["c", "d"])]),
        Layout(name: "three lengths", way: ["a", either("b", ["c", "d"], ["e", "f", "g"]), "h"]),
        Layout(name: "unequal and 4 wide", way: ["a", either(wide("b", 4), ["c", wide("d", 2)]), "e"]),
        Layout(name: "a node in two branches", way: ["a", either(["b", "x"], ["c", "x"]), "d"]),
        Layout(name: "a node at two hops", way: ["a", either(["b", "x", "c"], ["x", "d", "e"]), "f"]),
        Layout(name: "by packet, 2 wide", way: ["a", wide("b", 2), "c"], byPacket: ["a"]),
        Layout(name: "by packet, 4 wide", way: ["a", "b", wide("c", 4), "d"], byPacket: ["b"]),
        Layout(
            name: "by packet behind a diamond", way: ["a", wide("b", 3), "c", wide("d", 2), "e"], byPacket: ["c"]),
    ]
}
