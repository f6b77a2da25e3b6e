extension PingReport {
    /// A ping as the lines that users of ping know. Probes are counted from 1; events count from 0.
    public struct Text: EventText {
        /// What is shown of a ping.
        public struct Style: Sendable, Hashable {
            /// Whether the answers are left out, so that only the head and the summary remain.
            public var isQuiet: Bool
            /// Whether names are left out.
            public var isNumeric: Bool
            /// Whether each answer begins with the wall-clock time.
            public var showsTimes: Bool
            /// Whether a line says, when a probe is sent, that the one before has no answer yet.
            public var showsMissing: Bool
            /// Whether lines tell of lost probes and of the traffic class of answers.
            public var isVerbose: Bool
            /// Whether each answer of the target rings the terminal's bell.
            public var isAudible: Bool

            /// A style; by default, answers with the names that are known.
            public init(
                isQuiet: Bool = false, isNumeric: Bool = false, showsTimes: Bool = false, showsMissing: Bool = false,
                isVerbose: Bool = false, isAudible: Bool = false
            ) {
                self.isQuiet = isQuiet
                self.isNumeric = isNumeric
                self.showsTimes = showsTimes
                self.showsMissing = showsMissing
                self.isVerbose = isVerbose
                self.isAudible = isAudible
            }
        }

        private let style: Style
        private var fold = PingReport.Fold()
        private var run: RunDescription?
        /// The times of the first and of the last event.
        private var (begun, last) = (Duration.zero, Duration.zero)
        private var names: [IPAddress: UntrustedText] = [:]
        /// The probes that are out, if lines tell of missing answers.
        private var out: Set<Int> = []

        /// A text that has seen nothing.
        public init(_ style: Style = Style()) { self.style = style }

        /// Takes in the next event; returns the lines that can be shown now.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            fold.apply(event)
            last = max(last, event.at)
            switch event.fact {
            case .started(let run):
                self.run = run
                begun = event.at
                return [Self.head(of: run)]
            case .sent(let probe): return missing(before: probe).map { [time(event.at) + $0] } ?? []
            case .reply(let probe, _), .late(let probe, _), .duplicate(let probe, _):
                out.remove(probe.sequence)
                guard !style.isQuiet, let reply = fold.latest else { return [] }
                return [time(event.at) + line(of: reply)]
            case .timedOut(let probe):
                out.remove(probe.sequence)
                guard style.isVerbose, !style.isQuiet else { return [] }
                return [time(event.at) + "given up: \(PingReport.Reply.label(of: probe.sequence, run?.method))"]
            case .sendFailed(let probe, let error):
                guard !style.isQuiet else { return [] }
                return [
                    time(event.at)
                        + "\(PingReport.Reply.label(of: probe.sequence, run?.method)) not sent: \(error.harmlessText)"
                ]
            case .ended(let end): return summary(end)
            case .named(let address, let name):
                names[address] = name ?? names[address]
                return []
            }
        }

        /// The line for a probe that is sent while the one before has no answer yet.
        private mutating func missing(before probe: Probe) -> String? {
            guard style.showsMissing, !style.isQuiet else { return nil }
            out.insert(probe.sequence)
            let (before, isFirst) = probe.sequence.subtractingReportingOverflow(1)
            guard !isFirst, out.contains(before) else { return nil }
            return "no answer yet for \(PingReport.Reply.label(of: before, run?.method))"
        }

        /// The time of an answer, where it is shown.
        private func time(_ time: Duration) -> String {
            guard style.showsTimes, let start = run?.startedAt else { return "" }
            return "[\(Duration.microseconds((start + time).microsecondsSince1970).secondsText(decimals: 6))] "
        }

        private func line(of reply: PingReport.Reply) -> String {
            var name: UntrustedText?
            if !style.isNumeric {
                name =
                    reply.from == run?.target?.address ? run?.target?.name.map { UntrustedText($0) } : names[reply.from]
            }
            // Only a broadcast or multicast address is answered for by others.
            let isOneOfMany = reply.kind == .echoReply && reply.from != run?.target?.address && !style.isVerbose
            var line = reply.text(by: run?.method, name: name, isOneOfMany: isOneOfMany)
            if style.isVerbose, let trafficClass = reply.answer.trafficClass { line += " tos=\(trafficClass)" }
            if style.isAudible, reply.kind.isFromTarget { line += "\u{7}" }
            return line
        }

        /// The lines at the end of a ping; they can also be asked for before.
        public func summary(_ end: RunEnd? = nil) -> [String] {
            guard let report = fold.report() else { return [] }
            let name = report.target.map { $0.name.map { UntrustedText($0).word } ?? "\($0.address)" } ?? ""
            let sent = report.sent + report.failed
            var counts = "\(sent) packets transmitted, \(report.received) received"
            if report.duplicates > 0 { counts += ", +\(report.duplicates) duplicates" }
            if report.late > 0 { counts += ", +\(report.late) late" }
            if report.unreachable + report.failed > 0 { counts += ", +\(report.unreachable + report.failed) errors" }
            // As users' scripts read it: a probe that could not be sent is lost. Of one whose time is not over nobody knows it.
            let waiting = report.sent - report.received - report.lost - report.unreachable
            let decided = sent - max(0, waiting)
            if decided > 0 {
                let loss = 100 * Double(max(0, decided - report.received)) / Double(decided)
                counts += ", \(Self.percent(loss))% packet loss"
            }
            counts += ", time \((last - begun).millisecondsText(decimals: 0))ms"
            if waiting > 0 { counts += ", \(waiting) without an answer yet" }
            var lines = ["", "--- \(name) ping statistics ---", counts]
            if let rtt = report.rtt {
                // The deviation of these answers, as in ping; reports give that of the path, of which the answers are a
                // sample.
                let share = Double(max(0, report.received - 1)) / Double(max(1, report.received))
                let deviation = (rtt.standardDeviation ?? .zero) * share.squareRoot()
                let values = [rtt.min, rtt.average, rtt.max, deviation].map { $0.millisecondsText(decimals: 3) }
                lines.append("rtt min/avg/max/mdev = \(values.joined(separator: "/")) ms")
            }
            if end?.reason == .failed, let error = end?.error { lines.append("not finished: \(error.harmlessText)") }
            return lines
        }

        /// The first line: the host, the size without and with headers, and the method.
        private static func head(of run: RunDescription) -> String {
            var line = "PING \(run.target.map(TraceReport.Text.text) ?? "")"
            if let size = run.parameters.packetSize, run.target != nil {
                line +=
                    run.payloadSize.map { $0 >= 0 ? " \($0)(\(size)) bytes of data" : "" } ?? " \(size) byte packets"
            }
            return line + (run.how.map { ", by \($0)" } ?? "")
        }

        /// A percentage with as many decimals as it needs, at most one.
        static func percent(_ value: Double) -> String {
            let tenths = Int((value * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        }
    }
}
