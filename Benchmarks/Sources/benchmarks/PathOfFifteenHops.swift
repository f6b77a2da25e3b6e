import TraceCore

/// What runs are measured on: 14 routers and a host, with delays, jitter and names as on a path across Europe.
enum PathOfFifteenHops {
    /// A run that did not find what is there, so that its time means nothing.
    struct WrongResult: Error, CustomStringConvertible {
        let description: String
    }

    static let host = IPAddress(203, 0, 113, 7)

    static func internet() async throws -> SimulatedInternet {
        var text = "vantage here 192.0.2.10\n"
        for hop in 1...14 {
            text +=
                "router r\(hop) 198.51.100.\(hop) delay=\(hop % 4 + 1)ms jitter=0.3ms name=r\(hop).example\n"
        }
        text += "host there 203.0.113.7 delay=1ms jitter=0.2ms name=there.example\n"
        text += "path there: \((1...14).map { "r\($0)" }.joined(separator: " "))\n"
        return try SimulatedInternet(parsing: text)
    }

    /// The events of a trace of the host with the settings of every day.
    static func events() async throws -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        let tracer = PathTracer(SimulatedProber(.udp, try await internet()))
        for try await event in tracer.events(for: host) { events.append(event) }
        try check(try TraceReport.Fold.replay(events))
        return events
    }

    static func check(_ trace: TraceReport) throws {
        guard trace.isReached, trace.hops.count == 15, trace.hops.allSatisfy({ $0.replies.count == 3 }) else {
            throw WrongResult(description: "\(trace)")
        }
    }

    static func event(in events: [ProbeEvent], where isWanted: (ProbeEvent.Fact) -> Bool) throws -> ProbeEvent {
        guard let event = events.first(where: { isWanted($0.fact) }) else {
            throw WrongResult(description: "no such event")
        }
        return event
    }

    /// A router's answer in the middle of the path.
    static func reply(in events: [ProbeEvent]) throws -> ProbeEvent {
        try event(in: events) { if case .reply(let probe, _) = $0 { probe.ttl == 7 } else { false } }
    }

    /// Plays a network without packets against a plan: hop `ttl` answers after `ttl` milliseconds.
    ///
    /// - Returns: The number of answers.
    static func drive(_ plan: inout MonitorPlan) throws -> Int {
        var now = Duration.zero
        var arrivals: [Arrival] = []
        var next = 0
        var answered = 0
        while true {
            switch plan.step(at: now, sending: .max) {
            case .send(let probes):
                for probe in probes {
                    let distance = min(Int(probe.ttl), 15)
                    let rtt = Duration.milliseconds(distance)
                    arrivals.append(
                        Arrival(
                            probe: probe.id, at: now + rtt,
                            reply: ProbeReply(
                                from: distance == 15 ? host : IPAddress(198, 51, 100, UInt8(distance)),
                                rtt: rtt,
                                kind: distance == 15 ? .portUnreachable : .timeExceeded)))
                }
            case .wait(let quiet, let nextSend):
                let deadline = nextSend.map { min($0, quiet) } ?? quiet
                // In the order of sending and not of arrival: the plan takes either.
                if next < arrivals.count, arrivals[next].at <= deadline {
                    now = max(now, arrivals[next].at)
                    _ = plan.receive(arrivals[next])
                    next += 1
                    answered += 1
                    if next == arrivals.count {
                        arrivals.removeAll(keepingCapacity: true)
                        next = 0
                    }
                } else {
                    now = deadline
                }
            case .timedOut: throw WrongResult(description: "a probe timed out")
            case .end:
                return answered
            }
        }
    }
}
