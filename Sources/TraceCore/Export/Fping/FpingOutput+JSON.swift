// fping 5.5's `-J`: an object a line, with one key for its subject. What a run does not know is left out.
extension FpingOutput {
    /// The result of a target in a list of targets; fping has no object for that, and this is the nearest.
    func tellJSON(_ result: SweepReport.Result, to lines: inout FpingOutput.Lines) {
        var sums = FpingSums()
        for roundTrip in result.roundTrips {
            if let roundTrip { sums.roundTrips.add(roundTrip) } else { sums.lost += 1 }
        }
        tellJSON(summary: sums, of: result.target, to: &lines)
    }

    /// An answer in time.
    func tellJSON(_ reply: ProbeReply, to probe: Probe, to lines: inout FpingOutput.Lines) {
        object("resp", about: probe.target, in: &lines) { members in
            members.add("seq", probe.sequence)
            members.add("size", reply.messageSize)
            members.add("rtt", reply.rtt)
            members.add("ttl", reply.ttl.map(Int.init))
            members.add("tos", reply.trafficClass.map(Int.init))
        }
    }

    /// A probe that got no answer from its target.
    func tellJSON(loss probe: Probe, to lines: inout FpingOutput.Lines) {
        object("timeout", about: probe.target, in: &lines) { members in members.add("seq", probe.sequence) }
    }

    /// The sums of a target.
    func tellJSON(_ target: FpingTarget, to lines: inout FpingOutput.Lines) {
        guard style.content == .values else {
            return tellJSON(summary: target.sums, of: target.address, to: &lines)
        }
        object("vSum", about: target.address, in: &lines) { members in
            members.add("values", target.values)
        }
    }

    /// The sums of a target on the way; the time, where it is known, is in whole seconds since 1970.
    func tellJSON(interim target: FpingTarget, at time: UTCTime?, to lines: inout FpingOutput.Lines) {
        let seconds = time.map { "\"time\": \($0.microsecondsSince1970 / 1_000_000)," } ?? ""
        object("intSum", about: target.address, after: seconds, in: &lines) { members in
            add(target.recent, to: &members)
        }
    }

    private func tellJSON(summary sums: FpingSums, of target: IPAddress, to lines: inout FpingOutput.Lines) {
        object("summary", about: target, in: &lines) { members in add(sums, to: &members) }
    }

    private func add(_ sums: FpingSums, to members: inout Members) {
        members.add("xmt", sums.decided)
        members.add("rcv", sums.roundTrips.count)
        members.add("loss", sums.loss)
        members.add("outage(ms)", outage(sums))
        members.add(sums.roundTrips)
    }

    /// The statistics of the whole run.
    func tellJSONStatistics(to lines: inout FpingOutput.Lines) {
        var members = Members()
        members.add("targets", totals.targets)
        members.add("alive", totals.alive)
        members.add("unreachable", totals.unreachable)
        members.add("unknownAddresses", totals.unknown)
        members.add("timeouts", totals.timeouts)
        members.add("icmpEchosSent", totals.sent)
        members.add("icmpEchoRepliesReceived", totals.received)
        members.add("otherIcmpReceived", totals.others)
        members.add(totals.roundTrips)
        members.add("elapsed", seconds: totals.elapsed)
        lines.results.add("{\"stats\": {\(members.text)}}\n")
    }

    private func object(
        _ kind: String, about target: IPAddress, after beginning: String = "", in lines: inout FpingOutput.Lines,
        _ body: (inout Members) -> Void
    ) {
        var members = Members()
        body(&members)
        eachName(of: target, in: &lines.results) { name, bytes in
            bytes.add("{\"\(kind)\": {\(beginning)\"host\": ")
            name.addJSON(to: &bytes)
            bytes.add(members.text.isEmpty ? "}}\n" : ", \(members.text)}}\n")
        }
    }
}

/// The members of one object, with the spaces that fping writes.
private struct Members {
    private(set) var text = ""

    mutating func add(_ key: String, _ value: Int?) {
        if let value { add(key, text: "\(value)") }
    }

    /// Milliseconds, to the microsecond.
    mutating func add(_ key: String, _ value: Duration) { add(key, text: value.millisecondsText(decimals: 3)) }

    mutating func add(_ key: String, _ values: [Duration?]) {
        let texts = values.map { $0?.millisecondsText(decimals: 3) ?? "null" }
        add(key, text: "[\(texts.joined(separator: ", "))]")
    }

    mutating func add(_ key: String, seconds value: Duration) { add(key, text: value.secondsText(decimals: 3)) }

    mutating func add(_ roundTrips: FpingRoundTrips) {
        guard let average = roundTrips.average else { return }
        add("rttMin", roundTrips.smallest)
        add("rttAvg", average)
        add("rttMax", roundTrips.largest)
    }

    private mutating func add(_ key: String, text value: String) {
        text += "\(text.isEmpty ? "" : ", ")\"\(key)\": \(value)"
    }
}
