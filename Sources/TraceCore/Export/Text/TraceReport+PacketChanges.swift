extension TraceReport {
    /// What the network did to the packets, a sentence for each change; at least one.
    public var packetChangeLines: [String] { PacketChangesText(self).lines }
}

/// The sentences about what the network did to the packets of a trace.
private struct PacketChangesText {
    private let trace: TraceReport
    private let changes: PacketChanges

    init(_ trace: TraceReport) {
        self.trace = trace
        changes = PacketChanges(of: trace)
    }

    var lines: [String] {
        var lines = changes.changes.map(line)
        if lines.isEmpty { lines.append("nothing was rewritten that the answers show") }
        if trace.run.isUnprivileged {
            let seen = trace.run.method == .tcp ? "the segment size" : "the target and its port"
            lines.append("ordinary sockets see only \(seen); raw packets (CAP_NET_RAW) show the rest")
        }
        return lines + changes.returnPaths.filter(\.isAsymmetric).map(line)
    }

    private func line(_ change: PacketChanges.Change) -> String {
        let place = "between \(place(change.after)) and \(place(change.before))"
        var line: String
        switch (change.field, change.became) {
        case (.ttl, .number(let left)?):
            return "\(self.place(change.before)) got the packets with a TTL of \(left) left, where 1 is usual"
        case (.checksum, .some): line = "the checksum was spoiled \(place)"
        case (let field, let became?):
            let was = change.was.map { " \(Self.text($0))" } ?? ""
            line = "\(Self.name(field))\(was) became \(Self.text(became)) \(place)"
        case (let field, nil): line = "\(Self.name(field)) became again what was sent \(place)"
        }
        if change.isPartial { line += ", for some of the packets" }
        switch change.unknown.count {
        case 0: return line
        case 1: return line + "; hop \(change.unknown[0]) does not show it"
        default: return line + "; \(change.unknown.count) hops between do not show it"
        }
    }

    private func line(_ path: PacketChanges.ReturnPath) -> String {
        "the way back from hop \(path.ttl) (\(path.from)) seems \(path.length) hops long: its answer came with a TTL of "
            + "\(path.replyTTL), and \(path.initialTTL) is likely what it began with"
    }

    private func place(_ ttl: Int) -> String {
        guard ttl > 0 else { return "this machine" }
        let address = trace.hops.first { $0.ttl == ttl }?.addresses.first
        return "hop \(ttl)" + (address.map { " (\($0))" } ?? "")
    }

    private static func name(_ field: PacketChanges.Change.Field) -> String {
        switch field {
        case .dscp: "the DSCP"
        case .ecn: "the ECN bits"
        case .ttl: "the TTL"
        case .source: "the source address"
        case .target: "the target address"
        case .sourcePort: "the source port"
        case .targetPort: "the target port"
        case .segmentSize: "TCP's maximum segment size"
        case .checksum: "the checksum"
        }
    }

    private static func text(_ value: PacketChanges.Change.Value) -> String {
        switch value {
        case .asSent: "as sent"
        case .number(let number): "\(number)"
        case .address(let address): "\(address)"
        }
    }
}
