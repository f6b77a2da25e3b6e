@testable import TraceCore

/// Runs of a few events with a bit of everything, for exact documents.
enum SmallRuns {
    static let gateway = IPAddress(192, 0, 2, 1)
    static let core = IPAddress(198, 51, 100, 1)
    static let target = IPAddress(203, 0, 113, 7)

    static func head(_ verb: Verb, _ method: ProbeMethod, _ parameters: RunDescription.Parameters) -> ProbeEvent {
        ProbeEvent(
            at: .zero,
            .started(
                RunDescription(
                    verb: verb, target: ProbeTarget(name: "far.example", address: target),
                    source: IPAddress(192, 0, 2, 10), method: method, mode: "raw",
                    startedAt: UTCTime(microsecondsSince1970: 1_700_000_000_250_000), parameters: parameters)))
    }

    /// Three hops asked twice: a late answer, labels and rewriting, a silent probe, and one that could not be sent.
    static let trace: [ProbeEvent] = {
        let probes = (0..<6).map { Probe(id: $0, target: target, ttl: UInt8($0 / 2 + 1), sequence: $0 % 2) }
        let exceeded = ProbeReply.ICMPCode(type: 11, code: 0)
        let near = ProbeReply(
            from: gateway, rtt: .microseconds(1500), kind: .timeExceeded, icmp: exceeded, ttl: 64, trafficClass: 192,
            size: 56, quote: ProbeReply.Quote(ttl: 1, trafficClass: 0, length: 28))
        let late = ProbeReply(from: gateway, rtt: .milliseconds(5500), kind: .timeExceeded, icmp: exceeded, ttl: 64)
        let labelled = ProbeReply(
            from: core, rtt: .milliseconds(20), kind: .timeExceeded, icmp: exceeded,
            labels: [MPLSLabel(label: 24015)],
            interface: InterfaceInformation(role: .incoming, name: "xe-0/0/1"),
            quote: ProbeReply.Quote(ttl: 2, trafficClass: 4, rewrittenTarget: IPAddress(203, 0, 113, 99)))
        let far = ProbeReply(
            from: target, rtt: .milliseconds(30), kind: .portUnreachable, icmp: ProbeReply.ICMPCode(type: 3, code: 3),
            ttl: 57,
            size: 88)
        return [
            head("trace", .udp, RunDescription.Parameters(firstTTL: 1, maxTTL: 30, queries: 2, packetSize: 60)),
            ProbeEvent(at: .zero, .sent(probes[0])),
            ProbeEvent(at: .milliseconds(1), .sent(probes[1])),
            ProbeEvent(at: .milliseconds(2), .sent(probes[2])),
            ProbeEvent(at: .milliseconds(3), .sent(probes[3])),
            ProbeEvent(at: .milliseconds(4), .sent(probes[4])),
            ProbeEvent(at: .milliseconds(5), .sendFailed(probes[5], ProbeError(.network, "No buffer space"))),
            ProbeEvent(at: .milliseconds(6), .reply(probes[0], near)),
            ProbeEvent(at: .milliseconds(7), .named(gateway, "gw|*x*\u{1b}")),
            ProbeEvent(at: .milliseconds(22), .reply(probes[2], labelled)),
            ProbeEvent(at: .milliseconds(34), .reply(probes[4], far)),
            ProbeEvent(at: .seconds(5), .timedOut(probes[1])),
            ProbeEvent(at: .seconds(5), .timedOut(probes[3])),
            ProbeEvent(at: .milliseconds(5501), .late(probes[1], late)),
            ProbeEvent(at: .seconds(6), .ended(RunEnd(.reached))),
        ]
    }()

    /// One answer of the target, as strange as a log may tell it.
    static func answering(in time: Duration, sequence: Int) -> [ProbeEvent] {
        let probe = Probe(id: 0, target: target, ttl: 1, sequence: sequence)
        let response = ProbeReply(from: target, rtt: time, kind: .echoReply)
        return [
            head("trace", .icmp, RunDescription.Parameters()), ProbeEvent(at: .zero, .sent(probe)),
            ProbeEvent(at: .zero, .reply(probe, response)), ProbeEvent(at: .zero, .ended(RunEnd(.reached))),
        ]
    }

    /// Five pings: an answer that came twice, silence, a router's word, a late answer, and one with another TTL.
    static let ping: [ProbeEvent] = {
        let probes = (0..<5).map { Probe(id: $0, target: target, sequence: $0) }
        func echo(_ rtt: Duration, ttl: UInt8 = 57) -> ProbeReply {
            ProbeReply(
                from: target, rtt: rtt, kind: .echoReply, icmp: ProbeReply.ICMPCode(type: 0, code: 0), ttl: ttl,
                size: 84)
        }
        let refused = ProbeReply(
            from: core, rtt: .milliseconds(4), kind: .hostUnreachable, icmp: ProbeReply.ICMPCode(type: 3, code: 1))
        return [head("ping", .icmp, RunDescription.Parameters(count: 5, interval: .milliseconds(1500), packetSize: 84))]
            + probes.map { ProbeEvent(at: .milliseconds(1500) * $0.sequence, .sent($0)) } + [
                ProbeEvent(at: .milliseconds(30), .reply(probes[0], echo(.milliseconds(30)))),
                ProbeEvent(at: .milliseconds(31), .named(target, "reverse.example")),
                ProbeEvent(at: .milliseconds(32), .duplicate(probes[0], echo(.milliseconds(32)))),
                ProbeEvent(at: .milliseconds(2500), .timedOut(probes[1])),
                ProbeEvent(at: .milliseconds(3004), .reply(probes[2], refused)),
                ProbeEvent(at: .milliseconds(5500), .timedOut(probes[3])),
                ProbeEvent(at: .milliseconds(5600), .late(probes[3], echo(.milliseconds(1100)))),
                ProbeEvent(at: .milliseconds(6040), .reply(probes[4], echo(.milliseconds(40), ttl: 56))),
                ProbeEvent(at: .milliseconds(6040), .ended(RunEnd(.completed))),
            ]
    }()
}
