package import TraceCore
package import TraceCoreHTTP
package import TraceCorePathStore

/// A path that is watched: what is known of it, and what follows from what happens to it.
package final class Watch: Sendable {
    /// What is watched.
    package let target: WatchSettings.Target
    /// Its number in the store.
    package let id: Int64

    /// What comes of events.
    package struct Findings: Sendable {
        package var rounds: [Round] = []
        package var changes: [ChangeReport.Change] = []
        package var notes: [(note: AlertBook.Note, rule: WatchSettings.Rule)] = []
        /// The names of addresses that were not known.
        package var names: [IPAddress: UntrustedText] = [:]
        var isEmpty: Bool { rounds.isEmpty && changes.isEmpty && notes.isEmpty && names.isEmpty }
    }

    /// What is kept over a restart.
    struct Memory: Codable {
        var changes: ChangeReport.Fold
        var counts: [String: Count]
        var seen: [Sight]
        /// What statistics find wrong, by the kind of rule.
        var wrong: [String: AlertBook.Note] = [:]
        /// Since when it cannot be watched at all, and whether that was told.
        var unwatchedSince: UTCTime?
        var isUnwatchedTold = false
    }

    /// How a rule that is counted in rounds stands.
    struct Count: Codable {
        var failures = 0
        var successes = 0
        var isWrong = false
        var since: UTCTime?
        /// Of loss, the last rounds.
        var lost: [Bool] = []
        /// Of a limit that statistics judge, the evidence that round trips are above it, and below.
        var over = 0.0
        var under = 0.0
    }

    /// Who answered last at a hop, and when.
    struct Sight: Codable {
        var address: IPAddress?
        var at = UTCTime.epoch
        var isTarget = false
    }

    struct State {
        var rules: [WatchSettings.Rule]
        var memory: Memory
        var rounds: RoundFold
        /// The last round of each flow.
        var before: [UInt8: Round] = [:]
        var last: Round?
        /// When the run began, and whether one came before it.
        var runBegan = UTCTime.epoch
        var isLaterRun = false
        /// The address that is watched.
        var address: IPAddress?
        var failure: String?
        var minutes: [Minute] = []
        var totals = Totals()
        var names: [IPAddress: UntrustedText] = [:]
        var silentRounds = 0
    }

    /// What became of a minute, for the overview.
    package struct Minute: Sendable, Hashable {
        package let minute: Int64
        package var sent = 0
        package var lost = 0
        package var sum = Duration.zero

        /// The mean round trip, or nil without any.
        package var mean: Duration? { sent > lost ? sum / (sent - lost) : nil }
    }

    /// What is counted since the daemon began, for metrics.
    package struct Totals: Sendable {
        package var requests = 0
        package var roundTrips = Metrics.Histogram(bounds: (0..<20).map { 0.00005 * Double(1 << $0) })
    }

    private let state: Lock<State>

    /// A path of which nothing is known but what was kept.
    ///
    /// - Parameters:
    ///   - rules: The rules that are about it.
    ///   - kept: What `memory` gave.
    package init(_ target: WatchSettings.Target, id: Int64, rules: [WatchSettings.Rule], kept: [UInt8]? = nil) {
        (self.target, self.id) = (target, id)
        var memory = Memory(changes: ChangeReport.Fold(), counts: [:], seen: [])
        if let kept, let old = try? JSON.decode(Memory.self, from: kept) { memory = old }
        var state = State(rules: [], memory: memory, rounds: RoundFold(of: id))
        state.isLaterRun = memory.changes.report() != nil
        _ = state.follow(rules, at: .now)
        self.state = Lock(state)
    }

    /// What is to be kept over a restart.
    package var memory: [UInt8] { (try? JSON.encode(state.withLock { $0.memory })) ?? [] }

    /// Takes other rules.
    ///
    /// - Returns: What new ones find wrong that has been so for a while.
    package func follow(_ rules: [WatchSettings.Rule], at now: UTCTime) -> [(AlertBook.Note, WatchSettings.Rule)] {
        state.withLock { $0.follow(rules, at: now) }
    }

    /// The last round that is over.
    package var lastRound: Round? { state.withLock { $0.last } }
    /// The address that is watched now.
    package var address: IPAddress? { state.withLock { $0.address } }
    /// Why it is not watched at the moment.
    package var failure: String? { state.withLock { $0.failure } }

    /// What became of the last hour, minute by minute.
    package var minutes: [Minute] { state.withLock { $0.minutes } }

    /// Takes in what became of earlier minutes, which may have been before it was started.
    func recall(_ minutes: [Minute]) {
        state.withLock { state in
            let first = state.minutes.first?.minute ?? .max
            state.minutes = (minutes.filter { $0.minute < first && $0.sent > 0 } + state.minutes).suffix(60)
        }
    }

    /// What is counted since the daemon began.
    package var totals: Totals { state.withLock { $0.totals } }
    /// The names of addresses, as far as they are known.
    package var names: [IPAddress: UntrustedText] { state.withLock { $0.names } }
    /// How many of the last rounds the target has not answered.
    package var silentRounds: Int { state.withLock { $0.silentRounds } }

    /// Takes in events of a run.
    package func take(_ events: [ProbeEvent]) -> Findings {
        var findings = Findings()
        state.withLock { state in
            for event in events {
                var event = event
                if case .started(var run) = event.fact {
                    // The clock of another machine may be wrong by years.
                    if target.from != nil { run.startedAt = .now }
                    event = ProbeEvent(at: event.at, .started(run))
                    state.begin(run, target, &findings)
                }
                if case .named(let address, let name?) = event.fact, state.names.count < 1_024,
                    state.names.updateValue(name, forKey: address) != name
                {
                    findings.names[address] = name
                }
                let changes = state.memory.changes.take(event)
                let first = findings.rounds.count
                state.rounds.take(event, into: &findings.rounds)
                for round in findings.rounds[first...] { state.note(round, target, &findings) }
                for change in changes {
                    let isOfFlow = state.isOfAnotherFlow(change, target)
                    if !isOfFlow { state.note(change, target, &findings) }
                    if !isOfFlow || target.from == nil { findings.changes.append(change) }
                }
            }
        }
        return findings
    }

    /// That it cannot be watched, and why. When that has lasted for a minute, it is as bad as no answer.
    package func fail(_ reason: String, at now: UTCTime) -> Findings {
        var findings = Findings()
        state.withLock { state in
            state.failure = reason
            let since = state.memory.unwatchedSince ?? now
            state.memory.unwatchedSince = since
            guard !state.memory.isUnwatchedTold, now - since >= .seconds(60) else { return }
            state.memory.isUnwatchedTold = true
            for rule in state.rules where rule.kind == .lost {
                findings.notes.append(
                    (
                        AlertBook.Note(
                            rule: rule.name, target: target.name, isWrong: true, since: since, notedAt: now,
                            text: "cannot be watched: \(reason)"), rule
                    ))
            }
        }
        return findings
    }

    /// The clock was set: what is remembered has the times of the old one.
    package func clockWasSet(by drift: Duration) {
        state.withLock { state in
            for index in state.memory.seen.indices { state.memory.seen[index].at = state.memory.seen[index].at + drift }
        }
    }
}

extension Watch.Minute {
    /// What was kept of a minute.
    init(_ start: UTCTime, _ end: PathHistory.Hop) {
        (minute, sent, lost) = (start.microsecondsSince1970 / 60_000_000, end.sent, end.lost)
        sum = .nanoseconds(Int64(end.roundTrips.meanNanoseconds * Double(end.sent - end.lost)))
    }
}

extension WatchSettings.Target {
    /// The time between two rounds.
    var interval: Duration {
        if case .monitor(let settings) = request.work { settings.interval } else { .seconds(1) }
    }
}
