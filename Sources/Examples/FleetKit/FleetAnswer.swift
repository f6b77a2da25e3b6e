package import TraceCore

/// What many vantage points are asked together.
package enum FleetQuestion: Sendable, Hashable {
    /// How one target is from all places.
    case target(String)
    /// What the paths that fail have in common.
    case causes
    /// Which networks carry whom, and what moved.
    case networks
    /// How all targets are from all places.
    case matrix
}

/// The answer to a question, for a terminal, a page or a program.
package struct FleetAnswer: Sendable {
    package enum Content: Sendable {
        case target([FleetSeries])
        case causes(FleetCauses)
        case networks(FleetNetworks)
        case matrix(FleetMatrix)
    }

    package let question: FleetQuestion
    package let from, to: UTCTime
    package let content: Content
    /// What is known of the addresses in it, and the names of networks.
    package let details: [IPAddress: FleetDetail]
    package let networks: [UInt32: UntrustedText]

    /// Asks an archive.
    ///
    /// - Parameters:
    ///   - slots: In how many parts a target is shown over time.
    ///   - most: How many targets a matrix has at the most, the worst of them.
    package init(
        _ question: FleetQuestion, of archive: some PathArchive, from: UTCTime, to: UTCTime, slots: Int = 120,
        most: Int? = nil
    ) async throws {
        (self.question, self.from, self.to) = (question, from, to)
        var wanted: Set<IPAddress> = []
        var systems: Set<UInt32> = []
        switch question {
        case .target(let name):
            content = .target(try await archive.series(of: name, from: from, to: to, slots: slots))
        case .causes:
            let causes = try await archive.causes(from: from, to: to)
            for cause in causes.causes { wanted.formUnion([cause.hop, cause.before].compactMap { $0 }) }
            content = .causes(causes)
        case .networks:
            let networks = try await archive.networks(from: from, to: to)
            systems = Set(networks.networks.map(\.system))
            content = .networks(networks)
        case .matrix: content = .matrix(try await archive.matrix(from: from, to: to, most: most))
        }
        details = try await archive.details(of: wanted, from: from, to: to)
        networks = try await archive.names(of: systems, from: from, to: to)
    }

    /// The name of a network: `AS64500 Example`.
    func name(of system: UInt32) -> String {
        system == 0 ? "?" : networks[system].map { "AS\(system) \($0.escaped(columns: 30))" } ?? "AS\(system)"
    }

    /// An address with what is known of it: `192.0.2.1 (ae1.example, AS64500 Example)`.
    func name(of address: IPAddress) -> String {
        let detail = details[address]
        let more = [detail?.name?.escaped(columns: 60), detail?.system.map { name(of: $0) }].compactMap { $0 }
        return more.isEmpty ? "\(address)" : "\(address) (\(more.joined(separator: ", ")))"
    }
}

extension FleetAnswer: Encodable {
    private enum Key: String, CodingKey {
        case schemaVersion, question, from, to, target, places, answer, addresses
    }

    private struct Address: Encodable {
        let address: IPAddress
        let name: UntrustedText?
        let system: UInt32?
        let network: UntrustedText?
    }

    private struct Place: Encodable {
        let agent, place, host: String
        let sent, lost: Int
        let slotSeconds: Int
        let slots: [Slot]
    }

    private struct Slot: Encodable {
        let start: UTCTime
        let sent, lost: Int
        let medianMs, p90Ms: Double?
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .schemaVersion)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        switch content {
        case .target(let series):
            try container.encode("target", forKey: .question)
            if case .target(let name) = question { try container.encode(name, forKey: .target) }
            try container.encode(
                series.map { one in
                    Place(
                        agent: one.path.agent, place: one.path.place, host: one.path.host, sent: one.sent,
                        lost: one.lost, slotSeconds: Int(one.slotLength / .seconds(1)),
                        slots: one.slots.map {
                            Slot(
                                start: $0.start, sent: $0.sent, lost: $0.lost, medianMs: $0.median?.inMilliseconds,
                                p90Ms: $0.p90?.inMilliseconds)
                        })
                }, forKey: .places)
        case .causes(let causes):
            try container.encode("causes", forKey: .question)
            try container.encode(causes, forKey: .answer)
        case .networks(let networks):
            try container.encode("networks", forKey: .question)
            try container.encode(networks, forKey: .answer)
        case .matrix(let matrix):
            try container.encode("matrix", forKey: .question)
            try container.encode(matrix, forKey: .answer)
        }
        guard !details.isEmpty else { return }
        try container.encode(
            details.sorted { $0.key < $1.key }.map {
                Address(address: $0.key, name: $0.value.name, system: $0.value.system, network: $0.value.network)
            }, forKey: .addresses)
    }
}
