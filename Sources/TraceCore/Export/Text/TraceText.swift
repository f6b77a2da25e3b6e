extension TraceReport {
    /// A trace as lines in the form that users of traceroute know.
    ///
    /// The line of a hop comes when all its queries are decided, its names are known, and the lines before it are out.
    /// Silent hops wait for a later hop that answers, because the trace may turn out to end before them.
    public struct Text: EventText {
        /// Whether names are shown beside the addresses.
        public var showsNames: Bool
        /// Whether everything is shown that routers say about themselves; labels and interface names always are.
        public var showsExtensions: Bool
        /// Whether the length of the way back is shown where it seems to be another than that of the way there.
        public var showsWayBack = false
        /// Whether TCP's flags are shown in place of what they say of a port: `<syn,ack>` instead of `<open>`.
        public var showsFlags = false
        /// Other facts about an address at a hop, such as its place; shown in brackets after the address.
        public var note: (@Sendable (_ trace: TraceReport, _ hop: TraceReport.Hop, _ address: IPAddress) -> String?)?

        private var fold = TraceReport.Fold()
        private var queries = 1
        private var awaitedNames = AwaitedNames()
        /// The addresses that answered at each TTL.
        private var responders: [Int: Set<IPAddress>] = [:]
        private var linesOut = 0
        private var lastTTLOut = 0
        /// The decided probes of each TTL.
        private var decided: [Int: Int] = [:]
        private var firstTTL = 1
        private var finalTTL: Int?

        /// A text that has seen nothing.
        public init(showsNames: Bool = true, showsExtensions: Bool = false) {
            self.showsNames = showsNames
            self.showsExtensions = showsExtensions
        }

        /// Takes in the next event; returns the lines that can be shown now.
        public mutating func apply(_ event: ProbeEvent) -> [String] {
            fold.apply(event)
            switch event.fact {
            case .started(let run):
                queries = max(1, run.parameters.queries ?? 1)
                firstTTL = min(max(0, run.parameters.firstTTL ?? 1), 256)
                return [Self.head(of: run)]
            case .reply(let probe, let reply):
                decided[Int(probe.ttl), default: 0] += 1
                responders[Int(probe.ttl), default: []].insert(reply.from)
                if showsNames { awaitedNames.met(reply.from, at: event.at) }
                if reply.kind.isFinal { finalTTL = min(finalTTL ?? .max, Int(probe.ttl)) }
            case .duplicate(let probe, let reply) where reply.kind.isFromTarget:
                responders[Int(probe.ttl), default: []].insert(reply.from)
                finalTTL = min(finalTTL ?? .max, Int(probe.ttl))
            case .timedOut(let probe), .sendFailed(let probe, _): decided[Int(probe.ttl), default: 0] += 1
            case .named(let address, _): awaitedNames.learned(address)
            case .ended(let end):
                return lines(ofHops: Int.max) + (lateEnd().map { [$0] } ?? []) + remarks(on: end)
            default: break
            }
            return readyLines(at: event.at)
        }

        /// The lines of hops that nothing can change any more.
        private mutating func readyLines(at now: Duration) -> [String] {
            var last = firstTTL + linesOut - 1
            var ttl = last + 1
            while decided[ttl] ?? 0 >= queries, ttl <= finalTTL ?? .max,
                awaitedNames.isDone(with: responders[ttl] ?? [], at: now)
            {
                if responders[ttl] != nil { last = ttl }
                ttl += 1
            }
            let ready = last - (firstTTL + linesOut - 1)
            return ready > 0 ? lines(ofHops: ready) : []
        }

        /// The lines after the last hop.
        private func remarks(on end: RunEnd) -> [String] {
            let trace = fold.report()
            let failed = trace?.hops.map(\.failed).reduce(0, +) ?? 0
            guard failed > 0 else { return Self.remark(on: end, of: trace).map { [$0] } ?? [] }
            let unsent = Self.remark(onUnsent: failed, trace?.failure)
            // If no probe was sent, the end of the run explains nothing.
            if trace?.hops.allSatisfy({ $0.sent == 0 }) ?? true { return [unsent] }
            return [unsent] + (Self.remark(on: end, of: trace).map { [$0] } ?? [])
        }

        /// The line about probes that could not be sent.
        static func remark(onUnsent count: Int, _ error: ProbeError?) -> String {
            "\(count) \(count == 1 ? "probe" : "probes") could not be sent: \(error?.harmlessText ?? "no reason is known")"
        }

        /// The correction if lines are out for hops that do not belong to the path.
        private func lateEnd() -> String? {
            guard let last = fold.report()?.hops.last?.ttl, last < lastTTLOut else { return nil }
            return "the path ends at hop \(last): the answer that says so came late"
        }

        private mutating func lines(ofHops count: Int) -> [String] {
            guard let trace = fold.report() else { return [] }
            let hops = trace.hops.dropFirst(linesOut).prefix(count)
            linesOut += hops.count
            lastTTLOut = hops.last?.ttl ?? lastTTLOut
            return hops.map { line(for: $0, of: trace) }
        }

        /// The first line of a trace.
        static func head(of run: RunDescription) -> String {
            var line = "trace to \(run.target.map(Self.text) ?? "many targets")"
            if let how = run.how { line += " by \(how)" }
            if let maxTTL = run.parameters.maxTTL { line += ", \(maxTTL) hops max" }
            if let size = run.parameters.packetSize { line += ", \(size) byte packets" }
            return line
        }

        /// A target as `name (address)`, or as the address alone.
        static func text(of target: ProbeTarget) -> String {
            target.name.map { "\(UntrustedText($0).word) (\(target.address))" } ?? "\(target.address)"
        }

        /// The same, with the words of the answer that ended the trace: a firewall may speak as if it were the target.
        static func remark(on end: RunEnd, of trace: TraceReport?) -> String? {
            let answer = trace?.hops.last?.replies.last { $0.from == end.from && $0.kind == end.kind }?.answer
            guard end.reason == .unreachable, let answer, answer.words != answer.kind.words else {
                return remark(on: end)
            }
            return "unreachable: \(answer.from), which is not the target, says \(answer.words)"
        }

        /// The line after the last hop, if the trace did not simply reach its target.
        static func remark(on end: RunEnd) -> String? {
            switch end.reason {
            case .reached, .completed: nil
            case .unreachable:
                end.from.map { "unreachable: \($0) says \(end.kind?.words ?? "so")" } ?? "unreachable"
            case .hopLimit: "not reached: the hop limit came first"
            case .gap: "not reached: nobody answered any more"
            case .deadline: "not finished: the time was over"
            case .cancelled: "not finished: cancelled"
            case .failed: "not finished: \(end.error.map(\.harmlessText) ?? "the network failed")"
            }
        }
    }
}

extension TraceReport.Text {
    /// The line of one hop.
    func line(for hop: TraceReport.Hop, of trace: TraceReport) -> String {
        var line = hop.ttl < 10 ? " \(hop.ttl)" : "\(hop.ttl)"
        var before: TraceReport.HopReply?
        var noted: Set<IPAddress> = []
        let replies = hop.replies.sorted { $0.sequence < $1.sequence }
        var next = replies.startIndex
        if hop.sent == 0, hop.failed > 0 { return line + "  not sent" }
        for sequence in 0..<hop.sent + hop.failed {
            guard next < replies.endIndex, replies[next].sequence == sequence else {
                line += sequence == 0 ? "  *" : " *"
                continue
            }
            let reply = replies[next]
            next += 1
            if before?.from != reply.from {
                line += "  " + who(reply)
                if let note, noted.insert(reply.from).inserted, let text = note(trace, hop, reply.from) {
                    line += " [\(text)]"
                }
            }
            if !reply.answer.labels.isEmpty, before?.answer.labels != reply.answer.labels {
                line += reply.answer.labels.map {
                    " <MPLS:L=\($0.label),E=\($0.exp),S=\($0.bottom ? 1 : 0),T=\($0.ttl)>"
                }.joined()
            }
            if let port = reply.kind.port, before?.kind != reply.kind {
                // Nothing else than these two is accepted as an answer to a connection request.
                line += showsFlags ? reply.kind == .open ? " <syn,ack>" : " <rst,ack>" : " <\(port)>"
            }
            if showsWayBack, let hops = wayBack(reply), hops != hop.ttl,
                before.map({ $0.from != reply.from || wayBack($0) != hops }) ?? true
            {
                line += " '-\(hops)'"
            }
            line += "  \(reply.rtt.millisecondsText(decimals: 3)) ms"
            if let mark = reply.answer.mark { line += " \(mark)" }
            before = reply
        }
        return line
    }

    /// How many hops away the responder seems to be on the way back.
    ///
    /// As traceroute has it: without 32 among the TTLs that systems begin with, so that 30 is far away and not near.
    private func wayBack(_ reply: TraceReport.HopReply) -> Int? {
        guard let left = reply.answer.ttl, left > 0 else { return nil }
        let first = left <= 64 ? 64 : left <= 128 ? 128 : 255
        return first - Int(left) + 1
    }

    private func who(_ reply: TraceReport.HopReply) -> String {
        var text = "\(reply.from)"
        if showsNames { text = "\(reply.name?.word ?? text) (\(text))" }
        if let interface = reply.answer.interface {
            let words = showsExtensions ? Self.words(of: interface) : interface.name.map { [$0.word] } ?? []
            if !words.isEmpty { text += " [\(words.joined(separator: " "))]" }
        }
        if reply.answer.quote?.isRewritten ?? false { text += " <NAT>" }
        return text
    }

    /// Everything that a router says about an interface: name, index, address and MTU.
    private static func words(of interface: InterfaceInformation) -> [String] {
        [
            interface.name.map(\.word), interface.index.map { "#\($0)" }, interface.address.map { "\($0)" },
            interface.mtu.map { "mtu \($0)" },
        ].compactMap { $0 }
    }
}
