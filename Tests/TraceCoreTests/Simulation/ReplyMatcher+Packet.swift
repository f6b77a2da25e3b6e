@testable import TraceCore

extension ReplyMatcher {
    /// The answer that one packet is, or nil for a stray.
    mutating func match(
        _ packet: Span<UInt8>, at time: Int64, sources: AddressPair, in registry: inout ProbeRegistry
    ) -> Arrival? {
        var arrivals: [Arrival] = []
        match(packet, at: time, sources: sources, in: &registry, into: &arrivals)
        return arrivals.first
    }
}
