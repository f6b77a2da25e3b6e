import Foundation
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `The log of simnet` {
    @Test func `names each packet of a tool, who answered it, and when`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run([], "ping", "-n", "-c", "4", "-i", "0.02", "203.0.113.7")
        #expect(outcome.packets.map(\.sequence) == [1, 2, 3, 4])
        #expect(Set(outcome.packets.map(\.identifier)).count == 1)
        for packet in outcome.packets {
            #expect(packet.outcome == .answered)
            #expect(packet.proto == .icmp)
            #expect(packet.source == IPAddress(192, 0, 2, 10))
            #expect(packet.destination == IPAddress(203, 0, 113, 7))
            #expect(packet.ttl == 64)
            #expect(packet.length == 84)
            let answer = try #require(packet.answer)
            #expect(answer.from == packet.destination)
            #expect((answer.proto, answer.type, answer.code) == (.icmp, 0, 0))
            #expect(answer.dueNs - packet.sentNs == 20_000_000)
            #expect(try #require(packet.writtenNs) >= answer.dueNs)
        }
    }

    @Test func `holds what was lost beside what was answered`() throws {
        let topology = Topologies.labelled + "\nhost dead 203.0.113.99 dead\npath dead: gw"
        let laboratory = try Laboratory(topology, needing: "traceroute")
        let outcome = try laboratory.run(
            [], "traceroute", "-n", "-I", "-m", "2", "-q", "2", "-w", "0.2", "203.0.113.99")
        #expect(outcome.packets.filter { $0.ttl == 1 }.map(\.outcome) == [.answered, .answered])
        #expect(outcome.packets.filter { $0.ttl == 2 }.map(\.outcome) == [.lost, .lost])
        #expect(outcome.packets.filter { $0.ttl == 2 }.allSatisfy { $0.writtenNs == nil && $0.answer == nil })
        let errors = outcome.packets.compactMap(\.answer)
        #expect(errors.allSatisfy { $0.from == IPAddress(192, 0, 2, 1) && $0.type == 11 })
    }

    @Test func `knows when the kernel sent a packet, where that is asked for`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run(["--exact"], "ping", "-n", "-c", "3", "-i", "0.02", "203.0.113.7")
        #expect(outcome.packets.count == 3)
        for packet in outcome.packets {
            #expect(packet.sentNs < packet.readNs)
            #expect(try #require(packet.answer).dueNs - packet.sentNs == 20_000_000)
        }
        let others = try laboratory.run([], "ping", "-n", "-c", "1", "203.0.113.7")
        #expect(others.packets.allSatisfy { $0.sentNs == $0.readNs })
    }

    @Test func `has an answer that comes twice in two lines`() throws {
        let topology = Topologies.labelled + "\nhost twice 203.0.113.8 duplicate=100% delay=1ms\npath twice: gw"
        let laboratory = try Laboratory(topology, needing: "ping")
        let outcome = try laboratory.run([], "ping", "-n", "-c", "2", "-i", "0.05", "203.0.113.8")
        #expect(outcome.output.contains("DUP!"))
        #expect(outcome.packets.filter { $0.outcome == .answered }.map(\.sequence) == [1, 2])
        #expect(outcome.packets.contains { $0.outcome == .again && $0.sequence == 1 })
    }

    @Test func `is whole when the command is ended by a signal`() throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ping")
        let outcome = try laboratory.run([], "ping", "-n", "203.0.113.7", until: "icmp_seq=1 ") { $0.terminate() }
        #expect(outcome.status == 128 + 15)
        #expect(outcome.packets.first?.outcome == .answered)
    }
}
