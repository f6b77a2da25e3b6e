internal import TraceCore

/// The latest round trips of a hop as bars.
///
/// Every hop has a scale of its own: where a path becomes slow from some hop on, all bars from there on rise in the same
/// round, however far away the hops are. The colour says how usual a round trip is at this hop.
struct RoundTripBars {
    let usual: Duration?
    private let isSilent: Bool
    let samples: [RecentSamples.Sample?]

    /// The bars of a number of rounds.
    init(_ hop: MonitorReport.Hop, _ view: PathView, rounds: Int) {
        usual = hop.rtt?.p50
        isSilent = hop.addresses.isEmpty
        samples = view.samples.samples(ttl: hop.ttl, count: rounds, through: view.lastRound)
    }

    /// The least and the greatest of the round trips, or nil where there is none.
    var range: ClosedRange<Duration>? {
        var range: ClosedRange<Duration>?
        for case .answered(let rtt)? in samples {
            range = range.map { min($0.lowerBound, rtt)...max($0.upperBound, rtt) } ?? rtt...rtt
        }
        return range
    }

    /// The least and the greatest of the scale, in milliseconds. What stays within a tenth, or within half a
    /// millisecond, is steady and looks so.
    var scale: ClosedRange<Double> {
        let least = range?.lowerBound.inMilliseconds ?? 0
        return least...max(range?.upperBound.inMilliseconds ?? 0, least * 1.1 + 0.5)
    }

    /// The bars.
    var line: ScreenLine {
        let scale = scale
        var line = ScreenLine()
        for sample in samples {
            switch sample {
            case nil: line.append(" ")
            case .out: line.append(String(Sparkline.out), .dim)
            case .lost: line.append(String(Sparkline.lost), isSilent ? .dim : .alarm)
            case .failed: line.append(String(Sparkline.failed), .alarm)
            case .answered(let rtt):
                let bar = Sparkline.bar(rtt.inMilliseconds, from: scale.lowerBound, to: scale.upperBound)
                line.append(String(bar), Self.style(of: rtt, usual: usual))
            }
        }
        return line
    }

    /// How usual a round trip is at its hop, as a colour.
    static func style(of rtt: Duration, usual: Duration?) -> CellStyle {
        guard let usual else { return .good }
        if rtt > usual * 3 + .milliseconds(5) { return .alarm }
        return rtt > usual * 3 / 2 + .milliseconds(1) ? .warning : .good
    }
}
