internal import TraceCore
internal import TraceCorePathStore

/// Gathers what became of the probes of a monitor into rounds, as they are kept.
///
/// A round is over when all its probes are decided and the next one has begun: until then it may ask farther.
struct RoundFold: Sendable {
    private struct Open {
        let sequence: Int
        let at: Duration
        let flow: UInt8
        var waiting = 0
        var answers: [Round.Answer] = []
    }

    /// A monitor that nobody reads has no more rounds open than this.
    private static let limit = 1024

    private let target: Int64
    private var startedAt = UTCTime.now
    private var open: [Open] = []

    init(of target: Int64) { self.target = target }

    /// Takes in the next event; gives the rounds that are over.
    mutating func take(_ event: ProbeEvent, into done: inout [Round]) {
        switch event.fact {
        case .started(let run):
            startedAt = run.startedAt ?? .now
            open = []
        case .sent(let probe):
            begin(probe, at: event.at)
            open[open.count - 1].waiting += 1
        case .sendFailed(let probe, _):
            // What cannot be sent does not arrive.
            begin(probe, at: event.at)
            open[open.count - 1].answers.append(Round.Answer(lost: probe.ttl))
        case .reply(let probe, let reply):
            settle(
                probe,
                Round.Answer(
                    ttl: probe.ttl, from: reply.from, after: reply.rtt, isTarget: reply.kind.isFromTarget))
        case .timedOut(let probe): settle(probe, Round.Answer(lost: probe.ttl))
        case .ended:
            for round in open where round.waiting == 0 { finish(round, into: &done) }
            open = []
            return
        case .duplicate(let probe, let reply) where reply.kind.isFromTarget:
            overrule(
                Round.Answer(ttl: probe.ttl, from: reply.from, after: reply.rtt, isTarget: true),
                inRound: probe.sequence)
            return
        case .late, .duplicate, .named: return
        }
        while open.count > 1, open[0].waiting == 0 { finish(open.removeFirst(), into: &done) }
    }

    /// Opens the round of a probe, if it is the first of one.
    private mutating func begin(_ probe: Probe, at: Duration) {
        guard open.last?.sequence != probe.sequence else { return }
        if open.count == Self.limit { open.removeFirst() }
        open.append(Open(sequence: probe.sequence, at: at, flow: UInt8(truncatingIfNeeded: probe.flow)))
    }

    private mutating func settle(_ probe: Probe, _ answer: Round.Answer) {
        guard let index = open.lastIndex(where: { $0.sequence == probe.sequence }), open[index].waiting > 0 else {
            return
        }
        open[index].waiting -= 1
        open[index].answers.append(answer)
    }

    /// Puts the target's own answer in the place of a router's that came before it.
    private mutating func overrule(_ answer: Round.Answer, inRound sequence: Int) {
        guard let index = open.lastIndex(where: { $0.sequence == sequence }),
            let first = open[index].answers.firstIndex(where: {
                $0.ttl == answer.ttl && $0.address != nil && !$0.isTarget
            })
        else { return }
        open[index].answers[first] = answer
    }

    private func finish(_ round: Open, into done: inout [Round]) {
        guard !round.answers.isEmpty else { return }
        var answers = round.answers.sorted { $0.ttl < $1.ttl }
        // The first round asks hops behind the target, too, and the target answers for them.
        if let end = answers.firstIndex(where: \.isTarget) { answers.removeSubrange((end + 1)...) }
        done.append(Round(target: target, at: startedAt + round.at, flow: round.flow, answers: answers))
    }
}
