extension MonitorReport {
    /// Builds a `MonitorReport` from a run's events.
    public struct Fold: EventFold {
        /// The largest number of changes in a report.
        public static let changeLimit = 1000
        /// The largest number of addresses that are told apart at one hop.
        public static let addressLimit = 64
        /// The largest number of names that are kept: more than all hops have addresses.
        static let nameLimit = 32_768
        /// The number of answers in a row from other routers than before that makes a change: a stray answer makes none.
        ///
        /// The same number must have come from the routers before. Where a router deals packets out over two ways, three
        /// equal answers in a row are common, but four of one kind followed by four of the other come once in 64 times.
        private static let answersForChange = 4
        /// A router that is missing from this many answers, for each router that shares the hop, is no longer there.
        private static let answersToForget = 32

        private struct Responder {
            var statistics = RunningStatistics()
            var lastRound = 0
            var labels: [MPLSLabel] = []
            var kind = ReplyKind.other

            /// Whether it is listed before another one: by its answers, and of equals the target.
            func isBefore(_ other: Responder) -> Bool {
                statistics.count == other.statistics.count
                    ? kind.isFromTarget && !other.kind.isFromTarget : statistics.count > other.statistics.count
            }
        }

        private struct Hop {
            var sent = 0
            var failed = 0
            var loss = LossCount()
            var late = 0
            var duplicates = 0
            var statistics = RunningStatistics()
            var responders: [(address: IPAddress, seen: Responder)] = []
            /// The routers that answer here now, with the number of the last answer of each; a change replaces them.
            var current: [(address: IPAddress, answer: Int)] = []
            /// The number of answers in a row that came from them.
            var streak = 0
            /// Answers in a row from addresses that are not current.
            var candidates: [(address: IPAddress, at: Duration, round: Int)] = []
        }

        private var run: RunDescription?
        private var hops: [Hop] = []
        private var names: [IPAddress: UntrustedText] = [:]
        private var changes: [MonitorReport.Change] = []
        private var rounds = RoundSpan()
        /// Where the target answers each flow; paths may have different lengths.
        private var places: [UInt16: TargetPlace] = [:]
        private var failure: ProbeError?
        private var end: RunEnd?

        /// The names that are kept.
        var nameCount: Int { names.count }

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            // A recorded run may contain anything: a probe without a hop or a round says nothing about the path.
            if let probe = event.probe, probe.ttl == 0 || !(0..<Int.max).contains(probe.sequence) { return }
            switch event.fact {
            case .started(let run): self.run = run
            case .sent(let probe):
                rounds.note(probe.sequence)
                hops[index(of: probe)].sent += 1
            case .sendFailed(let probe, let error):
                rounds.note(probe.sequence)
                hops[index(of: probe)].failed += 1
                failure = error
            case .timedOut(let probe): hops[index(of: probe)].loss.addLost()
            case .reply(let probe, let reply): take(reply, to: probe, at: event.at)
            case .late(let probe, let reply):
                hops[index(of: probe)].late += 1
                places.note(reply.kind, of: probe)
            case .duplicate(let probe, let reply): takeSecond(reply, to: probe)
            case .named(let address, let name): note(name, of: address)
            case .ended(let end): self.end = end
            }
        }

        /// The path as it is now, or nil before the run's first event.
        public func report() -> MonitorReport? {
            guard let run else { return nil }
            let shown = hops.indices.filter(shownHops(of: run).contains)
            return MonitorReport(
                run: run, rounds: rounds.count, hops: shown.map { report(of: hops[$0], ttl: $0 + 1) },
                changes: changes.suffix(Self.changeLimit), failure: failure, end: end)
        }

        /// What a line about a hop says. The percentiles of a report cost more than all the rest of it, so this has none.
        struct Line: Equatable {
            let address: IPAddress
            let name: UntrustedText?
            let isFinal: Bool
            let loss: LossCount
            let sent: Int
            let best, average, worst: Duration
        }

        /// The TTLs that belong to the path now.
        var shownTTLs: Range<Int> {
            guard let run else { return 0..<0 }
            let shown = shownHops(of: run).clamped(to: hops.indices)
            return shown.lowerBound + 1..<shown.upperBound + 1
        }

        /// What a line about a hop of the path says now; nil for a hop that has not answered.
        func line(_ ttl: Int) -> Line? {
            guard hops.indices.contains(ttl - 1) else { return nil }
            let hop = hops[ttl - 1]
            let most = hop.responders.max { $1.seen.isBefore($0.seen) }
            guard let most, let best = hop.statistics.min, let average = hop.statistics.mean,
                let worst = hop.statistics.max
            else { return nil }
            return Line(
                address: most.address, name: names[most.address], isFinal: most.seen.kind.isFinal, loss: hop.loss,
                sent: end == nil ? hop.sent : hop.loss.answered + hop.loss.lost,
                best: best, average: average, worst: worst)
        }

        /// The places of the hops that belong to the path.
        private func shownHops(of run: RunDescription) -> Range<Int> {
            // Where the run does not say it, with the first hop that was asked.
            let asked = hops.firstIndex { $0.sent + $0.failed > 0 }.map { $0 + 1 }
            let first = min(max(0, run.parameters.firstTTL ?? asked ?? 1), 256)
            // Without a known distance, answers of the target at farther hops are outdated.
            let lastAnswered = hops.lastIndex { $0.responders.contains { !$0.seen.kind.isFinal } }.map { $0 + 1 }
            let last = places.values.map(\.ttl).max() ?? min(hops.count, (lastAnswered ?? first - 1) + 1)
            return max(0, first - 1)..<max(0, first - 1, last)
        }

        private func report(of hop: Hop, ttl: Int) -> MonitorReport.Hop {
            MonitorReport.Hop(
                ttl: ttl, sent: hop.sent, failed: hop.failed, answered: hop.loss.answered, lost: hop.loss.lost,
                late: hop.late, duplicates: hop.duplicates, lossPercent: hop.loss.percent,
                rtt: RTTSummary(hop.statistics), last: hop.statistics.last,
                geometricMean: hop.statistics.geometricMean, differences: MonitorReport.Differences(hop.statistics),
                addresses: hop.responders.sorted { $0.seen.isBefore($1.seen) }
                    .compactMap { address, seen in
                        guard let last = seen.statistics.last, let rtt = RTTSummary(seen.statistics) else {
                            return nil
                        }
                        return MonitorReport.Address(
                            address: address, name: names[address], answered: seen.statistics.count, last: last,
                            rtt: rtt, lastRound: seen.lastRound, labels: seen.labels, kind: seen.kind)
                    })
        }

        private mutating func index(of probe: Probe) -> Int {
            while hops.count < Int(probe.ttl) { hops.append(Hop()) }
            return Int(probe.ttl) - 1
        }

        private mutating func take(_ reply: ProbeReply, to probe: Probe, at time: Duration) {
            let index = index(of: probe)
            hops[index].loss.addAnswered()
            hops[index].statistics.add(reply.rtt)
            noteResponder(reply, to: probe, hop: index)
            places.note(reply.kind, of: probe)
            noteChange(from: reply.from, to: probe, hop: index, at: time)
        }

        /// Takes in a further answer: after a router's, the target's own is the one that says where the path ends.
        private mutating func takeSecond(_ reply: ProbeReply, to probe: Probe) {
            let index = index(of: probe)
            // A round has one probe for a hop.
            let first = hops[index].responders.lazy.filter { $0.seen.lastRound == probe.sequence }
            guard reply.kind.isFromTarget, !first.isEmpty, first.allSatisfy({ !$0.seen.kind.isFromTarget }) else {
                hops[index].duplicates += 1
                return
            }
            hops[index].statistics.add(reply.rtt)
            noteResponder(reply, to: probe, hop: index)
            places.note(reply.kind, of: probe)
        }

        private mutating func noteResponder(_ reply: ProbeReply, to probe: Probe, hop index: Int) {
            let place: Int
            if let known = hops[index].responders.firstIndex(where: { $0.address == reply.from }) {
                place = known
            } else {
                guard hops[index].responders.count < Self.addressLimit else { return }
                place = hops[index].responders.count
                hops[index].responders.append((reply.from, Responder()))
            }
            hops[index].responders[place].seen.statistics.add(reply.rtt)
            hops[index].responders[place].seen.lastRound = probe.sequence
            hops[index].responders[place].seen.labels = reply.labels
            hops[index].responders[place].seen.kind = reply.kind
        }

        private mutating func note(_ name: UntrustedText?, of address: IPAddress) {
            guard let name else { return }
            if names[address] == nil, names.count >= Self.nameLimit {
                let shown = Set(hops.flatMap { $0.responders.map(\.address) })
                names = names.filter { shown.contains($0.key) }
            }
            names[address] = name
        }

        private mutating func noteChange(
            from address: IPAddress, to probe: Probe, hop index: Int, at time: Duration
        ) {
            if let place = places[probe.flow], Int(probe.ttl) > place.ttl { return }
            let answer = hops[index].statistics.count
            guard !hops[index].current.isEmpty else {
                hops[index].current = [(address, answer)]
                hops[index].streak = 1
                return
            }
            if let place = hops[index].current.firstIndex(where: { $0.address == address }) {
                if !hops[index].candidates.isEmpty { joinCandidates(hop: index) }
                hops[index].streak += 1
                hops[index].current[place].answer = answer
                let patience = Self.answersToForget * hops[index].current.count
                if hops[index].current.count > 1 { hops[index].current.removeAll { $0.answer < answer - patience } }
                return
            }
            hops[index].candidates.append((address, time, probe.sequence))
            guard hops[index].candidates.count >= Self.answersForChange else { return }
            guard hops[index].streak >= Self.answersForChange else { return joinCandidates(hop: index) }
            let first = hops[index].candidates[0]
            if changes.count >= 2 * Self.changeLimit { changes.removeFirst(Self.changeLimit) }
            changes.append(
                MonitorReport.Change(
                    at: first.at, round: first.round, ttl: Int(probe.ttl),
                    before: hops[index].current[hops[index].current.count - 1].address, after: first.address))
            hops[index].current = []
            let streak = hops[index].candidates.count
            joinCandidates(hop: index)
            hops[index].streak = streak
        }

        /// Routers that answer in between share the hop with the others: balancing, not a change.
        private mutating func joinCandidates(hop index: Int) {
            let answer = hops[index].statistics.count
            for candidate in hops[index].candidates where hops[index].current.count < Self.addressLimit {
                if !hops[index].current.contains(where: { $0.address == candidate.address }) {
                    hops[index].current.append((candidate.address, answer))
                }
            }
            hops[index].streak = 0
            hops[index].candidates.removeAll()
        }
    }
}
