/// Concludes where packets are lost from what is missing at each hop.
///
/// A probe to a later hop passes the earlier ones. So packets that are lost on the way to a hop are missing at all
/// later hops too. Anything missing at a hop beyond the smallest loss behind it is missing because that router limits
/// its own answers. Packets missing at the end of the path were lost on the way there or on the way back: from one end
/// both look the same. What changed together with the loss is reported beside it, and nothing is concluded from it: the
/// way back may change without a change of its length, and another TTL may mean another server.
struct LossInference {
    /// The tallies from hop 1 to the end of the path.
    let tallies: ArraySlice<LossTally>
    let isTarget: Bool

    /// The end of the path, and whether it is the target; nil if nobody answered.
    static func end(of tallies: [LossTally]) -> (index: Int, isTarget: Bool)? {
        if let index = tallies.firstIndex(where: { $0.fromTarget > 0 && 2 &* $0.fromTarget >= $0.answered }) {
            return (index, true)
        }
        return tallies.lastIndex { $0.answered > 0 }.map { ($0, false) }
    }

    private var end: LossTally? { tallies.last }

    func path() -> LossReport.Path? {
        guard let end else { return nil }
        let share = end.share
        let answering = tallies.indices.filter { tallies[$0].answered > 0 }
        let after = answering.last { tallies[$0].share.isCertainlyLess(than: share) }
        var upTo: Int?
        if let after {
            let less = tallies[after].share
            // A hop with certainly more loss than a later one limits its answers: it does not say where packets are
            // lost.
            for index in answering.reversed() where !keepsAnswersBack(index) {
                guard index > after, less.isCertainlyLess(than: tallies[index].share) else { break }
                upTo = index
            }
        }
        var verdict = share.lost == 0 ? LossReport.Verdict.none : .cannotTell
        // Behind the last router there is only the target: answers missing there at regular intervals are its own.
        let before = answering.last { $0 < tallies.endIndex - 1 }
        if verdict == .cannotTell, isTarget, after != nil, after == before, end.pattern == .regular {
            verdict = .rateLimited
        }
        return LossReport.Path(
            ttl: tallies.endIndex, isTarget: isTarget, share: share, verdict: verdict, after: after.map { $0 + 1 },
            upTo: upTo.map { $0 + 1 }, cameWith: verdict == .cannotTell ? companion(of: end) : nil,
            answeredLate: end.answeredLate > 0 ? end.answeredLate : nil)
    }

    /// Whether a later hop certainly loses less, so that this hop only limits its own answers.
    private func keepsAnswersBack(_ index: Int) -> Bool {
        tallies[(index + 1)...].contains { $0.answered > 0 && $0.share.isCertainlyLess(than: tallies[index].share) }
    }

    /// What changed together with the loss, if one thing changed and the other did not.
    private func companion(of end: LossTally) -> LossReport.Companion? {
        guard !end.hasTooManyRegimes else { return nil }
        var (cameWithReplies, cameWithWayThere) = (false, false)
        for (index, first) in end.regimes.enumerated() where first.replyTTL > 0 {
            for second in end.regimes[(index + 1)...] where second.replyTTL > 0 {
                let differ =
                    first.share.isCertainlyLess(than: second.share)
                    || second.share.isCertainlyLess(than: first.share)
                guard differ else { continue }
                if first.replyTTL == second.replyTTL {
                    cameWithWayThere = true
                } else if first.way == second.way {
                    // Answers with another initial TTL come from another machine, or from another system on it.
                    guard
                        PacketChanges.ReturnPath.initialTTL(of: first.replyTTL)
                            == PacketChanges.ReturnPath.initialTTL(of: second.replyTTL)
                    else {
                        return nil
                    }
                    cameWithReplies = true
                }
            }
        }
        switch (cameWithWayThere, cameWithReplies) {
        case (true, false): return .wayThere
        case (false, true): return .replyTTL
        default: return nil
        }
    }

    func hops(_ path: LossReport.Path?) -> [LossReport.Hop] {
        tallies.indices.map { index in
            let tally = tallies[index]
            return LossReport.Hop(
                ttl: index + 1, share: tally.share, verdict: verdict(index, path), pattern: tally.pattern)
        }
    }

    private func verdict(_ index: Int, _ path: LossReport.Path?) -> LossReport.Verdict {
        let tally = tallies[index]
        guard tally.lost > 0 else { return .none }
        let later = tallies[(index + 1)...].filter { $0.answered > 0 }
        if tally.answered == 0, !later.isEmpty { return .silent }
        if keepsAnswersBack(index) { return .rateLimited }
        guard let path, index > (path.after.map { $0 - 1 } ?? -1) else { return .cannotTell }
        return path.verdict == .none ? .cannotTell : path.verdict
    }
}
