extension PingReply: CustomStringConvertible {
    /// The answer as a line in the form that users of ping know, who count from 1.
    public var description: String { text(by: nil, name: nil) }

    /// The answer as a line.
    ///
    /// - Parameters:
    ///   - method: How was asked, where that is known.
    ///   - name: The name of who answered, where it is to be shown.
    func text(by method: ProbeMethod?, name: UntrustedText?) -> String {
        let who = name.map { "\($0) (\(from))" } ?? "\(from)"
        let label = Self.label(of: sequence, method ?? (kind.isFromTarget && kind != .echoReply ? nil : .icmp))
        var line: String
        if kind.isFromTarget {
            line = "\(response.messageSize.map { "\($0) bytes" } ?? "answer") from \(who): \(label)"
            if let ttl = response.ttl { line += " ttl=\(ttl)" }
            line += " time=\(rtt.millisecondsText(decimals: 3)) ms"
        } else {
            line = "From \(who) \(label) \(response.pingWords)"
        }
        if isDuplicate { line += " (DUP!)" }
        if isLate { line += " (late)" }
        return line
    }

    /// What a probe is called: `icmp_seq=1` is the first, where it is an ICMP one.
    static func label(of sequence: Int, _ method: ProbeMethod?) -> String {
        // A recorded run may say anything.
        "\(method == .icmp ? "icmp_seq" : "seq")=\(sequence.addingReportingOverflow(1).partialValue)"
    }
}

extension ProbeReply {
    /// What a router says, in the words that users of ping know.
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
        default: (kind.words.prefix(1).uppercased() + kind.words.dropFirst()) + (mark.map { " (\($0))" } ?? "")
        }
    }
}

extension ProbeReply {
    /// The bytes of the answer behind its IP header, as ping and fping count them, or nil if its size is not known.
    var messageSize: Int? {
        // A recorded run may say anything.
        size.map { max(0, max(0, $0) - (from.isV4 ? IPv4Header.minimumLength : IPv6Header.length)) }
    }
}
