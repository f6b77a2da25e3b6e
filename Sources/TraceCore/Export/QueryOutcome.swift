/// The fate of one probe, for formats that list probes one by one.
enum QueryOutcome<Reply> {
    case answered(Reply)
    /// It was given up.
    case silent

    /// The largest number of lost probes that are listed in one place: a document may count any number.
    static var silenceLimit: Int { 10_000 }

    /// Answers in the order of their probes, with the lost probes between them.
    ///
    /// A report counts the lost probes without their numbers: they are those that have no answer.
    ///
    /// - Parameters:
    ///   - replies: The answers, of which several may belong to one probe.
    ///   - lost: The number of lost probes.
    ///   - first: The number of the first probe that is listed.
    ///   - sequence: The number of the probe that is answered.
    static func list(
        _ replies: [Reply], lost: Int, from first: Int = 0, by sequence: (Reply) -> Int
    ) -> [QueryOutcome] {
        // Sorting is stable only with the positions.
        let sorted = replies.enumerated()
            .sorted { (sequence($0.element), $0.offset) < (sequence($1.element), $1.offset) }
        var outcomes: [QueryOutcome] = []
        var silent = min(max(0, lost), silenceLimit)
        var next = first
        for (_, reply) in sorted {
            let number = sequence(reply)
            while next < number, silent > 0 {
                outcomes.append(.silent)
                silent -= 1
                next += 1
            }
            outcomes.append(.answered(reply))
            if number < .max { next = max(next, number + 1) }
        }
        return outcomes + (0..<silent).map { _ in .silent }
    }
}

extension TraceReport.Hop {
    /// The decided probes in their order, without late answers.
    var outcomes: [QueryOutcome<TraceReport.HopReply>] { QueryOutcome.list(replies, lost: lost) { $0.sequence } }
}

extension PingReport {
    /// The decided probes in their order, without late answers; a probe with several answers is listed once for each.
    var outcomes: [QueryOutcome<PingReport.Reply>] {
        let listed = replies.filter { !$0.isLate }
        // A report of very many answers holds only the newest, and nothing is known of the probes before them. Nor is it of
        // those before a recording that has lost its beginning.
        let isWhole = replies.count >= received + unreachable + duplicates + late
        let first = isWhole && run.startedAt != nil ? 0 : listed.map(\.sequence).min() ?? 0
        return QueryOutcome.list(listed, lost: isWhole ? lost : 0, from: first) { $0.sequence }
    }
}

extension ProbeMethod {
    /// The length of the transport header of our probes, or nil for methods of other probers.
    ///
    /// A TCP probe has one option, the maximum segment size.
    var headerLength: Int? {
        switch self {
        case .icmp, .udp: 8
        case .tcp: TCPHeader.minimumLength + 4
        default: nil
        }
    }
}

extension RunDescription {
    /// The bytes that probes carry behind the headers of IP and of the transport, or nil where that is not known.
    ///
    /// A recorded run may claim a packet that is smaller than its headers; the result is then negative.
    var payloadSize: Int? {
        guard let size = parameters.packetSize, let target = target?.address else { return nil }
        let header = target.isV4 ? IPv4Header.minimumLength : IPv6Header.length
        return method?.headerLength.map { max(0, size) - header - $0 }
    }

    /// The traffic class of the probes, where it is known; a recorded run may contain any number.
    var trafficClass: UInt8? { parameters.trafficClass.flatMap { UInt8(exactly: $0) } }

    /// The whole second since 1970 at a time after the start, where that is known.
    func epochSecond(after time: Duration = .zero) -> Int64? {
        startedAt.map { ($0 + time).microsecondsSince1970.dividedFloor(by: 1_000_000) }
    }

    /// How the probes were sent, as `icmp (raw)`, where it is known; escaped, because a recorded run may come from anyone.
    var how: String? {
        let mode = mode.map { " (\(UntrustedText($0)))" } ?? ""
        return method.map { "\(UntrustedText($0.rawValue))" + mode }
    }

    /// The time of the start for people, where it is known.
    var startText: String? { startedAt.map { "\($0.secondText.map { $0 == "T" ? " " : String($0) }.joined()) UTC" } }
}
