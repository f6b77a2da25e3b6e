/// What the answers of a run can show of its packets: the values that were sent, and those in a quote.
struct PacketSight {
    private let run: RunDescription
    private let isV4: Bool
    private let transport: Int
    /// Ordinary sockets see only the destination in a quote.
    private let isUnprivileged: Bool

    init(_ run: RunDescription) {
        self.run = run
        isV4 = run.target?.address.isV4 ?? true
        isUnprivileged = run.isUnprivileged
        // The bytes of the transport header that a check of the checksum needs; for TCP, with its options.
        transport =
            switch run.method {
            case .tcp: 24
            case .udp: 8
            case .icmp: 4
            default: .max
            }
    }

    private var ipHeader: Int { isV4 ? IPv4Header.minimumLength : IPv6Header.length }
    private var hasPorts: Bool { run.method == .udp || run.method == .tcp }

    /// The value that a field was sent with, or nil if that is not known.
    func sent(_ field: PacketChanges.Change.Field) -> PacketChanges.Change.Value? {
        switch field {
        case .dscp: return run.parameters.trafficClass.map { .number($0 >> 2) }
        case .ecn: return run.parameters.trafficClass.map { .number($0 & 3) }
        case .ttl: return .number(1)
        case .source: return run.source.map { .address($0) } ?? .asSent
        case .target: return run.target.map { .address($0.address.withoutZone) } ?? .asSent
        case .sourcePort, .targetPort, .checksum: return .asSent
        case .segmentSize: return run.parameters.segmentSize.map { .number($0) }
        }
    }

    /// The value of a field in an answer, or nil if the answer does not show it.
    func seen(_ field: PacketChanges.Change.Field, in reply: ProbeReply) -> PacketChanges.Change.Value? {
        let quote = reply.quote
        let isTold = isUnprivileged && reply.icmp != nil && !reply.kind.isEcho
        switch field {
        case .dscp: return quote?.trafficClass.map { .number(Int($0) >> 2) }
        case .ecn: return quote?.trafficClass.map { .number(Int($0) & 3) }
        case .ttl: return reply.kind == .timeExceeded ? quote?.ttl.map { .number(Int($0)) } : nil
        case .source:
            return value(quote?.rewrittenSource, unless: sent(.source), where: quotes(quote, ipHeader))
        case .target:
            return value(quote?.rewrittenTarget, unless: sent(.target), where: quotes(quote, ipHeader) || isTold)
        case .sourcePort:
            return value(quote?.rewrittenSourcePort, where: hasPorts && quotes(quote, ipHeader + 4))
        case .targetPort:
            return value(
                quote?.rewrittenTargetPort, where: hasPorts && (quotes(quote, ipHeader + 4) || isTold))
        case .segmentSize: return quote?.segmentSize.map { .number(Int($0)) }
        case .checksum:
            return value(quote?.rewrittenChecksum, where: transport < .max && quotes(quote, ipHeader + transport))
        }
    }

    /// Whether at least `count` bytes of the packet are quoted.
    private func quotes(_ quote: ProbeReply.Quote?, _ count: Int) -> Bool { quote?.length.map { $0 >= count } ?? false }

    private func value(_ rewritten: UInt16?, where isKnown: Bool) -> PacketChanges.Change.Value? {
        rewritten.map { .number(Int($0)) } ?? (isKnown ? .asSent : nil)
    }

    private func value(
        _ rewritten: IPAddress?, unless sent: PacketChanges.Change.Value?, where isKnown: Bool
    ) -> PacketChanges.Change.Value? {
        rewritten.map { .address($0) } ?? (isKnown ? sent : nil)
    }
}

extension ReplyKind {
    /// Whether the answer is an echo, which quotes nothing.
    fileprivate var isEcho: Bool { self == .echoReply }
}
