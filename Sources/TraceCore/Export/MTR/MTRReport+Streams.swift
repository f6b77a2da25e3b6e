extension MTRReport {
    /// What `mtr --raw` prints: a line for each probe, answer, address and name, hops counted from 0.
    public struct Raw: EventText {
        /// Probes are numbered from here, as by mtr.
        private static let firstNumber = 33_000

        /// Whether labels are printed, too.
        private let showsLabels: Bool
        private var hosts: [Int: Set<IPAddress>] = [:]
        private var names: [IPAddress: UntrustedText] = [:]
        private var named: [Int: Set<IPAddress>] = [:]

        /// A run that has not begun.
        public init(showsLabels: Bool = false) { self.showsLabels = showsLabels }

        /// Takes in the next event; returns its lines.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            switch event.fact {
            case .sent(let probe): return ["x \(Self.hop(probe)) \(Self.number(probe))"]
            case .reply(let probe, let reply), .late(let probe, let reply):
                let hop = Self.hop(probe)
                var lines: [String] = []
                if hosts[hop, default: []].insert(reply.from).inserted {
                    lines.append("h \(hop) \(reply.from)")
                    if showsLabels {
                        lines += reply.labels.map {
                            "m \(hop) \($0.label) \($0.exp) \($0.bottom ? 1 : 0) \($0.ttl)"
                        }
                    }
                }
                lines += name(of: reply.from, at: hop)
                let time = max(0, reply.rtt.wholeNanoseconds) / 1000
                return lines + ["p \(hop) \(time) \(Self.number(probe))"]
            case .named(let address, let name?):
                names[address] = name
                return hosts.filter { $0.value.contains(address) }.keys.sorted().flatMap {
                    self.name(of: address, at: $0)
                }
            case .started, .sendFailed, .duplicate, .timedOut, .named, .ended: return []
            }
        }

        private mutating func name(of address: IPAddress, at hop: Int) -> [String] {
            guard let name = names[address], named[hop, default: []].insert(address).inserted else { return [] }
            return ["d \(hop) \(name.word)"]
        }

        private static func hop(_ probe: Probe) -> Int { Int(probe.ttl) - 1 }
        private static func number(_ probe: Probe) -> Int { firstNumber &+ probe.id }
    }

    /// What `mtr --split` prints: a line for a hop each time that it changes, and `-N` for a hop that is no longer on the path.
    /// Silent hops come when their round is over.
    ///
    /// A line has the hop, its host, the loss in thousandths of a percent, the answered and the sent probes, and the
    /// best, the mean and the worst round trip. A silent hop is `???` and nothing else.
    public struct Split: EventText {
        private let hosts: HostStyle
        private var fold = MonitorReport.Fold()
        private var round = 0
        private var shown: [Int: Shown] = [:]

        /// What was last said of a hop: its figures as they are, and as they were written.
        private struct Shown {
            let line: MonitorReport.Fold.Line?
            var host: String
            var figures: String
        }

        /// A run that has not begun.
        public init(hosts: HostStyle = .names) { self.hosts = hosts }

        /// Takes in the next event; returns what is new with it.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            if case .sent(let probe) = event.fact, probe.sequence > round {
                round = probe.sequence
                defer { fold.apply(event) }
                return news()
            }
            fold.apply(event)
            switch event.fact {
            case .reply(let probe, _), .timedOut(let probe):
                let ttl = Int(probe.ttl)
                return fold.shownTTLs.contains(ttl) ? news(of: ttl) : []
            case .named(let address, _):
                return shown.keys.sorted().filter { fold.line($0)?.address == address }.flatMap { news(of: $0) }
            case .ended: return news()
            default: return []
            }
        }

        /// The line of a hop, if it is another than before. A silent one may yet answer in its round. So may a nearer one
        /// where the target has answered: the first round asks hops behind it.
        private mutating func news(of ttl: Int) -> [String] {
            guard let line = fold.line(ttl) else { return [] }
            if line.isFinal, shown[ttl] == nil, ttl > 1, shown[ttl - 1] == nil { return [] }
            return show(line, at: ttl)
        }

        /// The lines that have changed.
        private mutating func news() -> [String] {
            var lines: [String] = []
            let path = fold.shownTTLs
            for ttl in shown.keys.sorted(by: >) where ttl >= path.upperBound {
                shown[ttl] = nil
                lines.append("-\(ttl)")
            }
            for ttl in path { lines += show(fold.line(ttl), at: ttl) }
            return lines
        }

        /// The line of a hop, if its figures are others than before, also as they are written.
        private mutating func show(_ line: MonitorReport.Fold.Line?, at ttl: Int) -> [String] {
            let before = shown[ttl]
            if let before, before.line == line { return [] }
            var hop = Shown(line: line, host: MTRReport.silent.raw, figures: "")
            if let line {
                let isSameHost = before?.line.map { $0.address == line.address && $0.name == line.name } ?? false
                hop.host = isSameHost ? before?.host ?? "" : host(of: line)
                hop.figures = figures(of: line)
            }
            shown[ttl] = hop
            if let before, before.host == hop.host, before.figures == hop.figures { return [] }
            return ["\(ttl) \(hop.host)\(hop.figures)"]
        }

        private func host(of line: MonitorReport.Fold.Line) -> String {
            let style: HostStyle = hosts == .addresses ? .addresses : .names
            let word = style.text(of: line.address, line.name).word
            return hosts == .both ? "\(word) \(line.address)" : word
        }

        private func figures(of line: MonitorReport.Fold.Line) -> String {
            var text = " \(Int((line.loss.percent ?? 0) * 1000 + 0.5)) \(line.loss.answered) \(line.sent)"
            for time in [line.best, line.average, line.worst] {
                text += " "
                text += time.millisecondsText(decimals: 1)
            }
            return text
        }
    }
}
