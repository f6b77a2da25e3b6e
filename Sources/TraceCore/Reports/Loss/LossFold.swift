extension LossReport {
    /// Builds a `LossReport` from the events of a monitor. The state is Codable.
    public struct Fold: EventFold, Codable, Hashable {
        private var schemaVersion = StateVersion()
        private var run: RunDescription?
        private var tallies: [LossTally] = []
        /// A digest of the routers that answer at each hop; it changes when one of them does.
        private var way: UInt64 = 0
        // nil in a state from before there was this.
        private var young: YoungLosses?
        /// Where the target answers each flow.
        private var places: [UInt16: TargetPlace]?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            if let probe = event.probe, probe.ttl == 0 || probe.sequence < 0 { return }
            if young == nil { young = YoungLosses() }
            young?.take(event)
            switch event.fact {
            case .started(let run): self.run = run
            case .sent(let probe):
                while tallies.count < Int(probe.ttl) { tallies.append(LossTally()) }
            case .reply(let probe, let reply):
                guard let index = index(of: probe) else { return }
                notePlace(reply.kind, of: probe)
                let before = tallies[index].lastFrom
                tallies[index].answer(reply, round: probe.sequence, isSpread: isSpread(probe), way: way)
                let after = tallies[index].lastFrom
                if before != after {
                    way ^= Self.digest(before, at: probe.ttl) ^ Self.digest(after, at: probe.ttl)
                }
            case .timedOut(let probe):
                if let index = index(of: probe) {
                    tallies[index].lose(round: probe.sequence, isSpread: isSpread(probe), way: way)
                }
            case .late(let probe, let reply):
                if let index = index(of: probe) {
                    tallies[index].answerLate(reply, round: probe.sequence, isSpread: isSpread(probe))
                }
            case .sendFailed, .duplicate, .named, .ended: break
            }
        }

        /// What is known about the loss so far, or nil before the run's first event.
        public func report() -> LossReport? {
            guard let run else { return nil }
            let tallies = judged
            guard let end = LossInference.end(of: tallies, at: places?.values.map(\.ttl).max()) else {
                return LossReport(run: run, hops: [], path: nil)
            }
            let inference = LossInference(tallies: tallies[...end.index], isTarget: end.isTarget)
            return LossReport(run: run, hops: inference.hops(), path: inference.path())
        }

        /// Whether a probe to another hop might as well have been sent in its place. The first round is not spread, as it
        /// looks for the target; nor is a trace.
        private func isSpread(_ probe: Probe) -> Bool { probe.sequence > 0 && run?.verb == .monitor }

        /// The tallies without the rounds that are too young to be judged.
        private var judged: [LossTally] {
            guard let first = young?.firstRound else { return tallies }
            return tallies.map { $0.without(from: first) }
        }

        /// Takes note of where the target answers. Where it is another place, hops are compared by what comes from then on.
        private mutating func notePlace(_ kind: ReplyKind, of probe: Probe) {
            if places == nil { places = [:] }
            let before = places?[probe.flow]?.ttl
            places?.note(kind, of: probe)
            guard let before, before != places?[probe.flow]?.ttl else { return }
            for index in tallies.indices { tallies[index].beginAnew() }
        }

        private func index(of probe: Probe) -> Int? {
            Int(probe.ttl) <= tallies.count ? Int(probe.ttl) - 1 : nil
        }

        /// Not a `Hasher`: the state may be restored in another process, where hashes differ.
        private static func digest(_ address: IPAddress?, at ttl: UInt8) -> UInt64 {
            guard let address else { return 0 }
            let bits = UInt64(truncatingIfNeeded: address.bits) ^ UInt64(truncatingIfNeeded: address.bits >> 64)
            var mixed = (bits &+ UInt64(ttl) &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
            mixed ^= mixed >> 29
            return mixed &* 0x94D0_49BB_1331_11EB
        }
    }
}
