import TraceCore

/// Answers every probe at once, and keeps count of what is asked of it.
struct CountingProber: Prober {
    let log = Log()
    let resolver: any NameResolver = NumericResolver()

    func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        log.opened()
        return Channel(log: log)
    }

    final class Log: Sendable {
        private struct State {
            var opens = 0
            var closes = 0
            var sent = 0
            var waiter: CheckedContinuation<Void, Never>?
        }

        private let state = Lock(State())

        var opens: Int { state.withLock(\.opens) }
        var sent: Int { state.withLock(\.sent) }

        func opened() { state.withLock { $0.opens += 1 } }
        func add(_ count: Int) { state.withLock { $0.sent += count } }

        func close() {
            let waiter = state.withLock { state in
                state.closes += 1
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }

        /// Returns once a channel has been closed.
        func closed() async {
            await withCheckedContinuation { continuation in
                let isClosed = state.withLock { state in
                    if state.closes > 0 { return true }
                    state.waiter = continuation
                    return false
                }
                if isClosed { continuation.resume() }
            }
        }

        /// Returns once the number of probes sent stands still while other tasks have their turns.
        func isIdle() async {
            var quiet = 0
            var last = -1
            while quiet < 1000 {
                await Task.yield()
                let now = sent
                quiet = now == last ? quiet + 1 : 0
                last = now
            }
        }
    }

    final class Channel: ProbeChannel {
        private struct State {
            var now: Duration = .zero
            var waiting: [Arrival] = []
        }

        let facts = ChannelFacts(
            method: ProbeMethod(rawValue: "counting"), mode: "test",
            openedAt: UTCTime(microsecondsSince1970: 0))
        private let log: Log
        private let state = Lock(State())

        init(log: Log) { self.log = log }

        var now: Duration { state.withLock(\.now) }

        func send(_ probes: [Probe]) async throws(ProbeError) -> [Probe.Failure] {
            log.add(probes.count)
            state.withLock { state in
                for probe in probes {
                    let response = ProbeReply(from: probe.target, rtt: .microseconds(1), kind: .echoReply)
                    state.waiting.append(Arrival(probe: probe.id, at: state.now, reply: response))
                }
            }
            return []
        }

        func receive(until deadline: Duration) async throws(ProbeError) -> [Arrival] {
            await Task.yield()
            return state.withLock { state in
                defer { state.waiting = [] }
                state.now = state.waiting.isEmpty ? max(deadline, state.now) : state.now + .microseconds(1)
                return state.waiting
            }
        }

        func close() { log.close() }

        func facts(for target: IPAddress) -> ChannelFacts { facts }
        func source(for target: IPAddress) -> IPAddress? { nil }
        var counts: ChannelFacts.Counts { ChannelFacts.Counts() }
        func takeFailures() -> [Probe.Failure] { [] }
        func sleep(until deadline: Duration) async { try? await Task.sleep(for: max(.zero, deadline - now)) }
    }
}
