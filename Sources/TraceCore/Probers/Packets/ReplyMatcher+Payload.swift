// What the payload of an answer proves.
extension ReplyMatcher {
    /// The number in a payload, if the payload is this channel's.
    func token(in payload: Range<Int>, of packet: Span<UInt8>) -> Int? {
        guard payload.count >= 8, packet.uint32(at: payload.lowerBound &+ 4) == cookie else { return nil }
        return Int(packet.uint16(at: payload.lowerBound &+ 2))
    }

    /// Whether a payload is what an echo of a probe's can be: at least its identity, or all of what is too short for one.
    func isEcho(_ payload: Range<Int>, of record: ProbeRegistry.Record, in packet: Span<UInt8>) -> Bool {
        record.payloadSize < 8
            ? payload.count == Int(record.payloadSize) : token(in: payload, of: packet) == Int(record.token)
    }

    /// What a quoted payload says about whose probe it is.
    enum Proof {
        /// It carries this channel's cookie and the probe's number.
        case right
        /// It carries something else.
        case wrong
        /// The probe carried none, or it is quoted too little, or filled up with zeros.
        case none
    }

    /// What a quoted payload says of a probe.
    func proof(of record: ProbeRegistry.Record, in payload: Range<Int>, of packet: Span<UInt8>) -> Proof {
        guard record.payloadSize >= 8, payload.count >= 8, packet.uint64(at: payload.lowerBound) != 0 else {
            return .none
        }
        // Where all payloads of a flow are the same, there is no number in them.
        let number = isDublin && record.target.isV4 ? 0 : Int(record.token)
        return token(in: payload, of: packet) == number ? .right : .wrong
    }
}
