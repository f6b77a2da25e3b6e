package import TraceCore
package import TraceCoreHTTP

/// Counts packets between this agent of a mesh and each other one: a UDP port, a packet a second to each, and what came.
///
/// What comes only changes counters. Nobody is answered, so nobody can be made to send anything to anybody.
package final class Mesh: Sendable {
    private struct State {
        var ledger: MeshLedger
        var hosts: [String: String] = [:]
        var port: DatagramPort?
        /// Why there is no port.
        var trouble: String?
        /// Those whose names had no answer when they were looked up last.
        var unknown: Set<String> = []
    }

    /// Names are looked up again after this time: machines move.
    private static let lookUpInterval = 300
    /// And those that had no answer after this one.
    private static let retryInterval = 30
    /// A port that could not be opened is tried again after so many seconds.
    private static let openInterval = 60

    /// The port of all agents.
    package let port: UInt16
    private let say: @Sendable (String) -> Void
    private let state: Lock<State>

    /// The mesh of an agent, which counts nothing yet.
    ///
    /// - Throws: That the key cannot be read.
    package init(_ settings: WatchSettings, say: @escaping @Sendable (String) -> Void) throws(ProbeError) {
        (port, self.say) = (settings.meshPort, say)
        let key: [UInt8]? = if let file = settings.meshKeyFile { try MeshKey.read(file) } else { nil }
        let session = UInt64(max(1, UTCTime.now.microsecondsSince1970))
        state = Lock(State(ledger: MeshLedger(name: settings.name ?? "", session: session, key: key)))
        follow(settings)
    }

    /// Counts for the agents of other settings.
    package func follow(_ settings: WatchSettings) {
        let hosts = settings.meshHosts
        if settings.isMesh, hosts.isEmpty, settings.network == nil, settings.agents.count > 1 {
            say("agents has no host for this one, or for no other: packets are not counted in each direction")
        }
        state.withLock { state in
            let moved = hosts.filter { state.hosts[$0.key] != nil && state.hosts[$0.key] != $0.value }
            state.ledger.follow(Set(hosts.keys), at: .now)
            // The old address is not the other's any more.
            for name in moved.keys { state.ledger.place(name, at: []) }
            state.hosts = hosts
        }
    }

    /// Sends and counts until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            let clock = ContinuousClock()
            var due = clock.now
            var known: [String: String] = [:]
            var second = 0
            while !Task.isCancelled {
                let (hosts, unknown) = state.withLock { ($0.hosts, $0.unknown) }
                for (name, host) in hosts
                where known[name] != host || second % Self.lookUpInterval == 0
                    || second % Self.retryInterval == 0 && unknown.contains(name)
                {
                    group.addTask { await self.lookUp(name, host) }
                }
                known = hosts
                if second % Self.openInterval == 0 || !hosts.isEmpty && !hasTried { open(hosts) }
                if hosts.isEmpty { close() }
                send(at: .now)
                second += 1
                due += .seconds(1)
                if clock.now > due + .seconds(5) { due = clock.now }
                try? await Task.sleep(until: due, tolerance: .milliseconds(50))
            }
        }
        close()
    }

    private var hasTried: Bool { state.withLock { $0.port != nil || $0.trouble != nil } }

    private func open(_ hosts: [String: String]) {
        guard !hosts.isEmpty, state.withLock({ $0.port == nil }) else { return }
        do throws(ProbeError) {
            let opened = try DatagramPort(port) { [weak self] bytes, peer in
                self?.state.withLock { $0.ledger.take(bytes, from: peer, at: .now) }
            }
            let wasTrouble = state.withLock { state in
                defer { (state.port, state.trouble) = (opened, nil) }
                return state.trouble != nil
            }
            if wasTrouble { say("packets of the mesh are counted again") }
        } catch {
            let isNew = state.withLock { state in
                defer { state.trouble = "\(error)" }
                return state.trouble == nil
            }
            if isNew { say("packets of the mesh are not counted: \(error)") }
        }
    }

    private func close() {
        state.withLock { state in
            defer { (state.port, state.trouble) = (nil, nil) }
            return state.port
        }?.close()
    }

    private func lookUp(_ name: String, _ host: String) async {
        // A name without an answer keeps the addresses that it had: the target of the same name says what is wrong.
        let addresses = try? await SystemResolver.shared.addresses(of: host)
        state.withLock { state in
            guard state.hosts[name] == host else { return }
            if let addresses {
                state.ledger.place(name, at: addresses)
                state.unknown.remove(name)
            } else {
                state.unknown.insert(name)
            }
        }
    }

    private func send(at now: UTCTime) {
        let due = state.withLock { state in state.port.map { ($0, state.ledger.packets(at: now)) } }
        guard let (open, packets) = due else { return }
        for packet in packets {
            var failure: String?
            do throws(ProbeError) {
                try open.send(packet.bytes, to: packet.address, port: port)
            } catch {
                failure = error.message
            }
            state.withLock { $0.ledger.sent(to: packet.peer, failure: failure) }
        }
    }

    // MARK: What is known

    /// What is known of the packets to and from an agent; nil where they are not counted.
    package func finding(_ name: String, at now: UTCTime = .now) -> MeshFinding? {
        state.withLock { $0.ledger.finding(name, at: now) }
    }

    /// What is known of all agents.
    package func findings(at now: UTCTime = .now) -> [MeshFinding] {
        state.withLock { $0.ledger.findings(at: now) }
    }

    /// Why nothing is counted, if something is in the way.
    var trouble: String? { state.withLock { $0.trouble } }

    /// Adds the counts to what a page of metrics has.
    package func addMetrics(to metrics: inout Metrics) {
        let (findings, refused) = state.withLock { ($0.ledger.findings(at: .now), $0.ledger.refused) }
        guard !findings.isEmpty else { return }
        func samples(_ value: (MeshCount) -> UInt64) -> [(labels: [Metrics.Label], value: Double)] {
            findings.flatMap { finding in
                [
                    ([("from", finding.here), ("to", finding.name)], Double(value(finding.total.there))),
                    ([("from", finding.name), ("to", finding.here)], Double(value(finding.total.back))),
                ]
            }
        }
        metrics.add(
            .counter, "tracecore_mesh_sent_total", "Packets of the mesh of which is known what became of them.",
            samples(\.sent))
        metrics.add(
            .counter, "tracecore_mesh_received_total", "Packets of the mesh that arrived, each counted once.",
            samples(\.received))
        metrics.add(
            .gauge, "tracecore_mesh_silent", "Whether nothing arrives from an agent of the mesh.",
            findings.map { finding -> (labels: [Metrics.Label], value: Double) in
                ([("from", finding.name), ("to", finding.here)], finding.isSilent ? 1 : 0)
            })
        metrics.add(
            .counter, "tracecore_mesh_refused_total", "Packets that came to the port of the mesh and count as nothing.",
            Double(refused))
    }
}
