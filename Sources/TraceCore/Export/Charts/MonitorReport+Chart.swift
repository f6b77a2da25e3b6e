extension MonitorReport {
    /// A watched path over time as a picture (SVG).
    ///
    /// Above is the target: a line for the median, and smoke around it where the round trips spread; below it the loss. Under
    /// that is a strip for each hop, darker where it was slower, with a bar for what was lost.
    ///
    /// The picture needs no fonts, files or scripts, follows the reader's choice of light or dark, and has its figures as
    /// text in its description.
    public struct Chart: Sendable, Equatable {
        /// The path as it is at the end of the picture.
        public let report: MonitorReport
        let slots: ChartSlots
        /// When the first slot begins, where times are told by the clock.
        var clock: UTCTime?

        /// The picture, as text.
        ///
        /// - Parameter width: The width in pixels, between 280 and 10,000. The picture can be shown smaller.
        public func svg(width: Int = 800) -> String { MonitorDrawing(self, width: width).document }

        /// The time at the right end of a picture of this width, from the beginning of the first slot: in a narrow one the last
        /// column may reach farther.
        package func end(inWidth width: Int) -> Duration { .nanoseconds(MonitorDrawing.end(of: self, width: width)) }
    }
}

extension MonitorReport.Chart {
    /// Builds a chart from a run's events.
    ///
    /// Its memory is bounded: of a long run, the slots of time become longer and not more.
    public struct Fold: EventFold {
        private var fold = MonitorReport.Fold()
        private var open = OpenProbes()
        private(set) var slots = ChartSlots(interval: nil)
        /// The TTL at which the target answers, once it has. What is farther away is the target once more.
        private var targetTTL: Int?
        /// The probe of the target that was counted last. In the first round several TTLs may reach it.
        private var counted: (sequence: Int, flow: UInt16)?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            fold.apply(event)
            // A recorded run may contain anything: a probe without a hop says nothing about the path.
            if let probe = event.probe, probe.ttl == 0 { return }
            switch event.fact {
            case .started(let run): slots = ChartSlots(interval: run.parameters.interval, start: event.at)
            case .sent(let probe): open.note(probe, at: event.at)
            case .reply(let probe, let reply):
                take(reply, to: probe, sentAt: open.take(probe, else: event.at - reply.rtt))
            case .timedOut(let probe):
                let sentAt = open.take(probe, else: event.at)
                slots.addHop(Int(probe.ttl), nil, at: sentAt)
                if Int(probe.ttl) == targetTTL { slots.addTargetLoss(at: sentAt) }
            default: break
            }
        }

        /// The chart so far, or nil before the run's first event.
        public func report() -> MonitorReport.Chart? {
            fold.report().map { MonitorReport.Chart(report: $0, slots: slots) }
        }

        private mutating func take(_ reply: ProbeReply, to probe: Probe, sentAt: Duration) {
            let ttl = Int(probe.ttl)
            slots.addHop(ttl, reply.rtt, at: sentAt)
            guard reply.kind.isFromTarget else {
                // A router answers where the target did: the path has become longer.
                if let targetTTL, ttl >= targetTTL, !reply.kind.isUnreachable { self.targetTTL = nil }
                return
            }
            if let targetTTL, ttl > targetTTL { return }
            targetTTL = ttl
            if let counted, counted == (probe.sequence, probe.flow) { return }
            counted = (probe.sequence, probe.flow)
            slots.addTarget(reply.rtt, at: sentAt)
        }
    }
}
