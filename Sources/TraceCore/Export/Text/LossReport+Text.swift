extension LossReport {
    /// What can be said of the loss in sentences for people; nothing where nothing is missing.
    ///
    /// The path comes first, then the hops whose own answers are missing.
    public func lines() -> [String] {
        var lines: [String] = []
        if let path, path.share.lost > 0 { lines.append(Self.sentence(path)) }
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
        case .forward:
            return head
                + "lost on the way there\(place), for the loss came or went with that way, and the way back stayed."
        case .return:
            return head + "lost on the way back, for the loss came or went with that way, and the way there stayed."
        case .rateLimited:
            return head
                + "the target limits its answers, for the hop before it loses less and they are missing regularly."
        case .cannotTell, .silent, .none:
            guard path.after != nil else { return head + "the probes cannot tell where, nor on which way." }
            return head + "lost\(place) on the way there, or on the way back from there; one end cannot tell which."
        }
    }

    private static func text(_ share: LossShare) -> String {
        let percent = share.decided > 0 ? 100 * Double(share.lost) / Double(share.decided) : 0
        func whole(_ value: Double) -> String {
            value < 10 ? "\(Double(Int(value * 10 + 0.5)) / 10)" : "\(Int(value + 0.5))"
        }
        return "\(whole(percent)) % (\(whole(share.percent.lowerBound)) to \(whole(share.percent.upperBound)) %)"
    }
}
