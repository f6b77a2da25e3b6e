/// What became of the latest probes at each hop. The memory is bounded: the oldest are dropped.
package struct RecentSamples: Sendable {
    /// More than any screen has columns.
    package static let limit = 512

    /// What became of a probe.
    package enum Sample: Sendable, Hashable {
        /// Not decided yet.
        case out
        /// Answered after that long.
        case answered(Duration)
        /// Given up.
        case lost
        /// It could not be sent.
        case failed
    }

    private struct Series {
        /// The round of the first sample.
        var first: Int
        var samples: [Sample?] = []
    }

    private var series: [UInt8: Series] = [:]

    package init() {}

    /// Takes in the next event.
    package mutating func apply(_ event: ProbeEvent) {
        switch event.fact {
        case .sent(let probe): note(.out, probe)
        case .sendFailed(let probe, _): note(.failed, probe)
        case .reply(let probe, let response): note(.answered(response.rtt), probe)
        case .timedOut(let probe): note(.lost, probe)
        case .started, .late, .duplicate, .named, .ended: break
        }
    }

    /// The samples of the rounds up to `round` at a hop; nil where the hop was not asked.
    package func samples(ttl: Int, count: Int, through round: Int) -> [Sample?] {
        guard let series = UInt8(exactly: ttl).flatMap({ series[$0] }) else {
            return Array(repeating: nil, count: count)
        }
        return (0..<count).map { index in
            let place = round - (count - 1 - index) - series.first
            return series.samples.indices.contains(place) ? series.samples[place] : nil
        }
    }

    private mutating func note(_ sample: Sample, _ probe: Probe) {
        let round = probe.sequence
        var own = series[probe.ttl] ?? Series(first: round)
        // A recorded run may skip rounds as far as it likes; then what was before is long ago.
        if round - own.first >= own.samples.count + Self.limit { own = Series(first: round) }
        guard round >= own.first else { return }
        while own.samples.count <= round - own.first { own.samples.append(nil) }
        own.samples[round - own.first] = sample
        if own.samples.count >= 2 * Self.limit {
            own.samples.removeFirst(Self.limit)
            own.first += Self.limit
        }
        series[probe.ttl] = own
    }
}
