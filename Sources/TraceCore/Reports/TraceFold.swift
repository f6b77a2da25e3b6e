extension TraceReport {
    /// Builds a `TraceReport` from a run's events.
    public struct Fold: EventFold {
        private var run: RunDescription?
        /// One for each TTL from the first on.
        private var hops: [TraceReport.Hop] = []
        private var firstTTL = 1
        private var names: [IPAddress: UntrustedText] = [:]
        private var failure: ProbeError?
        private var end: RunEnd?
        /// The smallest TTL at which the target answered, or a router said that there is no route.
        private var lastTTL: Int?
        private var lastIsTarget = false

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .started(let run): start(run)
            case .sent(let probe): hops[index(of: probe)].sent += 1
            case .sendFailed(let probe, let error):
                hops[index(of: probe)].failed += 1
                failure = error
            case .timedOut(let probe): hops[index(of: probe)].lost += 1
            case .reply(let probe, let answer):
                let index = index(of: probe)
                let reply = reply(answer, to: probe, at: index)
                hops[index].replies.append(reply)
                note(answer.kind, at: Int(probe.ttl))
            case .late(let probe, let answer):
                let index = index(of: probe)
                let reply = reply(answer, to: probe, at: index)
                hops[index].late.append(reply)
                note(answer.kind, at: Int(probe.ttl))
            case .duplicate(let probe, let answer): takeSecond(answer, to: probe)
            case .named(let address, let name): note(name, of: address)
            case .ended(let end): self.end = end
            }
        }

        /// Takes in a further answer: after a router's, the target's own is the one that counts.
        private mutating func takeSecond(_ answer: ProbeReply, to probe: Probe) {
            let index = index(of: probe)
            guard answer.kind.isFromTarget,
                let first = hops[index].replies.firstIndex(where: {
                    $0.sequence == probe.sequence && !$0.kind.isFromTarget
                })
            else {
                hops[index].duplicates += 1
                return
            }
            hops[index].replies[first] = reply(answer, to: probe, at: index)
            note(answer.kind, at: Int(probe.ttl))
        }

        private mutating func start(_ run: RunDescription) {
            self.run = run
            hops.reserveCapacity(min(max(0, run.parameters.maxTTL ?? 0), 255))
            names.reserveCapacity(hops.capacity)
        }

        /// The trace so far, or nil before the run's first event.
        public func report() -> TraceReport? {
            guard let run else { return nil }
            let hops = Array(hops.prefix { $0.ttl <= lastShownTTL })
            return TraceReport(run: run, hops: hops, failure: failure, end: end)
        }

        /// The end of the path as far as it is known: probes went farther, but their fate does not matter.
        private var lastShownTTL: Int {
            if let lastTTL { return lastTTL }
            let lastAnswered = hops.last { !$0.replies.isEmpty || !$0.late.isEmpty }?.ttl
            switch end?.reason {
            case .hopLimit: return .max
            case .gap:
                let before = lastAnswered ?? firstTTL - 1
                return run?.parameters.gapLimit.map { before + min(max(0, $0), 255) } ?? .max
            default:
                let lastDecided = hops.last { $0.lost > 0 || $0.failed > 0 }?.ttl
                return max(lastAnswered ?? 0, lastDecided ?? 0)
            }
        }

        private func reply(_ answer: ProbeReply, to probe: Probe, at hop: Int) -> TraceReport.HopReply {
            var reply = TraceReport.HopReply(sequence: probe.sequence, flow: probe.flow, answer: answer)
            // Usually the hop has answered before, and its answers are a faster place to find the name.
            for index in hops[hop].replies.indices where hops[hop].replies[index].answer.from == answer.from {
                reply.name = hops[hop].replies[index].name
                return reply
            }
            reply.name = names[answer.from]
            return reply
        }

        /// Adds a name to the answers that have come from an address; later answers get it too.
        private mutating func note(_ name: UntrustedText?, of address: IPAddress) {
            guard let name else { return }
            names[address] = name
            for hop in hops.indices {
                for reply in hops[hop].replies.indices where hops[hop].replies[reply].from == address {
                    hops[hop].replies[reply].name = name
                }
                for reply in hops[hop].late.indices where hops[hop].late[reply].from == address {
                    hops[hop].late[reply].name = name
                }
            }
        }

        private mutating func note(_ kind: ReplyKind, at ttl: Int) {
            if kind.isFromTarget {
                if !lastIsTarget || ttl < lastTTL ?? .max { lastTTL = ttl }
                lastIsTarget = true
            } else if kind.isUnreachable, !lastIsTarget {
                lastTTL = min(lastTTL ?? .max, ttl)
            }
        }

        /// The position of a probe's hop; hops without a probe get one too, so that TTLs have no gaps.
        private mutating func index(of probe: Probe) -> Int {
            let ttl = Int(probe.ttl)
            if ttl < firstTTL || ttl - firstTTL >= hops.count { addHops(upTo: ttl) }
            return ttl - firstTTL
        }

        private mutating func addHops(upTo ttl: Int) {
            if hops.isEmpty {
                firstTTL = min(ttl, max(0, run?.parameters.firstTTL ?? ttl))
                hops.reserveCapacity(16)
            }
            if ttl < firstTTL {
                hops.insert(contentsOf: (ttl..<firstTTL).map(emptyHop), at: 0)
                firstTTL = ttl
            }
            while ttl - firstTTL >= hops.count { hops.append(emptyHop(firstTTL + hops.count)) }
        }

        private func emptyHop(_ ttl: Int) -> TraceReport.Hop {
            var hop = TraceReport.Hop(ttl: ttl)
            // A recorded run may contain any number.
            hop.replies.reserveCapacity(min(max(0, run?.parameters.queries ?? 1), 100))
            return hop
        }
    }
}
