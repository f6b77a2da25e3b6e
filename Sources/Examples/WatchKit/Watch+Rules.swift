internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePathStore

extension Watch.State {
    mutating func follow(
        _ rules: [WatchSettings.Rule], at now: UTCTime
    ) -> [(AlertBook.Note, WatchSettings.Rule)] {
        let known = Set(self.rules.map(\.name))
        self.rules = rules
        let names = Set(rules.map(\.name))
        memory.counts = memory.counts.filter { names.contains($0.key) }
        return rules.compactMap { rule in
            guard !known.contains(rule.name), rule.failures == nil, rule.lossLimit == nil,
                var note = memory.wrong[rule.kind.rawValue]
            else { return nil }
            (note.rule, note.notedAt) = (rule.name, now)
            return (note, rule)
        }
    }

    /// Whether a change of the way says no more than that another run has begun: its probes are another flow, which
    /// routers that share the work may send another way.
    func isOfAnotherFlow(_ change: ChangeReport.Change, _ target: WatchSettings.Target) -> Bool {
        guard isLaterRun else { return false }
        switch change.what {
        case .routers, .hopCount: return change.at < runBegan + max(.seconds(3), target.interval * 3)
        default: return false
        }
    }

    mutating func begin(_ run: RunDescription, _ target: WatchSettings.Target, _ findings: inout Watch.Findings) {
        failure = nil
        isLaterRun = isLaterRun || last != nil
        runBegan = run.startedAt ?? .now
        before = [:]
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
        last = round
        tally(round)
        watchedAgain(round, target, &findings)
        for rule in rules {
            if rule.failures != nil || rule.lossLimit != nil {
                count(round, rule, target, &findings)
            } else if rule.kind == .slow, let limit = rule.limit {
                weigh(round, rule, limit, target, &findings)
            }
        }
        before[round.flow] = round
    }

    private mutating func watchedAgain(
        _ round: Round, _ target: WatchSettings.Target, _ findings: inout Watch.Findings
    ) {
        guard memory.unwatchedSince != nil, round.answers.contains(where: \.isTarget) else { return }
        if memory.isUnwatchedTold {
            for rule in rules where rule.kind == .lost {
                findings.notes.append(
                    (
                        AlertBook.Note(
                            rule: rule.name, target: target.name, isWrong: false, since: round.at, notedAt: round.at,
                            text: "answers again"), rule
                    ))
            }
        }
        (memory.unwatchedSince, memory.isUnwatchedTold) = (nil, false)
    }

    /// Judges round trips by a limit, which one in two may exceed: Page's test, as ``ChangeReport/Fold`` has it, for as many
    /// limits as there are rules.
    private mutating func weigh(
        _ round: Round, _ rule: WatchSettings.Rule, _ limit: Duration, _ target: WatchSettings.Target,
        _ findings: inout Watch.Findings
    ) {
        // What is lost is not slow.
        guard let end = round.answers.last(where: \.isTarget) else { return }
        var count = memory.counts[rule.name] ?? Watch.Count()
        defer { memory.counts[rule.name] = count }
        let isOver = end.roundTrip > limit
        if isOver == !count.isWrong, (count.isWrong ? count.under : count.over) == 0 { count.since = round.at }
        // log2(0.9 / 0.5) and log2(0.1 / 0.5).
        count.over = max(0, count.over + (isOver ? 0.848 : -2.322))
        count.under = max(0, count.under + (isOver ? -2.322 : 0.848))
        // log2(100,000): a false alarm in so many.
        guard (count.isWrong ? count.under : count.over) >= 16.6 else { return }
        count.isWrong.toggle()
        (count.over, count.under) = (0, 0)
        // The first hop from which all that answer are too slow, too.
        let slow = round.answers.lastIndex { $0.address != nil && $0.roundTrip <= limit } ?? -1
        let hop = round.answers[(slow + 1)...].first { $0.address != nil && !$0.isTarget }
        findings.notes.append(
            (
                AlertBook.Note(
                    rule: rule.name, target: target.name, router: count.isWrong ? hop?.address : nil,
                    hop: count.isWrong ? hop.map { Int($0.ttl) } : nil, isWrong: count.isWrong,
                    since: count.since ?? round.at, notedAt: round.at, text: Self.text(rule, nil)), rule
            ))
        count.since = nil
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
                    let earlier = before[round.flow]?.answers.first(where: {
                        $0.ttl == answer.ttl && $0.address == answer.address
                    })
                else { return false }
                return answer.roundTrip - earlier.roundTrip > rule.limit ?? .zero
            }
            isBad = hop != nil
        case .loss:
            count.lost.append(end == nil)
            if count.lost.count > 100 { count.lost.removeFirst() }
            guard count.lost.count >= 20 else { return }
            let share = 100 * Double(count.lost.count { $0 }) / Double(count.lost.count)
            // What is wrong is right again when it is clearly so, and not as soon as one round more has an answer.
            isBad = share > (rule.lossLimit ?? 100) * (count.isWrong ? 0.8 : 1)
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
        let limit = rule.limit.map(\.settingText) ?? ""
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
        // The rules have limits of their own.
        case .aboveLimit, .withinLimit: return
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
        var note = AlertBook.Note(
            rule: "", target: target.name, router: place?.1, hop: place?.0, isWrong: isWrong, since: change.at,
            notedAt: change.noticedAt, change: change, text: text)
        if !kind.isEvent { memory.wrong[kind.rawValue] = isWrong ? note : nil }
        for rule in rules where rule.kind == kind && rule.failures == nil && rule.lossLimit == nil {
            note.rule = rule.name
            findings.notes.append((note, rule))
        }
    }

    private static func percent(_ value: Double) -> String { "\(Int(value.rounded())) %" }

    private static func list(_ addresses: [IPAddress]) -> String {
        addresses.isEmpty ? "nobody" : addresses.map { "\($0)" }.joined(separator: ", ")
    }
}
