/// A ping as lines in the form that users of ping know.
public struct PingText: EventText {
    /// Whether the answers are left out, so that only the head and the summary remain.
    public var isQuiet: Bool

    private var fold = PingFold()
    private var last: Duration = .zero

    /// A text that has seen nothing.
    public init(isQuiet: Bool = false) { self.isQuiet = isQuiet }

    /// Takes in the next event; returns the lines that can be shown now.
    public mutating func apply(_ event: ProbeEvent) -> [String] {
        fold.apply(event)
        last = max(last, event.at)
        switch event.fact {
        case .started(let run):
            let size = run.parameters.packetSize.map { ", \($0) byte packets" } ?? ""
            return ["PING \(run.target.map(TraceText.text) ?? "") by \(TraceText.how(run))\(size)"]
        case .reply, .late, .duplicate:
            return isQuiet ? [] : PingReply(event).map { [$0.description] } ?? []
        case .sendFailed(let probe, let error):
            return isQuiet ? [] : ["seq=\(probe.sequence) not sent: \(error.harmlessText)"]
        case .ended(let end): return summary(end)
        case .sent, .timedOut, .named: return []
        }
    }

    /// The lines that a ping ends with; they can also be asked for on the way.
    public func summary(_ end: RunEnd? = nil) -> [String] {
        guard let report = fold.report() else { return [] }
        let name = report.target.map { $0.name.map { UntrustedText($0).word } ?? "\($0.address)" } ?? ""
        var counts = "\(report.sent) packets transmitted, \(report.received) received"
        if report.duplicates > 0 { counts += ", +\(report.duplicates) duplicates" }
        if report.late > 0 { counts += ", +\(report.late) late" }
        if report.unreachable + report.failed > 0 { counts += ", +\(report.unreachable + report.failed) errors" }
        let waiting = report.sent - report.received - report.lost - report.unreachable
        if waiting > 0 { counts += ", \(waiting) without an answer yet" }
        if let loss = report.lossPercent { counts += ", \(Self.percent(loss))% packet loss" }
        counts += ", time \(last.millisecondsText(decimals: 0))ms"
        var lines = ["", "--- \(name) ping statistics ---", counts]
        if let rtt = report.rtt {
            let values = [rtt.min, rtt.average, rtt.max, rtt.standardDeviation ?? .zero]
                .map { $0.millisecondsText(decimals: 3) }
            lines.append("rtt min/avg/max/stddev = \(values.joined(separator: "/")) ms")
        }
        if end?.reason == .failed, let error = end?.error { lines.append("not finished: \(error.harmlessText)") }
        return lines
    }

    /// A percentage with as many decimals as it needs, at most one.
    static func percent(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

extension PingReply: CustomStringConvertible {
    /// The answer as a line in the form that users of ping know.
    public var description: String {
        var line = response.kind.isFromTarget ? response.size.map { "\($0) bytes from " } ?? "answer from " : "from "
        line += "\(from): seq=\(sequence)"
        if let ttl = response.ttl { line += " ttl=\(ttl)" }
        line += " time=\(rtt.millisecondsText(decimals: 3)) ms"
        if !response.kind.isFromTarget { line += (response.mark.map { " \($0)" } ?? "") + " \(kind.words)" }
        if isDuplicate { line += " (DUP!)" }
        if isLate { line += " (late)" }
        return line
    }
}
