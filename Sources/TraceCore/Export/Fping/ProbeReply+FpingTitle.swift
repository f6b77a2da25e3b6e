extension ProbeReply {
    /// What a router said, as a heading in fping's words: Host Unreachable, Time Exceeded.
    var fpingTitle: String {
        if kind == .timeExceeded { return "Time Exceeded" }
        if from.isV4, let icmp, icmp.type == 3, icmp.code < Self.reasons.count {
            let reason = Self.reasons[Int(icmp.code)]
            return icmp.code < 4 ? "\(reason) Unreachable" : "Unreachable (\(reason))"
        }
        return kind.words.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: " ")
    }

    /// The codes of a Destination Unreachable message over IPv4 (RFC 792, 1122, 1812), by fping's names.
    private static let reasons = [
        "Network", "Host", "Protocol", "Port", "Fragmentation Needed", "Source Route Failed",
        "Destination Network Unknown", "Destination Host Unknown", "Source Host Isolated",
        "Communication with Network Prohibited", "Communication with Host Prohibited",
        "Network Unreachable For Type Of Service", "Host Unreachable For Type Of Service",
        "Communication Administratively Prohibited", "Host Precedence Violation", "Precedence cutoff in effect",
    ]
}
