/// A trace with what other tools' formats need beyond the report: when each probe was sent, and why some were not.
public struct TraceRecord: Sendable, Hashable {
    /// The trace.
    public var trace: TraceReport
    /// The probes in the order in which they were sent, including those behind the end of the path.
    public var queries: [Query]
    /// Why probes could not be sent: the first error at each TTL.
    public var failures: [Int: ProbeError]
    /// When the run ended, counted from its start, or nil while it lasts.
    public var endedAt: Duration?

    /// A probe that was sent.
    public struct Query: Sendable, Hashable {
        /// The TTL of the probe.
        public var ttl: Int
        /// Its number among the queries of the hop, from 0.
        public var sequence: Int
        /// When it was sent, counted from the start of the run.
        public var sentAt: Duration

        /// A probe and when it was sent.
        public init(ttl: Int, sequence: Int, sentAt: Duration) {
            self.ttl = ttl
            self.sequence = sequence
            self.sentAt = sentAt
        }
    }

    /// A record from its parts; a trace alone says nothing of its probes.
    public init(
        _ trace: TraceReport, queries: [Query] = [], failures: [Int: ProbeError] = [:], endedAt: Duration? = nil
    ) {
        self.trace = trace
        self.queries = queries
        self.failures = failures
        self.endedAt = endedAt
    }

    /// The position of each probe among all that were sent, by its TTL and number.
    var positions: [QueryKey: Int] {
        var positions: [QueryKey: Int] = [:]
        positions.reserveCapacity(queries.count)
        for (position, query) in queries.enumerated() {
            positions[QueryKey(ttl: query.ttl, sequence: query.sequence)] = position
        }
        return positions
    }

    /// The number of probes that were sent after the one at a position and up to a time.
    func sentSince(_ position: Int, until time: Duration) -> Int {
        // They are sorted by time, and a long run may have many late answers.
        var (low, high) = (position + 1, queries.count)
        while low < high {
            let middle = low + (high - low) / 2
            if queries[middle].sentAt <= time { low = middle + 1 } else { high = middle }
        }
        return low - position - 1
    }
}

/// Identifies a probe of a trace.
struct QueryKey: Hashable {
    let ttl: Int
    let sequence: Int
}

extension TraceRecord {
    /// Builds a `TraceRecord` from a run's events.
    public struct Fold: EventFold {
        private var fold = TraceReport.Fold()
        private var queries: [TraceRecord.Query] = []
        private var failures: [Int: ProbeError] = [:]
        private var endedAt: Duration?

        /// A fold that has seen nothing.
        public init() {}

        /// Takes in the next event.
        public mutating func apply(_ event: ProbeEvent) {
            fold.apply(event)
            switch event.fact {
            case .sent(let probe):
                queries.append(.init(ttl: Int(probe.ttl), sequence: probe.sequence, sentAt: event.at))
            case .sendFailed(let probe, let error):
                if failures[Int(probe.ttl)] == nil { failures[Int(probe.ttl)] = error }
            case .ended: endedAt = event.at
            default: break
            }
        }

        /// The record so far, or nil before the run's first event.
        public func report() -> TraceRecord? {
            fold.report().map { TraceRecord($0, queries: queries, failures: failures, endedAt: endedAt) }
        }
    }
}
