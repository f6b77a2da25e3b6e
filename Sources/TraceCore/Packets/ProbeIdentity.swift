/// What distinguishes probes from one another and from all other packets: where the number of a probe stands,
/// and what else is its own.
///
/// ``ProbePacketBuilder`` writes by it and ``ReplyMatcher`` reads by it, so both know the same.
struct ProbeIdentity: Sendable {
    /// How many ports classic probes use, before they come around.
    static let classicRange = 16384

    /// How many lengths IPv6 probes have whose number is their length, before they come around.
    ///
    /// That is too few for all that may be out, and longer ones would not fit every path; so what the first eight bytes
    /// of their payload say tells those of one length apart, by itself or by the checksum.
    static let dublinRange = 512

    let transport: ProbeTransport
    /// Two bytes that are this channel's own: an echo's identifier, and where source ports begin.
    let identifier: UInt16
    /// Four more, which stand in payloads and TCP sequence numbers.
    let cookie: UInt32
    /// The source port of flow 0, or nil for one made of the identifier.
    let sourcePort: UInt16?
    /// Whether a probe's number is its destination port.
    let isClassic: Bool
    /// Whether a UDP probe's number stands where only IP and UDP look: in the identification, or in the length.
    let isDublin: Bool
    /// The payload of probes whose number is their length, without that.
    let baseSize: Int

    /// After how many serial numbers probes to one target look alike.
    var modulus: Int { isClassic ? Self.classicRange : 0x1_0000 }

    /// Whether a program that listens on a probed port may answer with something that tells no number.
    var hasUnnumberedAnswers: Bool { transport.kind == .udp && !isClassic }

    // MARK: - In headers

    /// The port that a classic probe's number is: from the first one on, and where there are too few above it, then
    /// those below.
    func classicPort(_ serial: Int) -> UInt16 {
        let first = Int(transport.port ?? 0)
        let lowest = min(first, 0x1_0000 - Self.classicRange)
        return UInt16(lowest &+ (first &- lowest &+ serial) % Self.classicRange)
    }

    /// What a classic probe's port says of its number.
    func remainder(ofPort port: UInt16) -> Int { Int(port) &- Int(transport.port ?? 0) }

    /// The source port of a flow's probes.
    func sourcePort(of flow: UInt16) -> UInt16 {
        if let sourcePort { return sourcePort &+ flow }
        return 0x8000 | (identifier &+ flow) & 0x7FFF
    }

    /// The number that a connection request begins with.
    func tcpSequence(of token: UInt16) -> UInt32 { UInt32(token) << 16 | cookie & 0xFFFF }

    /// What a quote says of the number of its probe, where this kind of probe carries it.
    func remainder(in quote: ProbeQuote) -> Int? {
        switch transport.kind {
        case .icmp: quote.sequence.map(Int.init)
        case .tcp: quote.sequence.map { Int($0 >> 16) }
        case .udp where isClassic: quote.destinationPort.map { remainder(ofPort: $0) }
        case .udp where isDublin: quote.identification.map(Int.init)
        case .udp: quote.checksum.map(Int.init)
        }
    }

    /// Whether the headers that are quoted are those that a probe was sent with, as far as they are known.
    func isAsSent(_ quote: ProbeQuote, _ record: ProbeRegistry.Record) -> Bool {
        switch transport.kind {
        case .icmp: return quote.identifier == identifier
        case .tcp:
            return quote.hasPorts(of: record) && quote.sequence == tcpSequence(of: record.token)
        case .udp:
            return quote.hasPorts(of: record)
                && (!isDublin || (quote.checksum ?? record.checksum) == record.checksum)
        }
    }

    // MARK: - In payloads

    /// Writes a probe's number into a payload that has room for it; the cookie stands there already.
    @inline(__always) func write(_ token: UInt16, into bytes: inout MutableSpan<UInt8>, payload: Int) {
        bytes.set(token, at: payload &+ 2)
    }

    /// Writes what all payloads have in common over the first bytes of one: room for the balance and the number, then
    /// the cookie.
    func mark(_ payload: inout [UInt8]) {
        if payload.count >= 2 { payload.set(UInt16(0), at: 0) }
        guard payload.count >= 8 else { return }
        payload.set(UInt16(0), at: 2)
        payload.set(UInt16(truncatingIfNeeded: cookie >> 16), at: 4)
        payload.set(UInt16(truncatingIfNeeded: cookie), at: 6)
    }

    /// The number in a payload, if the payload is one of these probes'.
    func token(in payload: Range<Int>, of packet: Span<UInt8>) -> Int? {
        guard payload.count >= 8, packet.uint32(at: payload.lowerBound &+ 4) == cookie else { return nil }
        return Int(packet.uint16(at: payload.lowerBound &+ 2))
    }

    /// Whether a payload is what an echo of a probe's can be: at least its identity, or all of what is too short for one.
    func isEcho(_ payload: Range<Int>, of record: ProbeRegistry.Record, in packet: Span<UInt8>) -> Bool {
        record.payloadSize < 8
            ? payload.count == Int(record.payloadSize) : token(in: payload, of: packet) == Int(record.token)
    }

    /// Whether a quoted payload can be a probe's: it has the cookie and the number, or tells nothing, since the probe
    /// carried none, or it is quoted too little, or filled up with zeros.
    func mayQuote(_ record: ProbeRegistry.Record, _ payload: Range<Int>, of packet: Span<UInt8>) -> Bool {
        guard record.payloadSize >= 8, payload.count >= 8, packet.uint64(at: payload.lowerBound) != 0 else {
            return true
        }
        // Where all payloads of a flow are the same, there is no number in them.
        let number = isDublin && record.target.isV4 ? 0 : Int(record.token)
        return token(in: payload, of: packet) == number
    }
}
