package import TraceCore
internal import TraceCoreCommandLine

/// What is known of the packets between this agent and another one, in each direction.
package struct MeshFinding: Sendable {
    /// What became of a minute.
    package struct Minute: Sendable, Hashable {
        /// Counted since 1970.
        package let minute: Int64
        package let there: MeshCount
        package let back: MeshCount
    }

    /// Why packets of the other's address do not count.
    enum Refusal: Sendable, Hashable {
        case bytes(MeshPacket.Refusal)
        /// They are meant for, or come from, another agent.
        case misdirected
        /// They tell what cannot be.
        case implausible
    }

    /// After so long without a packet it is said that nothing arrives.
    static let patience = Duration.seconds(30)

    /// The other agent, and this one.
    package let name: String
    package let here: String
    /// The counts since this agent began.
    package let total: (there: MeshCount, back: MeshCount)
    /// The last hour; a minute that is not over is in it.
    package let minutes: [Minute]
    package let lastArrival: UTCTime?
    /// Whether nothing arrives any more.
    package let isSilent: Bool
    let refusal: Refusal?
    /// Why the last packet did not leave.
    let failure: String?
    let hasAddress: Bool

    /// The counts of the last hour.
    package var there: MeshCount { minutes.reduce(MeshCount()) { $0 + $1.there } }
    package var back: MeshCount { minutes.reduce(MeshCount()) { $0 + $1.back } }

    /// The time that the counts are about.
    package var span: String { minutes.count >= 60 ? "last hour" : "last \(minutes.count) min" }

    /// What it rests on, in sentences.
    ///
    /// - Parameters:
    ///   - port: The UDP port of the mesh.
    ///   - roundTrips: The probes to the other agent in the last hour, and how many were not answered.
    package func words(port: UInt16, roundTrips: (sent: Int, lost: Int), at now: UTCTime) -> String {
        let other = UntrustedText(name).escaped
        var all: [String] = []
        if let failure { all.append("Nothing can be sent to \(other): \(failure).") }
        if !hasAddress {
            all.append("No address of \(other) is known, so nothing is sent to it, and nothing from it would count.")
        }
        if !isSilent {
            all.append(lastArrival == nil ? "Nothing has arrived from \(other) yet." : counted(other))
            return all.joined(separator: " ")
        }
        let since = lastArrival.map { "for \(roughTime(seconds: (now - $0) / .seconds(1)))" } ?? "since this one began"
        all.append("Nothing has arrived from \(other) \(since).")
        if let reason = reason(other) {
            all.append(reason)
        } else if roundTrips.sent > roundTrips.lost {
            all.append(
                "Pings are answered: a firewall may close UDP port \(port), or \(other) counts no packets.")
        } else {
            all.append(
                "Pings are not answered either: the machine may be off, or the way broken in one direction or both.")
        }
        if roundTrips.sent > 0 {
            all.append(
                "Of \(roundTrips.sent.grouped) round trips from here, \(roundTrips.lost.grouped) were lost in the last hour. In which direction they were lost, "
                    + "round trips cannot tell, from this end or from the other.")
        }
        return all.joined(separator: " ")
    }

    private func counted(_ other: String) -> String {
        func all(_ count: MeshCount) -> (received: String, sent: String) {
            (Int(min(count.received, count.sent)).grouped, Int(count.sent).grouped)
        }
        let (gone, come) = (all(there), all(back))
        let arrived = come.received == come.sent ? " all arrived here." : ", \(come.received) arrived here."
        guard there.sent > 0 else {
            return "\(other) has not told yet what it received. Of its own \(come.sent) packets\(arrived)"
        }
        return "\(other) received \(gone.received) of \(gone.sent) packets of the \(span); "
            + "of its own \(come.sent)\(arrived)"
    }

    /// Why packets come from there and none counts.
    private func reason(_ other: String) -> String? {
        switch refusal {
        case .bytes(.version(let version)):
            "It speaks version \(version) of the mesh, and this one version \(MeshPacket.version): give both the same release."
        case .bytes(.unsigned): "Its packets are not signed: give it the mesh-key-file that this one has."
        case .bytes(.signed): "Its packets are signed: give this one the mesh-key-file that it has."
        case .bytes(.otherKey): "Its packets are signed with another key: all agents have the same mesh-key-file."
        case .misdirected:
            "Packets of its address are from another agent, or for one: compare the names and hosts in agents."
        case .bytes(.garbage), .implausible:
            "What comes from its address counts as nothing: it is not of the mesh, or cannot be."
        case nil: nil
        }
    }
}
