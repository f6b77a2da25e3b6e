extension LossReport {
    /// The loss in sentences; empty if nothing is missing.
    ///
    /// The path comes first, then the hops that limit their own answers.
    public func lines() -> [String] {
        var lines: [String] = []
        if let path, path.share.lost > 0 { lines.append(Self.sentence(path)) }
        if let path, let late = path.answeredLate {
            lines.append(
                "\(Self.end(path)) answered \(late) \(late == 1 ? "probe" : "probes") late, after the time to wait: slow, "
                    + "not lost.")
        }
        for hop in hops where hop.verdict == .rateLimited && hop.ttl != path?.ttl {
            let how = hop.pattern == .regular ? " in a regular pattern, as of a limit" : ""
            lines.append(
                "Hop \(hop.ttl) leaves \(Self.text(hop.share)) unanswered\(how), but forwards: later hops lose less. "
                    + "No loss of the path.")
        }
        return lines
    }

    private static func sentence(_ path: Path) -> String {
        let end = path.isTarget ? "the target" : "hop \(path.ttl), the last that answers,"
        let head = "Of the probes to \(end) \(text(path.share)) got no answer: "
        let place =
            switch (path.after, path.upTo) {
            case (let after?, let upTo?) where upTo == after + 1: " between hops \(after) and \(upTo)"
            case (let after?, let upTo?): " somewhere between hops \(after) and \(upTo)"
            case (let after?, nil): " behind hop \(after)"
            default: ""
            }
        switch path.verdict {
        case .rateLimited:
            return head
                + "the target limits its answers, for the hop before it loses less and they are missing regularly."
        case .cannotTell, .silent, .none:
            let coincidence = path.cameWith.map { " \(Self.sentence($0))" } ?? ""
            guard path.after != nil else {
                return head + "the probes cannot tell where, nor on which way." + coincidence
            }
            return head + "lost\(place) on the way there, or on the way back from there; one end cannot tell which."
                + coincidence
        }
    }

    private static func end(_ path: Path) -> String { path.isTarget ? "The target" : "Hop \(path.ttl)" }

    private static func sentence(_ companion: Companion) -> String {
        switch companion {
        case .wayThere: "It came or went when other routers answered on the way there, which is no proof."
        case .replyTTL: "It came or went when the answers had another TTL, which is no proof."
        }
    }

    private static func text(_ share: LossReport.Share) -> String {
        let percent = share.decided > 0 ? 100 * Double(share.lost) / Double(share.decided) : 0
        func whole(_ value: Double) -> String {
            value < 10 ? "\(Double(Int(value * 10 + 0.5)) / 10)" : "\(Int(value + 0.5))"
        }
        return "\(whole(percent)) % (\(whole(share.percent.lowerBound)) to \(whole(share.percent.upperBound)) %)"
    }
}
