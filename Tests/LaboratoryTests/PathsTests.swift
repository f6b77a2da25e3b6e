import Foundation
import Testing
import TraceCore

@Suite(.serialized, .onItsOwnThread) struct `All paths` {
    /// What a graph says, by addresses.
    private struct Finding {
        let nodes: [String]
        let links: Set<[String]>
        let balancing: [String: PathGraph.Balancing]

        init(_ text: String) throws {
            let graph = try JSON.decode(PathGraph.self, from: Array(text.utf8))
            let names = graph.nodes.map { $0.address.map { "\($0)" } ?? "*" }
            nodes = names.sorted()
            links = Set(graph.links.map { [names[$0.from], names[$0.to]] })
            balancing = Dictionary(
                uniqueKeysWithValues: graph.nodes.compactMap { node in node.balancing.map { (names[node.id], $0) } })
        }
    }

    // Not by connections: between namespaces of one machine, the kernel hashes what the sender's socket drew by lot.
    @Test(arguments: [["-U", "--mode", "raw"], ["-U", "--mode", "unprivileged"], ["-T", "--mode", "raw"]])
    func `through a kernel that balances are found as they are`(_ options: [String]) throws {
        let paths = try KernelPaths()
        let output = try paths.run(
            "trace", "--paths", "--confidence", "0.99999", "--json", "-n", options[0], options[1], options[2],
            KernelPaths.target)
        let finding = try Finding(output)
        #expect(finding.nodes == KernelPaths.nodes)
        #expect(finding.links == KernelPaths.links)
        #expect(finding.balancing == ["10.0.1.2": .flow, "10.2.1.2": .flow])
    }

    private static let diamonds = """
        vantage here 192.0.2.100 2001:db8::100
        router gw 192.0.2.1 2001:db8::1 delay=1ms
        router a 198.51.100.1 2001:db8:1::1 delay=1ms
        router b 198.51.100.2 2001:db8:1::2 delay=1ms
        router c 198.51.100.3 2001:db8:1::3 delay=1ms
        router join 198.51.100.4 2001:db8:1::4 delay=1ms
        host server 203.0.113.7 2001:db8:7::7 delay=1ms
        path server: gw (a | b c) join
        """
    private static let diamondLinks: [(String, String)] = [
        ("gw", "a"), ("gw", "b"), ("b", "c"), ("a", "join"), ("c", "join"), ("join", "server"),
    ]
    private static let addresses = [
        "gw": ("192.0.2.1", "2001:db8::1"), "a": ("198.51.100.1", "2001:db8:1::1"),
        "b": ("198.51.100.2", "2001:db8:1::2"), "c": ("198.51.100.3", "2001:db8:1::3"),
        "join": ("198.51.100.4", "2001:db8:1::4"), "server": ("203.0.113.7", "2001:db8:7::7"),
    ]

    // Who may have a ping socket depends on the machine; it sends the packets that go out raw.
    @Test(arguments: [
        ["-I", "raw"], ["-U", "raw"], ["-T", "raw"], ["-U", "unprivileged"], ["-T", "unprivileged"],
    ])
    func `are found by each method, in each mode`(_ way: [String]) throws {
        let laboratory = try Laboratory(Self.diamonds)
        let trace = Laboratory.products.appendingPathComponent("trace").path
        for family in ["-4", "-6"] {
            let target = Topologies.target(family)
            let outcome = try laboratory.run(
                [], trace, "--paths", "--confidence", "0.99999", "--json", "-n", family, way[0], "--mode", way[1],
                target)
            let finding = try Finding(outcome.output)
            let wanted = Self.diamondLinks.map { from, to in
                [from, to].map { name in
                    Self.addresses[name].map { family == "-4" ? $0.0 : $0.1 } ?? name
                }
            }
            #expect(finding.links == Set(wanted), "\(family) \(outcome.errors)")
        }
    }
}
