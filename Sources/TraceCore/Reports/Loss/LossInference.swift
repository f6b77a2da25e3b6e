/// Concludes where packets are lost from what is missing at each hop.
///
/// A probe to a later hop passes the earlier ones, and each hop is asked at moments like those of the others. So packets
/// that are lost on the way to a hop are missing at all later hops as often. Anything missing at a hop beyond the smallest
/// loss behind it is missing because that router leaves probes unanswered. Packets missing at the end of the path were lost
/// on the way there or on the way back, or the end does not answer all: from one end all three look the same. What changed
/// together with the loss is reported beside it, and nothing is concluded from it: the way back may change without a change
/// of its length, and another TTL may mean another server.
struct LossInference {
    /// The tallies from hop 1 to the end of the path.
    let tallies: ArraySlice<LossTally>
    let isTarget: Bool

    /// The end of the path, and whether it is the target; nil if nobody answered.
    ///
    /// - Parameter place: The TTL at which the target answers, where it does.
    static func end(of tallies: [LossTally], at place: Int?) -> (index: Int, isTarget: Bool)? {
        if let place, tallies.indices.contains(place - 1), tallies[place - 1].fromTarget > 0 {
            return (place - 1, true)
        }
        return tallies.lastIndex { $0.answered > 0 }.map { ($0, false) }
    }

    func path() -> LossReport.Path? {
        guard let end = tallies.last else { return nil }
        let (sections, elsewhere) = sections()
        return LossReport.Path(
            ttl: tallies.endIndex, isTarget: isTarget, share: end.share, pattern: end.pattern, sections: sections,
            elsewherePercent: elsewhere,
            cameWith: end.lost > 0 ? companion(of: end) : nil,
            answeredLate: end.answeredLate > 0 ? end.answeredLate : nil)
    }

    // MARK: - Where it is

    /// What is missing at a hop by its TTL; nothing where the probes are sent, at 0.
    private func loss(at hop: Int) -> LossReport.Share {
        hop > 0 ? tallies[hop - 1].comparable : LossReport.Share(lost: 0, of: tallies.last?.comparable.decided ?? 0)
    }

    /// The hops that answered, by their TTLs; the last one is the end.
    private var answering: [Int] { tallies.indices.filter { tallies[$0].answered > 0 }.map { $0 + 1 } }

    /// A place where packets are certainly lost: behind a hop, and before those that lose more, the farthest first.
    private struct Cut {
        var after: Int
        let losing: [Int]

        var upTo: Int { losing.last ?? after }
    }

    /// The places where packets are lost, nearest first.
    ///
    /// They are found from the end. What is missing there was lost behind the last hop that certainly loses less, and at the
    /// latest at the first hop from which on all do. What is missing at that hop was lost before it, if a second one says
    /// the same. Otherwise it may be that router's own silence, and both places are told as one.
    private func cuts() -> [Cut] {
        var cuts: [Cut] = []
        var last = tallies.endIndex
        while let after = ([0] + answering).last(where: { $0 < last && isLess($0, than: last) }) {
            let losing = losing(behind: after, upTo: last)
            if losing.count < 2, !cuts.isEmpty {
                cuts[cuts.endIndex - 1].after = after
            } else {
                cuts.append(Cut(after: after, losing: losing))
            }
            last = after
        }
        return cuts.reversed()
    }

    /// The places with how much is lost there, and how much may be lost elsewhere at the most.
    private func sections() -> (sections: [LossReport.Section], elsewhere: Double?) {
        let cuts = cuts()
        var sections: [LossReport.Section] = []
        // What is lost at least up to the end of a section.
        var (least, upTo, elsewhere) = (0.0, 0, 0.0)
        for cut in cuts {
            let before = cut.after > 0 ? min(least, most(upTo: cut.after))...most(upTo: cut.after) : 0...0
            elsewhere += more(at: cut.after, than: upTo)
            let most = most(upTo: cut.upTo)
            (least, upTo) = (min(most, cut.losing.map { loss(at: $0).wide.lowerBound }.min() ?? 0), cut.upTo)
            sections.append(
                LossReport.Section(
                    after: cut.after, upTo: cut.upTo, percent: Self.part(of: least...most, behind: before)))
        }
        elsewhere += more(at: tallies.endIndex, than: upTo)
        return (sections, cuts.isEmpty ? nil : min(100, elsewhere))
    }

    /// The most that can be lost up to a hop: whatever goes farther passed it.
    private func most(upTo hop: Int) -> Double {
        answering.filter { $0 >= hop }.map { loss(at: $0).wide.upperBound }.min() ?? 100
    }

    /// The most that can be lost from one hop to another, of all probes: from the intervals of both shares (Newcombe).
    private func more(at hop: Int, than before: Int) -> Double {
        guard hop > before else { return 0 }
        guard before > 0 else { return most(upTo: hop) }
        let (less, more) = (loss(at: before), loss(at: hop))
        let (below, above) = (less.middle - less.wide.lowerBound, more.wide.upperBound - more.middle)
        return max(0, more.middle - less.middle) + Logarithm.squareRoot(below * below + above * above)
    }

    /// Of all that is lost, the share of those that were not lost before.
    private static func part(of all: ClosedRange<Double>, behind before: ClosedRange<Double>) -> ClosedRange<Double> {
        func part(_ all: Double, _ before: Double) -> Double {
            before < 100 ? min(100, max(0, 100 - 100 * (100 - all) / (100 - before))) : 0
        }
        let least = part(all.lowerBound, before.upperBound)
        return least...max(least, part(all.upperBound, before.lowerBound))
    }

    private func isLess(_ hop: Int, than other: Int) -> Bool {
        loss(at: hop).isCertainlyLess(than: loss(at: other), among: tallies.count)
    }

    /// The hops that certainly lose more than an earlier one, from the last backwards to the first from which on all do.
    ///
    /// A hop that keeps answers back says nothing of where packets are lost, and one whose answers are missing regularly may
    /// limit them, as many systems do alike. Nor does the first of them where it seems to lose
    /// less than the others together.
    private func losing(behind hop: Int, upTo last: Int) -> [Int] {
        var losing = Array(
            answering.filter { $0 > hop && $0 <= last && isWitness($0) }.reversed()
                .prefix { isLess(hop, than: $0) })
        while losing.count > 1, let first = losing.last {
            let others = losing.dropLast().map { loss(at: $0) }
            let all = LossReport.Share(
                lost: others.reduce(0) { $0 + $1.lost }, of: others.reduce(0) { $0 + $1.decided })
            guard loss(at: first).isProbablyLess(than: all) else { break }
            losing.removeLast()
        }
        return losing
    }

    private func isWitness(_ hop: Int) -> Bool {
        !keepsAnswersBack(hop - 1) && (hop == tallies.endIndex || tallies[hop - 1].pattern != .regular)
    }

    /// Whether a later hop certainly loses less, so that this router leaves probes unanswered that it forwards.
    private func keepsAnswersBack(_ index: Int) -> Bool {
        tallies[(index + 1)...].contains {
            $0.answered > 0 && $0.comparable.isCertainlyLess(than: tallies[index].comparable, among: tallies.count)
        }
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

    func hops() -> [LossReport.Hop] {
        tallies.indices.map { index in
            let tally = tallies[index]
            let verdict = verdict(index)
            return LossReport.Hop(
                ttl: index + 1, share: tally.share, verdict: verdict, pattern: tally.pattern,
                mostLostBefore: verdict == .rateLimited ? most(upTo: index + 1) : nil)
        }
    }

    private func verdict(_ index: Int) -> LossReport.Verdict {
        let tally = tallies[index]
        guard tally.lost > 0 else { return .none }
        let later = tallies[(index + 1)...].filter { $0.answered > 0 }
        if tally.answered == 0, !later.isEmpty { return .silent }
        if keepsAnswersBack(index) { return .rateLimited }
        return .cannotTell
    }
}
