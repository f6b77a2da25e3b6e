import BenchmarkKit
import TraceCore

extension Benchmark {
    /// What it takes to understand the packet that a trace consists of: a router's "time exceeded".
    static var wire: [Benchmark] {
        [
            Benchmark("decode-time-exceeded", setup: { try timeExceeded(labels: []) }) { packet, iterations in
                for _ in 0..<iterations { keep(try ICMPPacket(packet.span)) }
            },
            Benchmark(
                "decode-time-exceeded-mpls",
                setup: {
                    try timeExceeded(labels: [
                        MPLSLabel(label: 24_015, bottom: false), MPLSLabel(label: 16_004),
                    ])
                }
            ) { packet, iterations in
                for _ in 0..<iterations {
                    let decoded = try ICMPPacket(packet.span)
                    guard let range = decoded.message.error?.extensions else { throw Unexpected.noLabels }
                    keep(try ICMPExtensions(packet.span, in: range).mplsLabels)
                }
            },
        ]
    }

    private enum Unexpected: Error {
        case noLabels
        case undecodable
    }

    /// The whole packet that a router answers a UDP probe with.
    private static func timeExceeded(labels: [MPLSLabel]) throws -> [UInt8] {
        let vantage = IPAddress(192, 0, 2, 10)
        let probe = IPEnvelope(from: vantage, to: IPAddress(203, 0, 113, 7), ttl: 1)
            .udp(sourcePort: 40_000, destinationPort: 33_434, payload: Array(repeating: 0, count: 32))
        let packet = IPEnvelope(from: IPAddress(198, 51, 100, 1), to: vantage, ttl: 250).icmpError(
            ICMPHeader(v4: .timeExceeded), quoting: probe,
            extensions: labels.isEmpty ? nil : ICMPExtensions(objects: [.mpls(labels)]))
        let error = try ICMPPacket(packet.span).message.error
        guard error?.kind == .timeExceeded, (error?.extensions == nil) == labels.isEmpty else {
            throw Unexpected.undecodable
        }
        return packet
    }
}
