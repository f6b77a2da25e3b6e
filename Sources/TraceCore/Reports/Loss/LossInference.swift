/// Says where loss is from what is missing at each hop.
///
/// A probe to a later hop passes the earlier ones. So what is lost on the way to a hop is missing at every later hop
/// as well, and what is missing at a hop beyond the least of what is missing behind it are that router's own answers.
/// What is missing at the end of the path was lost there or back. These two look the same from one end, except where
/// one of the ways changed during the run and the loss with it, while the other way stayed as it was.
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
            for index in answering.reversed() {
                guard index > after, less.isCertainlyLess(than: tallies[index].share) else { break }
                upTo = index
            }
        }
        var verdict = share.lost == 0 ? LossReport.Verdict.none : direction(end)
        // Behind the last router there is only the target: what is missing there at even intervals are its own answers.
        let before = answering.last { $0 < tallies.endIndex - 1 }
        if verdict == .cannotTell, isTarget, after != nil, after == before, end.pattern == .regular {
            verdict = .rateLimited
        }
        return LossReport.Path(
            ttl: tallies.endIndex, isTarget: isTarget, share: share, verdict: verdict, after: after.map { $0 + 1 },
            upTo: upTo.map { $0 + 1 })
    }

    /// On which way it is lost, by whether the loss came and went with one way while the other stayed.
    private func direction(_ end: LossTally) -> LossReport.Verdict {
        guard !end.hasTooManyRegimes else { return .cannotTell }
        var (goesWithReturn, goesWithForward) = (false, false)
        for (index, first) in end.regimes.enumerated() where first.replyTTL > 0 {
            for second in end.regimes[(index + 1)...] where second.replyTTL > 0 {
                let differ =
                    first.share.isCertainlyLess(than: second.share)
                    || second.share.isCertainlyLess(than: first.share)
                guard differ else { continue }
                if first.way == second.way { goesWithReturn = true }
                if first.replyTTL == second.replyTTL { goesWithForward = true }
            }
        }
        switch (goesWithForward, goesWithReturn) {
        case (true, false): return .forward
        case (false, true): return .return
        default: return .cannotTell
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
        if later.contains(where: { $0.share.isCertainlyLess(than: tally.share) }) { return .rateLimited }
        guard let path, index > (path.after.map { $0 - 1 } ?? -1) else { return .cannotTell }
        return path.verdict == .none ? .cannotTell : path.verdict
    }
}
