import Testing

@testable import TraceCore

@Suite struct DemoTests {
    @Test func `the demo is what its text says`() throws {
        #expect(
            SimulatedInternet.demo.hosts
                == (try SimulatedInternet(parsing: SimulatedInternet.demoTopology)).hosts)
        #expect(SimulatedInternet.demo.hosts.count == 15)
    }

    @Test func `all its addresses are set aside for documentation`() {
        let prefixes: [(IPAddress, Int)] = [
            (IPAddress(192, 0, 2, 0), 24), (IPAddress(198, 51, 100, 0), 24), (IPAddress(203, 0, 113, 0), 24),
            (IPAddress(v6: 0x2001_0db8 << 96), 32), (IPAddress(v6: 0x3fff << 112), 20),
        ]
        for address in SimulatedInternet.demo.plan.destinations.keys {
            #expect(
                prefixes.contains { prefix, length in
                    prefix.family == address.family
                        && (prefix.bits ^ address.bits) >> UInt128(address.family.bitWidth - length) == 0
                })
        }
    }

    @Test(arguments: [
        "tokyo.example", "frankfurt.example", "saopaulo.example", "nairobi.example", "sydney.example",
    ])
    func `a host answers pings on both families`(name: String) async throws {
        for family in IPAddress.Family.allCases {
            let pinger = Pinger(.simulated(.icmp), options: RunOptions(family: family))
            let report = try await pinger.ping(name, count: 20)
            #expect(report.received >= 14)
        }
    }

    @Test func `the dead host is silent and the prohibited one forbidden`() async throws {
        #expect(try await Pinger(.simulated(.icmp)).ping("dead.example", count: 3).received == 0)
        let trace = try await PathTracer(.simulated(.udp)).trace("prohibited.example")
        #expect(trace.end?.kind == .prohibited)
    }

    @Test func `names are known both ways, at once`() async throws {
        let resolver = SimulatedInternet.demo.resolver
        let addresses = try await resolver.addresses(of: "Tokyo.Example.")
        #expect(addresses == [IPAddress(203, 0, 113, 110), IPAddress("2001:db8:200::6e")].compactMap { $0 })
        #expect(resolver.known(IPAddress(203, 0, 113, 110)) == .name("tokyo.example"))
        #expect(resolver.known(IPAddress(203, 0, 113, 111)) == .none)
        await #expect(throws: ProbeError(.unknownHost, "")) {
            try await resolver.addresses(of: "atlantis.example")
        }
    }

    @Test func `a reverse name may be as hostile as a real one`() throws {
        let text = "vantage v 192.0.2.1\nrouter a 192.0.2.2 reverse=\"\\e[31m\\u{202e}x\\n\"\n"
        let name = try SimulatedInternet(parsing: text).resolver.known(IPAddress(192, 0, 2, 2))
        #expect(name == .name(UntrustedText("\u{1b}[31m\u{202e}x\n")))
    }
}
