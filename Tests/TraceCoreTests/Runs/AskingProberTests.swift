import Testing
import TraceCore

/// Answers by rule, at once, and counts.
private struct RuleProber: AskingProber {
    let method = ProbeMethod(rawValue: "rule")
    let rule: @Sendable (Probe) async throws(ProbeError) -> Answer?

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? { try await rule(probe) }
}

@Suite struct `A prober of one's own` {
    private let target = IPAddress(192, 0, 2, 1)
    /// The clock is real here, and a busy machine may take its time: nothing is ever given up.
    private let patient = PingSettings(interval: .milliseconds(1), timeout: .seconds(3600))

    @Test func `gets pings and their report for nothing`() async throws {
        let prober = RuleProber { _ in Answer(rtt: .milliseconds(7)) }
        let report = try await Pinger(prober, settings: patient).ping(target, count: 5)
        #expect(report.received == 5)
        #expect(report.rtt?.average == .milliseconds(7))
        #expect(report.run.method?.rawValue == "rule")
        #expect(report.end == RunEnd(.completed))
    }

    @Test func `has no packets whose size could be found, and says so`() async throws {
        let prober = RuleProber { _ in Answer() }
        let error = await #expect(throws: ProbeError.self) { try await PathTracer(prober).pathMTU(to: target) }
        #expect(error?.code == .unsupported)
    }

    @Test func `gets traces for nothing`() async throws {
        let prober = RuleProber { probe in
            probe.ttl < 3 ? Answer(.timeExceeded, from: IPAddress(192, 0, 2, probe.ttl + 100)) : Answer()
        }
        let trace = try await PathTracer(prober, settings: TraceSettings(patience: .fixed(.seconds(3600)))).trace(
            target)
        #expect(trace.isReached)
        #expect(trace.hops.map(\.addresses) == [[IPAddress(192, 0, 2, 101)], [IPAddress(192, 0, 2, 102)], [target]])
    }

    @Test func `measures the time that asking took`() async throws {
        let prober = RuleProber { _ in
            try? await Task.sleep(for: .milliseconds(3))
            return Answer()
        }
        let report = try await Pinger(prober, settings: patient).ping(target, count: 1)
        #expect(try #require(report.rtt).min >= .milliseconds(3))
    }

    @Test(.timeLimit(.minutes(10)), arguments: [true, false])
    func `that fails for a probe ends that probe at once, and the run goes on`(isAtOnce: Bool) async throws {
        let prober = RuleProber { probe throws(ProbeError) in
            if !isAtOnce { await Task.yield() }
            if probe.sequence == 2 { throw ProbeError(.network, "the cable is cut") }
            return Answer()
        }
        var failures: [ProbeError] = []
        var ends: [RunEnd] = []
        var answered = 0
        // Whoever waited for the answer would wait for an hour.
        var settings = patient
        settings.count = 4
        for try await event in Pinger(prober, settings: settings).events(for: target) {
            switch event.fact {
            case .sendFailed(let probe, let error):
                #expect(probe.sequence == 2)
                failures.append(error)
            case .sent(let probe): #expect(!isAtOnce || probe.sequence != 2)
            case .reply: answered += 1
            case .ended(let end): ends.append(end)
            default: break
            }
        }
        #expect(failures.map(\.message) == ["the cable is cut"])
        #expect(answered == 3)
        #expect(ends == [RunEnd(.completed)])
    }

    @Test(.timeLimit(.minutes(10))) func `that fails at once keeps no trace waiting`() async throws {
        let prober = RuleProber { _ throws(ProbeError) in throw ProbeError(.notPermitted, "no") }
        let settings = TraceSettings(maxTTL: 3, patience: .fixed(.seconds(3600)))
        let trace = try await PathTracer(prober, settings: settings).trace(target)
        #expect(!trace.isReached)
        #expect(trace.hops.allSatisfy { $0.replies.isEmpty })
    }

    @Test func `is cancelled with the run, and the run says so`() async throws {
        let asked = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Void.self)
        let prober = RuleProber { _ in
            asked.continuation.yield()
            // Waits for its own cancellation: it never answers.
            for await _ in AsyncStream<Void>(unfolding: { try? await Task.sleep(for: .seconds(3600)) }) {
                if Task.isCancelled { break }
            }
            ended.continuation.yield()
            return nil
        }
        let (target, patient) = (target, patient)
        let run = Task { try await Pinger(prober, settings: patient).ping(target, count: 1) }
        for await _ in asked.stream { break }
        run.cancel()
        let report = try await run.value
        #expect(report.end == RunEnd(.cancelled))
        #expect(report.sent == 1 && report.lost == 0)
        for await _ in ended.stream { break }
    }

    @Test func `is not asked on behalf of a probe whose answer nobody waits for any more`() async throws {
        let cancelled = AsyncStream.makeStream(of: Probe.ID.self)
        let prober = TimedProber { probe in
            await withTaskCancellationHandler {
                _ = try? await Task.sleep(for: .seconds(3600))
            } onCancel: {
                cancelled.continuation.yield(probe.id)
            }
            return nil
        }
        let channel = try await prober.open(ChannelSettings(memory: .seconds(10)))
        defer { channel.close() }
        _ = try await channel.send([Probe(id: 0, target: target)])
        prober.clock.advance(by: .seconds(11))
        _ = try await channel.send([Probe(id: 1, target: target)])
        for await id in cancelled.stream {
            #expect(id == 0)
            break
        }
    }
}

/// Answers by rule, on a clock that the test moves.
private struct TimedProber: AskingProber {
    let method = ProbeMethod(rawValue: "timed")
    let clock = ManualClock()
    let rule: @Sendable (Probe) async -> Answer?

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? { await rule(probe) }
}
