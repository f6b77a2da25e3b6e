extension PingReport {
    /// A ping as a picture (SVG): each round trip over time, lines for percentiles, and a mark for each lost probe.
    ///
    /// The picture needs no fonts, files or scripts, follows the reader's choice of light or dark, and has its figures as
    /// text in its description.
    public struct Chart: Sendable, Hashable {
        /// The ping that is drawn.
        public let report: PingReport
        /// The probes that are drawn, in the order in which they were decided.
        let points: [Point]
        /// Whether there were more, so that the picture does not begin with the run.
        let isCut: Bool

        /// What became of a probe, and when it was sent.
        struct Point: Sendable, Hashable {
            let sentAt: Duration
            let sequence: Int
            let fate: Fate
        }

        /// What became of a probe.
        enum Fate: Sendable, Hashable {
            case answered(Duration)
            case late(Duration)
            case lost
            case refused
        }

        /// The picture, as text.
        ///
        /// - Parameter width: The width in pixels, between 280 and 10,000. The picture can be shown smaller.
        public func svg(width: Int = 800) -> String { PingDrawing(self, width: width).document }
    }
}

extension PingReport.Chart {
    /// Builds a chart from a run's events.
    public struct Fold: EventFold {
        /// The largest number of probes that are drawn: the newest.
        public static let pointLimit = 10_000

        private var fold = PingReport.Fold()
        private var open = OpenProbes()
        private var refused = RefusedProbes()
        private var points: [Point] = []
        private var isCut = false

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            fold.apply(event)
            switch event.fact {
            case .sent(let probe): open.note(probe, at: event.at)
            case .reply(let probe, let reply):
                if !reply.kind.isFromTarget { refused.note(probe) }
                add(probe, at: event.at - reply.rtt, reply.kind.isFromTarget ? .answered(reply.rtt) : .refused)
            case .duplicate(let probe, let reply) where refused.areOverruled(by: reply, to: probe):
                guard let index = points.lastIndex(where: { $0.sequence == probe.sequence }) else { break }
                points[index] = Point(
                    sentAt: points[index].sentAt, sequence: probe.sequence, fate: .answered(reply.rtt))
            case .timedOut(let probe): add(probe, at: event.at, .lost)
            // The probe is known as lost already. When it was sent follows from its answer.
            case .late(let probe, let reply) where reply.kind.isFromTarget:
                add(probe, at: event.at - reply.rtt, .late(reply.rtt))
            default: break
            }
        }

        /// The chart so far, or nil before the run's first event.
        public func report() -> PingReport.Chart? {
            fold.report().map { report in
                PingReport.Chart(
                    report: report, points: points.suffix(Self.pointLimit),
                    isCut: isCut || points.count > Self.pointLimit)
            }
        }

        private mutating func add(_ probe: Probe, at time: Duration, _ fate: Fate) {
            // Trimmed only at twice the limit, so that each point moves at most once.
            if points.count >= 2 * Self.pointLimit {
                points.removeFirst(Self.pointLimit)
                isCut = true
            }
            points.append(Point(sentAt: open.take(probe, else: time), sequence: probe.sequence, fate: fate))
        }
    }
}
