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
        for hop in hops where hop.verdict == .rateLimited {
            let how = hop.pattern == .regular ? " in a regular pattern, as of a limit" : ""
            let most = hop.mostLostBefore.map { " At most \(Self.up($0)) % is lost on the path up to there." } ?? ""
            lines.append(
                "Hop \(hop.ttl) leaves \(Self.text(hop.share)) unanswered\(how), but forwards: later hops lose less.\(most)"
            )
        }
        return lines
    }

    private static func sentence(_ path: Path) -> String {
        let end = path.isTarget ? "the target" : "hop \(path.ttl), the last that answers,"
        let head = "Of the probes to \(end) \(text(path.share)) got no answer: "
        let regular =
            path.pattern == .regular
            ? " They are missing in a regular pattern, as where something limits packets or answers." : ""
        let rest = regular + (path.cameWith.map { " \(sentence($0))" } ?? "")
        guard !path.sections.isEmpty else { return head + "the probes cannot tell where, nor on which way." + rest }
        let places = path.sections.map { "\(place($0, in: path)) (\(bounds($0.percent)))" }
        return head
            + "lost \(places.joined(separator: " and ")), on the way there or on the way back, or all hops from there on leave out as "
            + "many answers; one end cannot tell which."
            + (path.elsewherePercent.map { " Elsewhere at most \(up($0)) % of all are lost." } ?? "") + rest
    }

    private static func place(_ section: Section, in path: Path) -> String {
        let after = section.after > 0 ? "hop \(section.after)" : "here"
        let upTo = section.upTo == path.ttl && path.isTarget ? "the target" : "hop \(section.upTo)"
        let between = section.upTo == section.after + 1 ? "between" : "somewhere between"
        return after.hasPrefix("hop") && upTo.hasPrefix("hop")
            ? "\(between) hops \(section.after) and \(section.upTo)" : "\(between) \(after) and \(upTo)"
    }

    private static func end(_ path: Path) -> String { path.isTarget ? "The target" : "Hop \(path.ttl)" }

    private static func sentence(_ companion: Companion) -> String {
        switch companion {
        case .wayThere: "It came or went when other routers answered on the way there, which is no proof."
        case .replyTTL: "It came or went when the answers had another TTL, which is no proof."
        }
    }

    private static func text(_ share: LossReport.Share) -> String {
        "\(short(share.middle)) % (\(bounds(share.percent)))"
    }

    private static func bounds(_ percent: ClosedRange<Double>) -> String {
        "\(down(percent.lowerBound)) to \(up(percent.upperBound)) %"
    }

    /// Bounds are rounded outwards.
    private static func down(_ value: Double) -> String {
        value < 10 ? "\(Double(Int(value * 10)) / 10)" : "\(Int(value))"
    }

    private static func up(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded(.up))
        return tenths < 100 ? "\(Double(tenths) / 10)" : "\(Int(value.rounded(.up)))"
    }

    private static func short(_ value: Double) -> String {
        value < 10 ? "\(Double(Int(value * 10 + 0.5)) / 10)" : "\(Int(value + 0.5))"
    }
}
