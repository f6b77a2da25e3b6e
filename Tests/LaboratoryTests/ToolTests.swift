import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Tools of others in a simulated internet` {
    @Test(arguments: ["-4", "-6"])
    func `ping gets its answers, after the delay that the topology has`(_ family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run([], "ping", family, "-n", "-c", "3", "-i", "0.05", Topologies.target(family))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("3 packets transmitted, 3 received, 0% packet loss"))
        #expect(outcome.packets.count == 3)
        let times = outcome.lines.compactMap { line in
            line.firstMatch(of: /time=([0-9.]+) ms/).flatMap { Double($0.1) }
        }
        #expect(times.count == 3)
        for time in times { #expect(time >= 20) }
    }

    @Test(arguments: ["-I", "-U", "-T"], ["-4", "-6"])
    func `traceroute finds every hop and its labels`(_ method: String, _ family: String) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "traceroute")
        // Without the tool's own guesses at how long an answer takes: a busy machine is slower.
        let outcome = try laboratory.run(
            [], "traceroute", family, method, "-n", "-e", "-q", "1", "-w", "60,0,0", Topologies.target(family))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let hops = outcome.lines.dropFirst().map { $0.split(separator: " ").dropFirst().first.map(String.init) }
        #expect(hops == Topologies.hops(family), "\(outcome.output)")
        let labels = outcome.lines.dropFirst().map { $0.contains("MPLS:") }
        #expect(labels == [false, true, true, false, false], "\(outcome.output)")
        // The interface stands there as class, type and bytes.
        #expect(outcome.output.contains("<MPLS:L=24001,E=0,S=1,T=1;2/10:"), "\(outcome.output)")
        #expect(outcome.output.contains("<MPLS:L=24002,E=3,S=0,T=1/L=16,E=0,S=1,T=1>"), "\(outcome.output)")
    }

    @Test(arguments: ["-4", "-6"])
    func `mtr finds every hop without loss`(_ family: String) throws {
        struct Report: Decodable {
            struct Body: Decodable { let hubs: [Hub] }
            struct Hub: Decodable {
                let host: String
                let loss: Double

                enum CodingKeys: String, CodingKey {
                    case host
                    case loss = "Loss%"
                }
            }
            let report: Body
        }
        let laboratory = try Laboratory(Topologies.labelled, needing: "mtr")
        let outcome = try laboratory.run(
            [], "mtr", family, "--json", "-n", "-c", "2", "-i", "0.2", "-G", "1", Topologies.target(family))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let hubs = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).report.hubs
        #expect(hubs.map(\.host) == Topologies.hops(family))
        #expect(hubs.allSatisfy { $0.loss == 0 })
    }

    @Test func `scamper traces with a constant flow`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "scamper")
        let outcome = try laboratory.run(
            [], "scamper", "-O", "text", "-I", "trace -P icmp-paris -w 1 \(Topologies.target("-4"))")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let hops = outcome.lines.dropFirst().map { $0.split(separator: " ").dropFirst().first.map(String.init) }
        #expect(hops == Topologies.hops("-4"), "\(outcome.output)")
        #expect(Set(outcome.packets.map(\.checksum)).count == 1)
    }

    @Test(arguments: ["10.1.2.0/24", "2001:db8:5::/120"])
    func `fping finds everybody in a network that answers everywhere`(_ network: String) throws {
        let laboratory = try Laboratory(Topologies.crowded, needing: "fping", "seq")
        let outcome: Laboratory.Outcome
        if network.contains(":") {
            // fping makes no targets from an IPv6 network.
            let targets = "for i in $(seq 1 254); do printf '2001:db8:5::%x\\n' $i; done"
            outcome = try laboratory.run([], "sh", "-c", "\(targets) | fping -6 -a -i 1")
        } else {
            outcome = try laboratory.run([], "fping", "-a", "-i", "1", "-g", network)
        }
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.count == 254)
        #expect(Set(outcome.packets.map(\.destination)).count == 254)
        #expect(outcome.packets.allSatisfy { $0.outcome == .answered })
    }
}
