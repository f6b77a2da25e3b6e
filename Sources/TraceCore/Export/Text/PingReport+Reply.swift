extension PingReport.Reply: CustomStringConvertible {
    /// The answer as the line that users of ping know; probes are counted from 1.
    public var description: String { text(by: nil, name: nil) }

    /// The answer as a line.
    ///
    /// - Parameters:
    ///   - method: How the probe was sent, where it is known.
    ///   - name: The name of the responder, if it is to be shown.
    ///   - isOneOfMany: Whether other hosts were asked too, so that a further answer is nothing strange.
    func text(by method: ProbeMethod?, name: UntrustedText?, isOneOfMany: Bool = false) -> String {
        let who = name.map { "\($0) (\(from))" } ?? "\(from)"
        let label = Self.label(of: sequence, method ?? (kind.isFromTarget && kind != .echoReply ? nil : .icmp))
        var line: String
        if kind.isFromTarget {
            line = "\(answer.messageSize.map { "\($0) bytes" } ?? "answer") from \(who): \(label)"
            if let ttl = answer.ttl { line += " ttl=\(ttl)" }
            line += " time=\(rtt.millisecondsText(decimals: 3)) ms"
            if let port = kind.port { line += " (\(port))" }
        } else {
            line = "From \(who) \(label) \(answer.pingWords)"
        }
        if isDuplicate, !isOneOfMany { line += " (DUP!)" }
        if isLate { line += " (late)" }
        return line
    }

    /// The label of a probe: `icmp_seq=1` for the first ICMP probe.
    static func label(of sequence: Int, _ method: ProbeMethod?) -> String {
        // A recorded run may contain any number.
        "\(method == .icmp ? "icmp_seq" : "seq")=\(sequence.addingReportingOverflow(1).partialValue)"
    }
}

extension ProbeReply {
    /// The words for a router's answer that users of ping know.
    fileprivate var pingWords: String {
        switch kind {
        case .timeExceeded: "Time to live exceeded"
        case .networkUnreachable: "Destination Net Unreachable"
        case .hostUnreachable: "Destination Host Unreachable"
        case .protocolUnreachable: "Destination Protocol Unreachable"
        case .portUnreachable: "Destination Port Unreachable"
        case .prohibited: "Packet filtered"
        case .packetTooBig: "Packet too big" + (mtu.map { ": mtu=\($0)" } ?? "")
        case .sourceRouteFailed: "Source Route Failed"
        case .parameterProblem: "Parameter problem"
        case .unreachable where words != kind.words: "Destination Port Unreachable"
        default: (kind.words.prefix(1).uppercased() + kind.words.dropFirst()) + (mark.map { " (\($0))" } ?? "")
        }
    }
}

extension ProbeReply {
    /// The size of the answer without its IP header, as ping and fping count it, or nil if it is not known.
    var messageSize: Int? {
        // A recorded run may contain any number.
        size.map { max(0, max(0, $0) - (from.isV4 ? IPv4Header.minimumLength : IPv6Header.length)) }
    }
}
