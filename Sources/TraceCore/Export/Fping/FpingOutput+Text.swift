// The lines themselves; those of JSON are in FpingOutput+JSON.
extension FpingOutput {
    /// The line of a target in a list of targets.
    func tell(_ result: SweepReport.Result, to lines: inout FpingOutput.Lines) {
        let isListed =
            switch style.listing {
            case .all: !style.isQuiet
            case .alive: result.isAlive
            case .unreachable: !result.isAlive
            }
        guard isListed else { return }
        if style.isJSON { return tellJSON(result, to: &lines) }
        eachName(of: result.target, in: &lines.results) { name, bytes in
            name.add(to: &bytes)
            if style.listing == .all { bytes.add(result.isAlive ? " is alive" : " is unreachable") }
            if let reply = result.answer, result.isAlive {
                if style.listing == .all, let port = reply.kind.port { bytes.add(" (\(port))") }
                if style.showsRoundTrips {
                    bytes.add(" (")
                    bytes.add(reply.rtt)
                    bytes.add(" ms)")
                }
                if reply.from != result.target { bytes.add(" [<- \(reply.from)]") }
            }
            bytes.endLine()
        }
    }

    /// The line of an answer in time.
    func tell(
        _ reply: ProbeReply, to probe: Probe, of sums: FpingSums, at time: Duration,
        to lines: inout FpingOutput.Lines
    ) {
        guard !style.isQuiet else { return }
        if style.isJSON { return tellJSON(reply, to: probe, to: &lines) }
        eachName(of: probe.target, in: &lines.results) { name, bytes in
            begin(probe, name, at: time, in: &bytes)
            if let size = reply.messageSize { bytes.add("\(size) bytes, ") }
            bytes.add(reply.rtt)
            bytes.add(" ms")
            if let port = reply.kind.port { bytes.add(" (\(port))") }
            add(sums, to: &bytes)
            if reply.from != probe.target { bytes.add(" [<- \(reply.from)]") }
            bytes.endLine()
        }
    }

    /// The line of a probe that got no answer from its target.
    func tell(loss probe: Probe, of sums: FpingSums, at time: Duration, to lines: inout FpingOutput.Lines) {
        guard !style.isQuiet else { return }
        if style.isJSON { return tellJSON(loss: probe, to: &lines) }
        eachName(of: probe.target, in: &lines.results) { name, bytes in
            begin(probe, name, at: time, in: &bytes)
            bytes.add("timed out")
            add(sums, to: &bytes)
            bytes.endLine()
        }
    }

    private func begin(_ probe: Probe, _ name: FpingName, at time: Duration, in bytes: inout [UInt8]) {
        if style.showsTimes, let start = run?.startedAt {
            let microseconds = (start + time).microsecondsSince1970
            bytes.add("[\(Duration.microseconds(microseconds).secondsText(decimals: 5))] ")
        }
        let start = bytes.count
        name.add(to: &bytes)
        bytes.pad(from: start, to: style.nameWidth)
        bytes.add(" : [\(probe.sequence)], ")
    }

    private func add(_ sums: FpingSums, to bytes: inout [UInt8]) {
        bytes.add(" (\(sums.roundTrips.average?.fpingText ?? "NaN") avg, \(sums.loss ?? 0)% loss)")
    }

    /// The line with the sums of a target.
    func tell(_ target: FpingTarget, to lines: inout FpingOutput.Lines) {
        if style.isJSON { return tellJSON(target, to: &lines) }
        guard style.content == .values else { return tell(target.sums, of: target.address, to: &lines) }
        eachName(of: target.address, in: &lines.messages) { name, bytes in
            begin(name, in: &bytes)
            for value in target.values { bytes.add(" " + (value?.fpingText ?? "-")) }
            bytes.endLine()
        }
    }

    /// The line with sums of a target.
    func tell(_ sums: FpingSums, of target: IPAddress, to lines: inout FpingOutput.Lines) {
        eachName(of: target, in: &lines.messages) { name, bytes in
            begin(name, in: &bytes)
            let roundTrips = sums.roundTrips
            bytes.add(" xmt/rcv/%loss = \(sums.decided)/\(roundTrips.count)/\(sums.loss ?? 0)%")
            if let outage = outage(sums) { bytes.add(", outage(ms) = \(outage)") }
            if let average = roundTrips.average {
                let values = [roundTrips.smallest, average, roundTrips.largest].map(\.fpingText)
                bytes.add(", min/avg/max = \(values.joined(separator: "/"))")
            }
            bytes.endLine()
        }
    }

    /// Begins a line of sums with the name of their target.
    private func begin(_ name: FpingName, in bytes: inout [UInt8]) {
        let start = bytes.count
        name.add(to: &bytes)
        bytes.pad(from: start, to: style.nameWidth)
        bytes.add(" :")
    }

    /// The statistics of the whole run.
    func tellStatistics(to lines: inout FpingOutput.Lines) {
        if style.isJSON { return tellJSONStatistics(to: &lines) }
        let isICMP = run?.method == .icmp
        func count(_ number: Int, _ what: String) -> String {
            let digits = "\(number)"
            return String(repeating: " ", count: max(0, 8 - digits.count)) + digits + " " + what
        }
        var text = [
            "", count(totals.targets, "targets"), count(totals.alive, "alive"),
            count(totals.unreachable, "unreachable"), count(totals.unknown, "unknown addresses"), "",
            count(totals.timeouts, "timeouts (waiting for response)"),
            count(totals.sent, isICMP ? "ICMP Echos sent" : "probes sent"),
            count(totals.received, isICMP ? "ICMP Echo Replies received" : "answers received"),
            count(totals.others, "other ICMP received"), "",
        ]
        if let average = totals.roundTrips.average {
            text.append(" \(totals.roundTrips.smallest.fpingText) ms (min round trip time)")
            text.append(" \(average.fpingText) ms (avg round trip time)")
            text.append(" \(totals.roundTrips.largest.fpingText) ms (max round trip time)")
        }
        let seconds = totals.elapsed.secondsText(decimals: 3)
        text.append(String(repeating: " ", count: max(0, 13 - seconds.count)) + seconds + " sec (elapsed real time)")
        text.append("")
        for line in text { lines.messages.add(line + "\n") }
    }
}

// MARK: - Messages

extension FpingOutput {
    /// The line about a router's answer.
    func tell(error reply: ProbeReply, to probe: Probe, to lines: inout FpingOutput.Lines) {
        guard !style.isQuiet, !style.isJSON else { return }
        let probeName = run?.method == .icmp ? "ICMP Echo" : "probe"
        lines.messages.add("ICMP \(reply.fpingTitle) from \(reply.from) for \(probeName) sent to ")
        lines.messages.add(probe.target)
        lines.messages.endLine()
    }

    /// The line about a probe that could not be sent.
    func tell(failure error: ProbeError, of probe: Probe, to lines: inout FpingOutput.Lines) {
        guard !style.isQuiet else { return }
        eachName(of: probe.target, in: &lines.messages) { name, bytes in
            name.add(to: &bytes)
            bytes.add(": not sent: \(error.harmlessText)\n")
        }
    }

    /// The line about a late answer.
    func tell(late reply: ProbeReply, to probe: Probe, to lines: inout FpingOutput.Lines) {
        tell("late answer", reply, to: probe, to: &lines)
    }

    /// The line about a duplicate.
    func tell(duplicate reply: ProbeReply, to probe: Probe, to lines: inout FpingOutput.Lines) {
        tell("duplicate", reply, to: probe, to: &lines)
    }

    private func tell(_ what: String, _ reply: ProbeReply, to probe: Probe, to lines: inout FpingOutput.Lines) {
        guard !style.isQuiet, !style.isJSON, style.content != .targets else { return }
        eachName(of: probe.target, in: &lines.messages) { name, bytes in
            name.add(to: &bytes)
            bytes.add(" : \(what) for [\(probe.sequence)]")
            if let size = reply.messageSize { bytes.add(", \(size) bytes") }
            bytes.add(", \(reply.rtt.fpingText) ms")
            if reply.from != probe.target { bytes.add(" [<- \(reply.from)]") }
            bytes.endLine()
        }
    }
}

extension ProbeReply {
    /// The kind of a router's answer as a heading, in fping's words: Host Unreachable, Time Exceeded.
    var fpingTitle: String {
        if kind == .timeExceeded { return "Time Exceeded" }
        if from.isV4, let icmp, icmp.type == 3, icmp.code < Self.reasons.count {
            let reason = Self.reasons[Int(icmp.code)]
            return icmp.code < 4 ? "\(reason) Unreachable" : "Unreachable (\(reason))"
        }
        return words.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: " ")
    }

    /// The codes of a Destination Unreachable message over IPv4 (RFC 792, 1122, 1812), by fping's names.
    private static let reasons = [
        "Network", "Host", "Protocol", "Port", "Fragmentation Needed", "Source Route Failed",
        "Destination Network Unknown", "Destination Host Unknown", "Source Host Isolated",
        "Communication with Network Prohibited", "Communication with Host Prohibited",
        "Network Unreachable For Type Of Service", "Host Unreachable For Type Of Service",
        "Communication Administratively Prohibited", "Host Precedence Violation", "Precedence cutoff in effect",
    ]
}
