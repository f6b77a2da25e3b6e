extension TraceReport {
    /// A path as a picture (SVG): a row for each hop, with who answers, the range of its round trips, and its loss.
    ///
    /// The picture needs no fonts, files or scripts, follows the reader's choice of light or dark, and has its figures as
    /// text in its description.
    public struct Chart: Sendable, Hashable {
        let run: RunDescription
        let rows: [Row]
        /// How the run ended, where that has to be said.
        let remark: String?
        /// What the bars show.
        let range: String

        /// A hop.
        struct Row: Sendable, Hashable {
            var ttl: Int
            var sent: Int
            var lossPercent: Double?
            var responders: [Responder] = []
            /// What the first responder said beyond that the TTL ended, such as `!H`.
            var mark: String?
            var times: Times?
        }

        /// Who answers at a hop.
        struct Responder: Sendable, Hashable {
            let name: UntrustedText?
            let address: IPAddress
        }

        /// The round trips of a hop.
        struct Times: Sendable, Hashable {
            let shortest: Duration
            let longest: Duration
            let median: Duration
            /// What most round trips lie between.
            let low: Duration
            let high: Duration
        }

        /// A chart of a trace.
        public init(_ trace: TraceReport) {
            run = trace.run
            rows = trace.hops.map(Row.init)
            remark = trace.end.flatMap { TraceReport.Text.remark(on: $0, of: trace) }
            range = "10 % to 90 %, or all of few"
        }

        /// A chart of a path that has been watched.
        public init(_ report: MonitorReport) {
            run = report.run
            rows = report.hops.map(Row.init)
            remark = report.end.flatMap(TraceReport.Text.remark)
            range = "shortest to 90 %"
        }

        /// The picture, as text.
        ///
        /// - Parameter width: The width in pixels, between 280 and 10,000. The picture can be shown smaller.
        public func svg(width: Int = 800) -> String { PathDrawing(self, width: width).document }
    }
}

extension TraceReport.Chart.Row {
    /// Below this number, percentiles say nothing that the extremes do not say.
    private static let few = 10

    fileprivate init(_ hop: TraceReport.Hop) {
        self.init(
            ttl: hop.ttl, sent: hop.sent, lossPercent: LossCount(answered: hop.replies.count, lost: hop.lost).percent)
        let answers = hop.replies + hop.late
        responders = hop.addresses.map { address in
            .init(name: answers.first { $0.from == address && $0.name != nil }?.name, address: address)
        }
        mark = answers.first?.kind.mark
        let samples = SortedSamples(hop.replies.map(\.rtt))
        let isFew = hop.replies.count < Self.few
        guard let shortest = samples.quantile(0), let longest = samples.quantile(1), let median = samples.quantile(0.5),
            let low = samples.quantile(isFew ? 0 : 0.1), let high = samples.quantile(isFew ? 1 : 0.9)
        else { return }
        times = .init(shortest: shortest, longest: longest, median: median, low: low, high: high)
    }

    fileprivate init(_ hop: MonitorReport.Hop) {
        self.init(ttl: hop.ttl, sent: hop.sent, lossPercent: hop.lossPercent)
        responders = hop.addresses.map { .init(name: $0.name, address: $0.address) }
        mark = hop.addresses.first?.kind.mark
        times = hop.rtt.map {
            .init(
                shortest: $0.min, longest: $0.max, median: $0.p50, low: $0.min,
                high: hop.answered < Self.few ? $0.max : $0.p90)
        }
    }
}
