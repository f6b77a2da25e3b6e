extension PathMTUReport {
    /// Builds a `PathMTUReport` from a run's events.
    ///
    /// It does not need to know how sizes were chosen: it uses what arrived, what was refused, and what was lost while a
    /// small packet after it was answered.
    public struct Fold: EventFold {
        private struct Size: Hashable {
            let ttl: Int
            let bytes: Int
        }

        private struct Refusal {
            let size: Size
            let from: IPAddress
            let told: Int?
        }

        private var trace = TraceReport.Fold()
        private var headerSize = 0
        private var queries = 1
        private var responders: [Int: Set<IPAddress>] = [:]
        /// The largest size that arrived, for each TTL.
        private var arrived: [Int: Int] = [:]
        private var refusals: [Refusal] = []
        private var refused: Set<Size> = []
        private var doubts: [PathMTUReport.Doubt] = []
        private var lost: [Size: Int] = [:]
        /// The first probe of each size.
        private var first: [Size: Probe.ID] = [:]
        /// The last small packet that was answered while sizes were tried, for each TTL.
        private var control: [Int: Probe.ID] = [:]
        private var localLimit: Int?
        private var largestSent = 0
        /// The size that was sent last.
        private var tried = 0
        private var largest = Int.max

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run):
                headerSize = min(max(0, run.parameters.headerSize ?? 0), PathMTUAnswer.smallPacket)
                queries = max(1, run.parameters.queries ?? 1)
                largest = run.parameters.packetSize ?? .max
                trace.apply(event)
            case .named, .ended: trace.apply(event)
            case .sent(let probe):
                if isTraced(probe) { trace.apply(event) } else { noteSent(probe) }
            case .sendFailed(let probe, let error):
                if isTraced(probe) {
                    trace.apply(event)
                } else if error.code == .tooLarge {
                    localLimit = min(localLimit ?? .max, size(of: probe))
                }
            case .reply(let probe, let reply), .late(let probe, let reply):
                if isTraced(probe) {
                    responders[Int(probe.ttl), default: []].insert(reply.from)
                    trace.apply(event)
                } else {
                    note(reply, to: probe)
                }
            case .timedOut(let probe):
                if isTraced(probe) { trace.apply(event) } else { lost[key(of: probe), default: 0] += 1 }
            case .duplicate(let probe, _): if isTraced(probe) { trace.apply(event) }
            }
        }

        // A recorded run may contain anything, so these sums must not overflow.
        private func size(of probe: Probe) -> Int { Int(probe.size ?? 0) + headerSize }
        private func key(of probe: Probe) -> Size { Size(ttl: Int(probe.ttl), bytes: size(of: probe)) }
        private func isSmall(_ probe: Probe) -> Bool { size(of: probe) <= PathMTUAnswer.smallPacket }
        private func isTraced(_ probe: Probe) -> Bool { isSmall(probe) && probe.sequence < queries }

        private mutating func noteSent(_ probe: Probe) {
            let key = key(of: probe)
            largestSent = max(largestSent, key.bytes)
            if !isSmall(probe) { tried = key.bytes }
            if first[key] == nil { first[key] = probe.id }
        }

        private mutating func note(_ reply: ProbeReply, to probe: Probe) {
            let key = key(of: probe)
            if isSmall(probe) {
                control[key.ttl] = max(control[key.ttl] ?? 0, probe.id)
                return
            }
            switch PathMTUAnswer(reply, to: key.bytes, responders: responders[key.ttl] ?? []) {
            case .arrived: noteArrival(of: key.bytes, at: key.ttl)
            case .tooBig(let mtu):
                if let hop = responders.hop(of: reply.from, before: key.ttl) { noteArrival(of: key.bytes, at: hop) }
                refusals.append(Refusal(size: key, from: reply.from, told: reply.mtu))
                refused.insert(key)
                guard mtu == nil else { return }
                let isKnown = doubts.contains { $0.from == reply.from && $0.told == reply.mtu }
                if !isKnown { doubts.append(PathMTUReport.Doubt(from: reply.from, told: reply.mtu, size: key.bytes)) }
            case .unclear: break
            }
        }

        private mutating func noteArrival(of size: Int, at ttl: Int) { arrived[ttl] = max(arrived[ttl] ?? 0, size) }

        // MARK: - The result

        /// The report so far, or nil before the run's first event.
        public func report() -> PathMTUReport? {
            guard let trace = trace.report() else { return nil }
            var hops: [PathMTUReport.Hop] = []
            for hop in trace.hops {
                let size = size(arrivingAt: hop.ttl)
                let isExact = size.map { isTooLarge($0 + 1, for: hop.ttl, by: fails) } ?? false
                hops.append(PathMTUReport.Hop(hop: hop, mtu: size, isExact: isExact))
            }
            let localMTU = localLimit.map { _ in largestSent }
            // A refusal that proved true in the end is no doubt, however unlikely it had seemed.
            let last = hops.last { $0.mtu != nil }
            let found = last.flatMap { $0.isExact ? $0.mtu : nil }
            let doubts = doubts.filter { $0.told == nil || $0.told != found }
            return PathMTUReport(
                run: trace.run, localMTU: localMTU, hops: hops, limits: limits(hops, from: localMTU ?? largestSent),
                doubts: doubts, end: trace.end)
        }

        /// Whether only a late answer can still change what is known of a hop.
        func isSettled(at ttl: Int) -> Bool {
            // The path is known before sizes are tried.
            guard largestSent > 0 else { return false }
            guard let size = size(arrivingAt: ttl) else { return true }
            // A size that got lost may still arrive while it is tried again.
            return size >= largest
                || isTooLarge(size + 1, for: ttl) { fails($0) && ($0.bytes != tried || refused.contains($0)) }
        }

        /// The largest size that is known to arrive at a hop, or nil where nobody answers.
        private func size(arrivingAt ttl: Int) -> Int? {
            guard responders[ttl] != nil else { return nil }
            return arrived.reduce(PathMTUAnswer.smallPacket) { $1.key >= ttl ? max($0, $1.value) : $0 }
        }

        /// Whether a size does not leave this machine, or does not arrive at a hop or before it.
        private func isTooLarge(_ bytes: Int, for ttl: Int, by fails: (Size) -> Bool) -> Bool {
            localLimit == bytes || (0...max(0, ttl)).contains { fails(Size(ttl: $0, bytes: bytes)) }
        }

        /// Whether a size did not arrive: it was refused, or lost while small packets were answered; and none arrived since.
        private func fails(_ size: Size) -> Bool {
            guard refused.contains(size) || isLost(size) else { return false }
            return self.size(arrivingAt: size.ttl) ?? 0 < size.bytes
        }

        private func isLost(_ size: Size) -> Bool {
            guard lost[size] ?? 0 > 1, let control = control[size.ttl], let first = first[size] else { return false }
            return first < control
        }

        /// The refusal that belongs to a limit: one that named it or, failing that, that of a packet one byte larger.
        private func refusal(above size: Int) -> Refusal? {
            let telling = refusals.filter { $0.told == size && $0.size.bytes > size }
            return telling.min { $0.size.bytes < $1.size.bytes } ?? refusals.first { $0.size.bytes == size + 1 }
        }

        private func limits(_ hops: [PathMTUReport.Hop], from localSize: Int) -> [PathMTUReport.Limit] {
            var limits: [PathMTUReport.Limit] = []
            var before = (ttl: 0, size: localSize)
            for hop in hops {
                guard let size = hop.mtu else { continue }
                if size < before.size, hop.isExact {
                    // A router that only refuses even larger packets stands before another limit.
                    let refusal = refusal(above: size)
                    limits.append(
                        PathMTUReport.Limit(
                            after: before.ttl, before: hop.ttl, mtu: size, refusedBy: refusal?.from, told: refusal?.told
                        ))
                }
                before = (hop.ttl, size)
            }
            return limits
        }
    }
}
