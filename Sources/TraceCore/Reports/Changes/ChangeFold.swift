extension ChangeReport {
    /// Watches the events of runs over one path and reports changes as they happen.
    ///
    /// It takes the rounds of a monitor and the queries of repeated traces, one run after another. A run that does not say
    /// when it began is left out, because each change has a time. The state is Codable: a
    /// fold that is saved and restored reports the same changes as one that never stopped. It takes some kilobytes for a
    /// path of fifteen hops, and its size is bounded.
    ///
    /// ```swift
    /// var fold = ChangeReport.Fold()
    /// for event in events {
    ///     for change in fold.take(event) { print(change.text) }
    /// }
    /// ```
    public struct Fold: EventFold, Codable, Hashable {
        /// The largest number of changes, and of outages, in a report.
        public static let changeLimit = 256

        private struct Hop: Sendable, Hashable, Codable {
            var routers = SettledSet<IPAddress>()
            var trips = RoundTripWatch()
        }

        /// What counts as a change.
        public let settings: ChangeReport.Fold.Settings

        private var schemaVersion = StateVersion()
        private var run: RunDescription?
        /// When the run began; nil if it does not say so.
        private var startedAt: UTCTime? = .epoch
        /// Whether rounds follow each other (monitor), or are sent side by side and all end with the run (trace).
        private var isMonitor = true
        private var hops: [Hop] = []
        private var target = RoundTripWatch()
        private var distances = SettledSet<Int>()
        private var destination = DestinationWatch()
        private var open = OpenRounds()
        /// Counts the rounds of all runs, so that round trips can be compared by their age.
        private var roundsSeen = 0
        /// Why the last probe could not be sent, until one is sent.
        private var unsent: ProbeError?
        private var isAboveLimit = false
        private var changes: [ChangeReport.Change] = []
        private var outages: [ChangeReport.Outage] = []

        /// A fold that has seen nothing.
        public init() { self.init(settings: ChangeReport.Fold.Settings()) }

        /// A fold with settings that has seen nothing.
        public init(settings: ChangeReport.Fold.Settings) { self.settings = settings }

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) { _ = take(event) }

        /// Takes in the next event, and returns the changes that it makes certain.
        public mutating func take(_ event: ProbeEvent) -> [ChangeReport.Change] {
            // A recorded run may contain anything: a probe without a hop or a round says nothing about the path.
            if let probe = event.probe, probe.ttl == 0 || probe.sequence < 0 { return [] }
            var found: [ChangeReport.Change] = []
            if case .started(let run) = event.fact { startedAt = run.startedAt }
            guard startedAt != nil else { return [] }
            switch event.fact {
            case .started(let run):
                self.run = run
                isMonitor = run.verb == .monitor
                open.removeAll()
                destination.beginRun()
            case .sent(let probe):
                unsent = nil
                begin(probe, at: event.at, isOut: true, into: &found)
            // A probe that cannot be sent does not reach the target: a round of only such probes is a silent round.
            case .sendFailed(let probe, let error):
                unsent = error
                begin(probe, at: event.at, isOut: false, into: &found)
            case .reply(let probe, let reply): take(reply, to: probe, at: event.at, into: &found)
            case .late(let probe, let reply): takeLate(reply, to: probe, at: event.at, into: &found)
            case .timedOut(let probe):
                hops[place(of: probe)].routers.miss()
                _ = open.settle(probe, nil, sentAt: event.at)
                closeRounds(now: moment(event.at), into: &found)
            case .ended(let end):
                let time = moment(event.at)
                for round in open.takeDecided(areComplete: end.isComplete) { close(round, now: time, into: &found) }
            // After a router's answer, the target's own is the one that counts.
            case .duplicate(let probe, let reply)
            where reply.kind.isFromTarget && open.lacksTarget(probe.sequence):
                take(reply, to: probe, at: event.at, isFirst: false, into: &found)
            case .duplicate, .named: break
            }
            if !found.isEmpty { note(found) }
            return found
        }

        /// The changes so far, or nil before the first run's first event.
        public func report() -> ChangeReport? {
            guard let run else { return nil }
            let distance = knownDistance ?? hops.count + 1
            return ChangeReport(
                run: run, changes: changes, outages: outages,
                routers: hops.prefix(max(0, distance - 1)).map(\.routers.elements), hopCounts: distances.elements)
        }

        /// The wall-clock time of a moment in the run; computed only where it is needed.
        private func moment(_ at: Duration) -> EventMoment { EventMoment(start: startedAt ?? .epoch, at: at) }

        @inline(__always)
        private mutating func place(of probe: Probe) -> Int {
            while hops.count < Int(probe.ttl) { hops.append(Hop()) }
            return Int(probe.ttl) - 1
        }

        /// The largest distance that the target has now; a state from another machine may hold any number.
        private var knownDistance: Int? { distances.elements.last.map { min(max(1, $0), 255) } }

        private func place(at distance: Int) -> Hop { distance <= hops.count ? hops[distance - 1] : Hop() }

        private mutating func begin(_ probe: Probe, at: Duration, isOut: Bool, into found: inout [ChangeReport.Change])
        {
            // The queries of a trace are sent side by side, so the oldest must not be closed for newer ones.
            if !isMonitor, open.rounds.count >= OpenRounds.limit { return }
            let time = moment(at)
            guard open.send(probe.sequence, at: time, isOut: isOut) else { return }
            roundsSeen &+= 1
            closeRounds(now: time, into: &found)
        }

        private mutating func take(
            _ reply: ProbeReply, to probe: Probe, at: Duration, isFirst: Bool = true,
            into found: inout [ChangeReport.Change]
        ) {
            let time = moment(at)
            let settled = open.settle(probe, reply.kind, sentAt: at - reply.rtt, isFirst: isFirst)
            if reply.kind.isFromTarget {
                switch settled {
                case .firstOfTarget(let began):
                    if let change = destination.answer(sentAt: time() - reply.rtt, began: began) {
                        found.append(self.change(change, now: time()))
                    }
                    noteTrip(reply, to: probe, now: time, into: &found)
                // The target also answers the probes for hops behind it, and says the same.
                case .more: break
                case .over: takeLate(reply, to: probe, at: at, into: &found)
                }
            } else if reply.kind == .timeExceeded {
                note(reply.from, at: place(of: probe), now: time, into: &found)
                noteTrip(reply, to: probe, now: time, into: &found)
            }
            closeRounds(now: time, into: &found)
        }

        private mutating func takeLate(
            _ reply: ProbeReply, to probe: Probe, at: Duration, into found: inout [ChangeReport.Change]
        ) {
            let time = moment(at)
            if reply.kind.isFromTarget {
                endSilence(reply, now: time, into: &found)
                guard Int(probe.ttl) <= knownDistance ?? Int(probe.ttl) else { return }
                noteTrip(reply, to: probe, now: time, into: &found)
            } else if reply.kind == .timeExceeded {
                note(reply.from, at: place(of: probe), now: time, into: &found)
                noteTrip(reply, to: probe, now: time, into: &found)
            }
        }

        private mutating func endSilence(_ reply: ProbeReply, now: EventMoment, into found: inout [ChangeReport.Change])
        {
            guard let change = destination.lateAnswer(sentAt: now() - reply.rtt) else { return }
            found.append(self.change(change, now: now()))
        }

        private mutating func noteTrip(
            _ reply: ProbeReply, to probe: Probe, now: EventMoment, into found: inout [ChangeReport.Change]
        ) {
            if reply.kind.isFromTarget {
                target.add(reply.rtt, round: roundsSeen, settings: settings, at: now)
                judgeEnd(at: Int(probe.ttl), target, now: now, into: &found)
                return
            }
            let index = place(of: probe)
            hops[index].trips.add(reply.rtt, round: roundsSeen, settings: settings, at: now)
            // If the target never answers, the last hop that does is judged in its place.
            if !target.isSettled, isLastAnswering(index) {
                judgeEnd(at: index + 2, hops[index].trips, now: now, into: &found)
            }
        }

        private mutating func note(
            _ address: IPAddress, at index: Int, now: EventMoment, into found: inout [ChangeReport.Change]
        ) {
            let change = hops[index].routers.observe(address, chance: settings.chance, at: now)
            guard let change else { return }
            found.append(
                ChangeReport.Change(
                    at: change.since, noticedAt: now(), hop: index + 1,
                    what: .routers(before: change.before, after: change.after)))
        }

        private func isLastAnswering(_ index: Int) -> Bool {
            !hops[(index + 1)...].contains { $0.trips.count > 0 && $0.trips.lastRound >= roundsSeen &- 16 }
        }

        // MARK: Rounds

        private mutating func closeRounds(now: EventMoment, into found: inout [ChangeReport.Change]) {
            // The queries of a trace are sent side by side: which ones are over is known when the run ends.
            guard isMonitor else { return }
            while let round = open.takeOldest() { close(round, now: now, into: &found) }
        }

        private mutating func close(
            _ round: OpenRounds.Round, now: EventMoment, into found: inout [ChangeReport.Change]
        ) {
            guard round.nearest > 0 else {
                guard let change = destination.miss(began: round.began, chance: settings.chance) else { return }
                found.append(self.change(change, now: now()))
                // Later rounds are sent before this one is given up, and the target may have answered one of them long ago.
                if let next = open.firstAnswered { endOutage(with: next, now: now, into: &found) }
                return
            }
            endOutage(with: round, now: now, into: &found)
            if let change = destination.hit(began: round.began, chance: settings.chance) {
                found.append(self.change(change, now: now()))
            }
            let distance = Int(round.nearest)
            // Only at first: the target seemed farther away because the probe for its distance was lost.
            if distances.isLearning, place(at: distance).routers.isEmpty { distances.removeAll(above: distance) }
            // The target was nearer recently. It may still be there, and the probe for that distance may be lost.
            let isProven = (1..<distance).allSatisfy { nearer in
                !distances.contains(nearer) || nearer < 64 && round.routers >> UInt64(nearer) & 1 == 1
            }
            guard isProven else { return }
            let change = distances.observe(distance, chance: settings.chance, at: EventMoment(start: round.began))
            guard let change else { return }
            found.append(
                ChangeReport.Change(
                    at: change.since, noticedAt: now(), hop: distance,
                    what: .hopCount(before: change.before, after: change.after)))
            // The routers from there on belong to another path.
            let first = max(0, (change.after.first ?? distance) - 1)
            for index in hops.indices where index >= first { hops[index] = Hop() }
        }

        private mutating func endOutage(
            with round: OpenRounds.Round, now: EventMoment, into found: inout [ChangeReport.Change]
        ) {
            guard destination.isLost else { return }
            let sentAt = round.answeredProbe.map { moment($0)() } ?? round.began
            guard let change = destination.answer(sentAt: sentAt, began: round.began) else { return }
            found.append(self.change(change, now: now()))
        }

        private func change(_ change: DestinationWatch.Change, now: UTCTime) -> ChangeReport.Change {
            let hop = knownDistance ?? hops.count
            switch change {
            case .lost(let since):
                return ChangeReport.Change(at: since, noticedAt: now, hop: hop, what: .targetLost(error: unsent))
            case .back(let outage, let since):
                return ChangeReport.Change(at: since, noticedAt: now, hop: hop, what: .targetBack(outage: outage))
            case .loss(let before, let after, let rose, let since):
                return ChangeReport.Change(
                    at: since, noticedAt: now, hop: hop,
                    what: rose ? .moreLoss(before: before, after: after) : .lessLoss(before: before, after: after))
            }
        }

        // MARK: Round trips

        /// Whether a cumulative sum makes a change certain. It is zero most of the time, which saves the logarithm.
        private func isEnough(_ sum: Double) -> Bool { sum > 0 && sum >= settings.evidence }

        /// Judges the end of the path. A hop that is slow while the end is not says nothing about the path.
        private mutating func judgeEnd(
            at distance: Int, _ end: RoundTripWatch, now: EventMoment, into found: inout [ChangeReport.Change]
        ) {
            if isEnough(end.slow) {
                shift(end, to: distance, now: now, into: &found, \.isSlow) { .slower(before: $0, after: $1) }
            } else if isEnough(end.fast) {
                shift(end, to: distance, now: now, into: &found, \.isFast) { .faster(before: $0, after: $1) }
            }
            guard let limit = settings.limit, isEnough(isAboveLimit ? end.under : end.over) else { return }
            let distance = min(distance, knownDistance ?? distance)
            let since = end.limitSince ?? now()
            if isAboveLimit {
                found.append(
                    ChangeReport.Change(
                        at: since, noticedAt: now(), hop: distance,
                        what: .withinLimit(limit: limit, after: end.recent)))
            } else {
                let hop = firstHop(before: distance, since: end.limitRound, \.isOver)
                let after = hop < distance ? hops[hop - 1].trips.recent : end.recent
                found.append(
                    ChangeReport.Change(
                        at: since, noticedAt: now(), hop: hop, what: .aboveLimit(limit: limit, after: after)))
            }
            isAboveLimit.toggle()
            target.forgetLimit()
            for index in hops.indices { hops[index].trips.forgetLimit() }
        }

        private mutating func shift(
            _ end: RoundTripWatch, to distance: Int, now: EventMoment, into found: inout [ChangeReport.Change],
            _ isAside: (RoundTripWatch) -> Bool, _ what: (Duration, Duration) -> ChangeReport.Change.What
        ) {
            let distance = min(distance, knownDistance ?? distance)
            let hop = firstHop(before: distance, since: end.asideRound, isAside)
            let trips = hop < distance ? hops[hop - 1].trips : end
            found.append(
                ChangeReport.Change(
                    at: end.asideSince ?? now(), noticedAt: now(), hop: hop, what: what(trips.typical, trips.recent)))
            // The new round trips are the usual ones from now on.
            target.learn()
            for index in hops.indices where index >= hop - 1 { hops[index].trips.learn() }
        }

        /// The first hop from which all later ones that answered since then have changed like the end.
        private func firstHop(
            before distance: Int, since round: Int, _ isAside: (RoundTripWatch) -> Bool
        ) -> Int {
            var first = distance
            for index in hops.indices.prefix(max(0, distance - 1)).reversed() {
                let trips = hops[index].trips
                guard trips.count > 0, trips.lastRound >= round else { continue }
                guard isAside(trips) else { break }
                first = index + 1
            }
            return first
        }

        private mutating func note(_ found: [ChangeReport.Change]) {
            changes += found
            if changes.count > Self.changeLimit { changes.removeFirst(changes.count - Self.changeLimit) }
            for change in found {
                switch change.what {
                case .targetLost: outages.append(ChangeReport.Outage(start: change.at, length: nil))
                case .targetBack(let outage) where !outages.isEmpty: outages[outages.count - 1].length = outage
                default: continue
                }
                if outages.count > Self.changeLimit { outages.removeFirst() }
            }
        }
    }
}
