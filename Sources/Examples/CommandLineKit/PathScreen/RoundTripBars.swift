internal import Glibc
internal import TraceCore

/// The latest round trips of a hop as bars.
///
/// The height of a bar is the round trip on a scale; its colour says how usual that is at this hop, because far hops
/// are slow and not wrong.
struct RoundTripBars {
    /// A scale on which every step is the same factor, so that near and far hops both show what they do.
    struct Scale {
        let least: Duration
        let greatest: Duration

        /// The scale of all samples, or nil where there is none.
        init?(_ samples: some Sequence<RecentSamples.Sample?>) {
            var range: (Duration, Duration)?
            for case .answered(let rtt)? in samples {
                range = range.map { (min($0.0, rtt), max($0.1, rtt)) } ?? (rtt, rtt)
            }
            guard let range else { return nil }
            (least, greatest) = range
        }

        func bar(_ rtt: Duration) -> Character {
            // Below a microsecond there is nothing to see.
            func height(_ time: Duration) -> Double { log(max(time.inMilliseconds, 0.001)) }
            return Sparkline.bar(height(rtt), from: height(least), to: height(greatest))
        }
    }

    private let hop: PathReport.Hop
    private let view: PathView

    init(_ hop: PathReport.Hop, _ view: PathView) {
        self.hop = hop
        self.view = view
    }

    /// What became of the latest probes.
    func samples(_ count: Int) -> [RecentSamples.Sample?] {
        view.samples.samples(ttl: hop.ttl, count: count, through: view.lastRound)
    }

    /// Bars on a scale of the hop's own, which shows how steady it is.
    func own(_ count: Int) -> ScreenLine {
        let samples = samples(count)
        var least = 0.0
        var greatest = 0.0
        if let scale = Scale(samples) {
            // What is within a tenth, or within half a millisecond, is steady.
            least = scale.least.inMilliseconds
            greatest = max(scale.greatest.inMilliseconds, least * 1.1 + 0.5)
        }
        return line(samples) { Sparkline.bar($0.inMilliseconds, from: least, to: greatest) }
    }

    /// Bars on a scale that hops share.
    func shared(_ count: Int, _ scale: Scale) -> ScreenLine { line(samples(count), bar: scale.bar) }

    private func line(_ samples: [RecentSamples.Sample?], bar: (Duration) -> Character) -> ScreenLine {
        var line = ScreenLine()
        for sample in samples {
            switch sample {
            case nil: line.append(" ")
            case .out: line.append(String(Sparkline.out), .dim)
            case .lost: line.append(String(Sparkline.lost), hop.addresses.isEmpty ? .dim : .alarm)
            case .failed: line.append(String(Sparkline.failed), .alarm)
            case .answered(let rtt): line.append(String(bar(rtt)), style(of: rtt))
            }
        }
        return line
    }

    private func style(of rtt: Duration) -> CellStyle {
        guard let usual = hop.rtt?.p50 else { return .good }
        if rtt > usual * 3 + .milliseconds(5) { return .alarm }
        return rtt > usual * 3 / 2 + .milliseconds(1) ? .warning : .good
    }
}
