extension PathSetReport {
    /// Keeps the paths of a monitor apart, if its rounds use several flows in turn.
    ///
    /// The path of a flow is where the flow was last seen. Its round trips and losses belong to that path; they are dropped
    /// when it moves. Where packets of one flow are dealt out to several routers, the report says so, and they make no
    /// separate paths.
    public struct Fold: EventFold {
        private struct Responder {
            var address: IPAddress
            /// How many answers in a row came from another router than the one before, up to two.
            var moves: UInt8 = 0
        }

        /// What a path has at a hop.
        private enum Place: Hashable {
            case router(IPAddress)
            case silent
            /// Any of several routers, from packet to packet.
            case dealt
        }

        private struct Flow {
            /// The last router that answered, by TTL.
            var hops: [Int: Responder] = [:]
            /// The TTL at which the target answers, or a router that forbids the way to it.
            var end: Int?
            /// The probes without an answer, by TTL. Only those to the end of the path count, and its TTL may not be known
            /// yet.
            var lost: [Int: Int] = [:]
            var rtt = RunningStatistics()

            mutating func forgetTimes() {
                lost = [:]
                rtt = RunningStatistics()
            }
        }

        private var run: RunDescription?
        private var firstTTL = 1
        private var rounds = RoundSpan()
        private var flows: [UInt16: Flow] = [:]
        /// By TTL.
        private var dealing: [Int: PacketDealing] = [:]
        private var end: RunEnd?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run):
                self.run = run
                firstTTL = run.parameters.firstHop
            case .sent(let probe): rounds.note(probe.sequence)
            case .reply(let probe, let reply):
                note(reply, to: probe)
                if reply.kind.isFinal, flows[probe.flow]?.end == Int(probe.ttl) {
                    flows[probe.flow]?.rtt.add(reply.rtt)
                }
            case .late(let probe, let reply): note(reply, to: probe)
            case .timedOut(let probe): flows[probe.flow, default: Flow()].lost[Int(probe.ttl), default: 0] += 1
            case .ended(let end): self.end = end
            case .sendFailed, .duplicate, .named: break
            }
        }

        private mutating func note(_ reply: ProbeReply, to probe: Probe) {
            var flow = flows[probe.flow] ?? Flow()
            let ttl = Int(probe.ttl)
            if reply.kind.isFinal {
                // A path has no hops beyond its end.
                if let end = flow.end, ttl > end { return }
                // The router that ends the path may have answered at a higher TTL before.
                if flow.end != ttl { flow.rtt = RunningStatistics() }
                flow.end = ttl
                flow.hops = flow.hops.filter { $0.key <= ttl }
            } else if let end = flow.end, ttl >= end {
                flow.end = nil
                flow.forgetTimes()
            }
            let known = flow.hops[ttl]
            let hasMoved = known.map { $0.address != reply.from } ?? false
            let middle = known.flatMap { hasMoved && $0.moves >= 2 ? $0.address : nil }
            dealing[ttl, default: PacketDealing()].note(reply.from, after: middle, of: flows.count)
            if let known, hasMoved, !isDealt(known.address, at: ttl) || !isDealt(reply.from, at: ttl) {
                flow.forgetTimes()
            }
            flow.hops[ttl] = Responder(address: reply.from, moves: hasMoved ? min(2, (known?.moves ?? 0) + 1) : 0)
            flows[probe.flow] = flow
        }

        private func isDealt(_ router: IPAddress, at ttl: Int) -> Bool { dealing[ttl]?.deals(router) ?? false }

        /// The paths so far, or nil before the run's first event.
        public func report() -> PathSetReport? {
            guard let run else { return nil }
            let groups = groups()
            let paths = groups.map { path($0.places, $0.flows.sorted()) }.sorted {
                $0.flows.count != $1.flows.count
                    ? $0.flows.count > $1.flows.count : ($0.flows.first ?? 0) < ($1.flows.first ?? 0)
            }
            let last = paths.map(\.hops.count).max() ?? 0
            let dealt = (firstTTL..<firstTTL + last).compactMap { ttl -> PathSetReport.DealtHop? in
                guard
                    groups.contains(where: { $0.places.count > ttl - firstTTL && $0.places[ttl - firstTTL] == .dealt })
                else { return nil }
                return PathSetReport.DealtHop(ttl: ttl, routers: dealing[ttl]?.routers.sorted() ?? [])
            }
            return PathSetReport(
                run: run, rounds: rounds.count, paths: paths, dealt: dealt, confidence: map(of: groups).confidence,
                end: end)
        }

        private typealias Group = (places: [Place], flows: [UInt16])

        /// The flows grouped by path.
        private func groups() -> [Group] {
            var groups: [Group] = []
            var indices: [[Place]: Int] = [:]
            // The best known flows come first, so that others can join them.
            let known = flows.keys.map { (number: $0, places: places(of: $0)) }.sorted {
                let gaps = ($0.places.count { $0 == .silent }, $1.places.count { $0 == .silent })
                return gaps.0 != gaps.1 ? gaps.0 < gaps.1 : $0.number < $1.number
            }
            for (number, places) in known where !places.isEmpty {
                // A hop that was silent for one flow may be lost probes, and matches what other flows saw there.
                let isWhole = !places.contains(.silent)
                if let index = indices[places] ?? (isWhole ? nil : groups.firstIndex { Self.fit($0.places, places) }) {
                    groups[index].flows.append(number)
                } else {
                    indices[places] = groups.count
                    groups.append((places, [number]))
                }
            }
            return groups
        }

        /// The links between routers, which give the confidence that there are no other paths.
        private func map(of groups: [Group]) -> FlowMap {
            var map = FlowMap()
            for group in groups {
                for number in group.flows {
                    for (index, place) in group.places.enumerated() {
                        let isFinal = index == group.places.count - 1 && flows[number]?.end != nil
                        switch place {
                        case .router(let address):
                            map.answer(number, at: index + 1, by: FlowMap.Node(address: address, isFinal: isFinal))
                        case .dealt:
                            // The router that was seen last comes first, so that it differs from flow to flow.
                            let ttl = index + firstTTL
                            let last = flows[number]?.hops[ttl]?.address
                            let routers = dealing[ttl]?.routers.sorted() ?? []
                            for address in routers.filter({ $0 == last }) + routers.filter({ $0 != last }) {
                                map.answer(number, at: index + 1, by: FlowMap.Node(address: address, isFinal: isFinal))
                            }
                        case .silent: map.giveUp(number, at: index + 1)
                        }
                    }
                }
            }
            map.conclude(0.5, upTo: map.hops.count - 1, gapLimit: 256)
            return map
        }

        /// Where a flow was last seen, up to its end; empty if it had no answer.
        private func places(of number: UInt16) -> [Place] {
            guard let flow = flows[number], let last = flow.end ?? flow.hops.keys.max(), last >= firstTTL else {
                return []
            }
            return (firstTTL...last).map { ttl in
                guard let address = flow.hops[ttl]?.address else { return .silent }
                return isDealt(address, at: ttl) ? .dealt : .router(address)
            }
        }

        private static func fit(_ path: [Place], _ other: [Place]) -> Bool {
            path.count == other.count && zip(path, other).allSatisfy { $0 == $1 || $1 == .silent }
        }

        private func path(_ places: [Place], _ numbers: [UInt16]) -> PathSetReport.Path {
            var lost = 0
            var rtt = RunningStatistics()
            for flow in numbers.compactMap({ flows[$0] }) {
                lost += flow.lost[places.count + firstTTL - 1] ?? 0
                rtt.merge(flow.rtt)
            }
            let hops = places.map { place -> IPAddress? in if case .router(let address) = place { address } else { nil }
            }
            let dealt = places.indices.filter { places[$0] == .dealt }.map { $0 + firstTTL }
            return PathSetReport.Path(
                hops: hops, dealt: dealt, flows: numbers, sent: lost + rtt.count, lost: lost, rtt: RTTSummary(rtt))
        }
    }
}
