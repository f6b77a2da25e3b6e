extension PathMTUReport {
    /// The MTU of a path as the lines that users of traceroute know: `F=1500` where a size becomes known or changes, and a
    /// sentence for each place where it shrinks.
    ///
    /// The line of a hop comes when its size and its names are final and the lines before it are out; sentences come at the
    /// end.
    public struct Text: EventText {
        /// The style of the hops.
        public var hops: TraceReport.Text

        private var fold = PathMTUReport.Fold()
        private var awaitedNames = AwaitedNames()
        private var firstTTL = 1
        /// The sizes in the lines that are out.
        private var said: [Int?] = []
        /// Whether nothing more can be shown before the end.
        private var waitsForEnd = false

        /// A text that has seen nothing.
        ///
        /// - Parameter hops: The style of the hops; events that it has seen are ignored.
        public init(hops: TraceReport.Text = TraceReport.Text()) { self.hops = hops }

        /// Takes in the next event; returns the lines that can be shown now.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            fold.apply(event)
            switch event.fact {
            case .reply(_, let reply): if hops.showsNames { awaitedNames.met(reply.from, at: event.at) }
            case .named(let address, _): awaitedNames.learned(address)
            default: break
            }
            switch event.fact {
            case .started(let run):
                firstTTL = min(max(0, run.parameters.firstTTL ?? 1), 256)
                return [Self.head(of: run)]
            case .ended:
                guard let report = fold.report() else { return [] }
                let late = lateLines(report)
                return hopLines(report, .max) + late + summary(report)
            default: return readyLines(at: event.at)
            }
        }

        /// All lines of a report.
        public static func lines(of report: PathMTUReport, hops: TraceReport.Text = TraceReport.Text()) -> [String] {
            var text = Self(hops: hops)
            return [head(of: report.run)] + text.hopLines(report, .max) + text.summary(report)
        }

        /// The lines of hops that only a late answer can still change.
        private mutating func readyLines(at now: Duration) -> [String] {
            guard !waitsForEnd, fold.isSettled(at: firstTTL + said.count), let report = fold.report() else { return [] }
            let rest = report.hops.dropFirst(said.count)
            let settled = rest.prefix {
                fold.isSettled(at: $0.ttl) && awaitedNames.isDone(with: $0.hop.addresses, at: now)
            }
            waitsForEnd = settled.count == rest.count
            // Silent hops after the last answer may turn out not to belong to the path.
            let count = settled.lastIndex { $0.mtu != nil }.map { $0 - settled.startIndex + 1 } ?? 0
            return hopLines(report, count)
        }

        private static func head(of run: RunDescription) -> String {
            var line = "path MTU to \(run.target.map(TraceReport.Text.text) ?? "many targets")"
            if let how = run.how { line += " by \(how)" }
            if let maxTTL = run.parameters.maxTTL { line += ", \(maxTTL) hops max" }
            if let size = run.parameters.packetSize { line += ", packets of up to \(size) bytes" }
            return line
        }

        /// The lines of the next hops.
        private mutating func hopLines(_ report: PathMTUReport, _ count: Int) -> [String] {
            let trace = TraceReport(run: report.run, hops: report.hops.map(\.hop), end: report.end)
            var lines: [String] = []
            for hop in report.hops.dropFirst(said.count).prefix(count) {
                var line = hops.line(for: hop.hop, of: trace)
                if let mtu = hop.mtu, mtu != said.last(where: { $0 != nil }) {
                    line += hop.isExact || report.localMTU == mtu ? "  F=\(mtu)" : "  F>=\(mtu)"
                }
                said.append(hop.mtu)
                lines.append(line)
            }
            return lines
        }

        /// The correction if a late answer contradicts a line that is out.
        private func lateLines(_ report: PathMTUReport) -> [String] {
            var lines = zip(report.hops, said).compactMap { hop, size -> String? in
                guard let mtu = hop.mtu, mtu != size else { return nil }
                return "packets of \(mtu) bytes arrive at hop \(hop.ttl): the answer that says so came late"
            }
            if let last = report.hops.last, report.hops.count < said.count {
                lines.append("the path ends at hop \(last.ttl): the answer that says so came late")
            }
            return lines
        }

        private func summary(_ report: PathMTUReport) -> [String] {
            var lines = report.limits.map { limit in
                let place = "between \(Self.place(limit.after, in: report)) and \(Self.place(limit.before, in: report))"
                return "\(place), packets of more than \(limit.mtu) bytes \(Self.fate(limit))"
            }
            lines += report.doubts.map { doubt in
                let told = doubt.told.map { "that \($0) bytes fit" } ?? "nothing of what fits"
                return "\(doubt.from) refused a packet of \(doubt.size) bytes and said \(told): not believed"
            }
            guard let mtu = report.mtu else {
                return lines + [TraceReport.Text.remark(on: report.end ?? RunEnd(.gap)) ?? "path MTU: not known"]
            }
            var line = report.isReached ? "path MTU: " : "MTU of the path as far as it answers: "
            line += report.isExact || report.localMTU == mtu ? "\(mtu)" : "at least \(mtu)"
            if mtu == report.localMTU { line += ", that of the own interface" }
            lines.append(line)
            if let end = report.end, let remark = TraceReport.Text.remark(on: end) { lines.append(remark) }
            return lines
        }

        private static func fate(_ limit: PathMTUReport.Limit) -> String {
            guard let router = limit.refusedBy else { return "vanish without a word" }
            guard let told = limit.told, told != limit.mtu else { return "are refused by \(router) (!F-\(limit.mtu))" }
            return "are refused by \(router), which says that \(told) fit"
        }

        private static func place(_ ttl: Int, in report: PathMTUReport) -> String {
            guard ttl > 0 else { return "this machine" }
            let address = report.hops.first { $0.ttl == ttl }?.hop.addresses.first
            return "hop \(ttl)" + (address.map { " (\($0))" } ?? "")
        }
    }
}
