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
    }

    /// What is kept over a restart.
    fileprivate struct Memory: Codable {
        var changes: ChangeReport.Fold
        var counts: [String: Count]
        var seen: [Sight]
    }

    /// How a rule that is counted in rounds stands.
    fileprivate struct Count: Codable {
        var failures = 0
        var successes = 0
        var isWrong = false
        var since: UTCTime?
        /// Of loss, the last rounds.
        var lost: [Bool] = []
    }

    /// Who answered last at a hop, and when.
    fileprivate struct Sight: Codable {
        var address: IPAddress?
        var at = UTCTime.epoch
        var isTarget = false
    }

    fileprivate struct State {
        var rules: [WatchSettings.Rule]
        var memory: Memory
        var rounds: RoundFold
        var before: Round?
        var last: Round?
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
        let limit = rules.first { $0.kind == .slow && $0.failures == nil }?.limit
        let settings = ChangeReport.Fold.Settings(limit: limit)
        var memory = Memory(changes: ChangeReport.Fold(settings: settings), counts: [:], seen: [])
        // With other settings the fold would go on by the old ones.
        if let kept, let old = try? JSON.decode(Memory.self, from: kept), old.changes.settings == settings {
            memory = old
        }
        state = Lock(State(rules: rules, memory: memory, rounds: RoundFold(of: id)))
    }

    /// What is to be kept over a restart.
    package var memory: [UInt8] { (try? JSON.encode(state.withLock { $0.memory })) ?? [] }

    /// Takes other rules.
    package func follow(_ rules: [WatchSettings.Rule]) { state.withLock { $0.rules = rules } }

    /// The last round that is over.
    package var lastRound: Round? { state.withLock { $0.last } }
    /// The address that is watched now.
    package var address: IPAddress? { state.withLock { $0.address } }
    /// Why it is not watched at the moment.
    package var failure: String? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// What became of the last hour, minute by minute.
    package var minutes: [Minute] { state.withLock { $0.minutes } }
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
                if case .started(let run) = event.fact { state.begin(run, target, &findings) }
                if case .named(let address, let name?) = event.fact, state.names.count < 1_024 {
                    state.names[address] = name
                }
                let changes = state.memory.changes.take(event)
                let first = findings.rounds.count
                state.rounds.take(event, into: &findings.rounds)
                for round in findings.rounds[first...] { state.note(round, target, &findings) }
                for change in changes { state.note(change, target, &findings) }
                findings.changes += changes
            }
        }
        return findings
    }
}

extension Watch.State {
    mutating func begin(_ run: RunDescription, _ target: WatchSettings.Target, _ findings: inout Watch.Findings) {
        failure = nil
        guard let address = run.target?.address else { return }
        if let before = self.address, before != address {
            let now = run.startedAt ?? .now
            for rule in rules where rule.kind == .address {
                findings.notes.append(
                    (
                        AlertBook.Note(
                            rule: rule.name, target: target.name, isWrong: true, since: now, notedAt: now,
                            text: "has another address: \(before) became \(address)"), rule
                    ))
            }
        }
        self.address = address
    }

    // MARK: Rounds

    mutating func note(_ round: Round, _ target: WatchSettings.Target, _ findings: inout Watch.Findings) {
        for answer in round.answers {
            guard let address = answer.address else { continue }
            while memory.seen.count < Int(answer.ttl) { memory.seen.append(Watch.Sight()) }
            memory.seen[Int(answer.ttl) - 1] = Watch.Sight(address: address, at: round.at, isTarget: answer.isTarget)
        }
        (before, last) = (last, round)
        tally(round)
        for rule in rules where rule.failures != nil || rule.lossLimit != nil {
            count(round, rule, target, &findings)
        }
    }

    private mutating func tally(_ round: Round) {
        let end = round.answers.last { $0.isTarget }
        silentRounds = end == nil ? silentRounds + 1 : 0
        totals.requests += 1
        if let end { totals.roundTrips.count(end.roundTrip / .seconds(1)) }
        let minute = round.at.microsecondsSince1970 / 60_000_000
        if minutes.last?.minute != minute {
            minutes.append(Watch.Minute(minute: minute))
            if minutes.count > 60 { minutes.removeFirst() }
        }
        let index = minutes.count - 1
        minutes[index].sent += 1
        guard let end else {
            minutes[index].lost += 1
            return
        }
        minutes[index].sum += end.roundTrip
    }

    private mutating func count(
        _ round: Round, _ rule: WatchSettings.Rule, _ target: WatchSettings.Target, _ findings: inout Watch.Findings
    ) {
        var count = memory.counts[rule.name] ?? Watch.Count()
        defer { memory.counts[rule.name] = count }
        let end = round.answers.last { $0.isTarget }
        var hop: Round.Answer?
        var isBad = false
        switch rule.kind {
        case .lost: isBad = end == nil
        case .slow:
            // What is lost is not slow.
            guard let end else { return }
            isBad = end.roundTrip > rule.limit ?? .seconds(3_600)
        case .slowHop:
            hop = round.answers.first { $0.address != nil && $0.roundTrip > rule.limit ?? .zero }
            isBad = hop != nil
        case .slowerHop:
            hop = round.answers.first { answer in
                guard answer.address != nil,
                    let earlier = before?.answers.first(where: { $0.ttl == answer.ttl && $0.address != nil })
                else { return false }
                return answer.roundTrip - earlier.roundTrip > rule.limit ?? .zero
            }
            isBad = hop != nil
        case .loss:
            count.lost.append(end == nil)
            if count.lost.count > 100 { count.lost.removeFirst() }
            guard count.lost.count >= 20 else { return }
            let share = 100 * Double(count.lost.count { $0 }) / Double(count.lost.count)
            isBad = share > rule.lossLimit ?? 100
        case .slower, .path, .hops, .address: return
        }
        if isBad {
            if count.failures == 0 { count.since = count.since ?? round.at }
            (count.failures, count.successes) = (count.failures + 1, 0)
        } else {
            (count.successes, count.failures) = (count.successes + 1, 0)
            if !count.isWrong { count.since = nil }
        }
        let isTurn =
            count.isWrong ? count.successes >= rule.successes : count.failures >= rule.failures ?? 1
        guard isTurn else { return }
        count.isWrong.toggle()
        if rule.kind.isEvent, !count.isWrong { return }
        let place =
            rule.kind == .lost ? silentHop(since: count.since ?? round.at) : hop.map { (Int($0.ttl), $0.address) }
        findings.notes.append(
            (
                AlertBook.Note(
                    rule: rule.name, target: target.name, router: place?.1, hop: place?.0, isWrong: count.isWrong,
                    since: count.isWrong ? count.since ?? round.at : round.at, notedAt: round.at,
                    text: Self.text(rule, hop)), rule
            ))
        count.since = nil
    }

    private static func text(_ rule: WatchSettings.Rule, _ hop: Round.Answer?) -> String {
        let limit = rule.limit.map { "\($0.millisecondsText(decimals: 0)) ms" } ?? ""
        return switch rule.kind {
        case .lost: "does not answer"
        case .loss: "has more loss than \(rule.lossLimit.map { "\($0)" } ?? "0") %"
        case .slow: "is slower than \(limit)"
        case .slowHop: "has a hop that is slower than \(limit)"
        case .slowerHop: "has a hop that became slower by more than \(limit)"
        case .slower: "is slower than before"
        case .path: "is reached by another path"
        case .hops: "is at another distance"
        case .address: "has another address"
        }
    }

    /// The first hop that has kept silent since a time and answered before: where the path ends now. Nil where that is the
    /// target itself.
    private func silentHop(since time: UTCTime) -> (Int, IPAddress?)? {
        let last = memory.seen.lastIndex { $0.at >= time } ?? -1
        guard let first = memory.seen.indices.first(where: { $0 > last && memory.seen[$0].address != nil }) else {
            return nil
        }
        let sight = memory.seen[first]
        return sight.isTarget ? nil : (first + 1, sight.address)
    }

    /// The router at a hop; nil where that is the target.
    private func router(at hop: Int) -> (Int, IPAddress?)? {
        guard hop >= 1, hop <= memory.seen.count, let address = memory.seen[hop - 1].address,
            !memory.seen[hop - 1].isTarget
        else { return nil }
        return (hop, address)
    }

    // MARK: Changes

    mutating func note(
        _ change: ChangeReport.Change, _ target: WatchSettings.Target, _ findings: inout Watch.Findings
    ) {
        let (kind, isWrong, text): (WatchSettings.Rule.Kind, Bool, String)
        var place = router(at: change.hop)
        switch change.what {
        case .targetLost(let error):
            (kind, isWrong) = (.lost, true)
            text = error.map { "does not answer: \($0.message)" } ?? "does not answer"
            place = silentHop(since: change.at)
        case .targetBack: (kind, isWrong, text) = (.lost, false, "answers again")
        case .moreLoss(let before, let after):
            (kind, isWrong, text) = (.loss, true, "has \(Self.percent(after)) loss, which was \(Self.percent(before))")
        case .lessLoss: (kind, isWrong, text) = (.loss, false, "has less loss")
        case .slower(let before, let after):
            (kind, isWrong) = (.slower, true)
            text =
                "takes \(after.millisecondsText(decimals: 1)) ms, which was \(before.millisecondsText(decimals: 1)) ms,"
        case .faster: (kind, isWrong, text) = (.slower, false, "is faster")
        case .aboveLimit(let limit, _):
            (kind, isWrong, text) = (.slow, true, "is slower than \(limit.millisecondsText(decimals: 0)) ms")
        case .withinLimit: (kind, isWrong, text) = (.slow, false, "is fast enough")
        case .routers(let before, let after):
            (kind, isWrong) = (.path, true)
            text = "is reached by another path: \(Self.list(before)) became \(Self.list(after))"
            place = (change.hop, after.first ?? before.first)
        case .hopCount(let before, let after):
            (kind, isWrong) = (.hops, true)
            text =
                "is at another distance: \(before.map(String.init).joined(separator: ", ")) hops became "
                + after.map(String.init).joined(separator: ", ")
            place = nil
        }
        for rule in rules where rule.kind == kind && rule.failures == nil && rule.lossLimit == nil {
            findings.notes.append(
                (
                    AlertBook.Note(
                        rule: rule.name, target: target.name, router: place?.1, hop: place?.0, isWrong: isWrong,
                        since: change.at, notedAt: change.noticedAt, change: change, text: text), rule
                ))
        }
    }

    private static func percent(_ value: Double) -> String { "\(Int(value.rounded())) %" }

    private static func list(_ addresses: [IPAddress]) -> String {
        addresses.isEmpty ? "nobody" : addresses.map { "\($0)" }.joined(separator: ", ")
    }
}
