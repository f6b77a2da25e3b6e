/// Writes the packets that come back into a buffer that is used again and again.
enum AnswerWriter {
    private static let zeros = [UInt8](repeating: 0, count: 256)

    /// Appends zeros, to be written over.
    static func extend(_ answer: inout [UInt8], by count: Int) {
        var left = count
        while left > 0 {
            answer.append(contentsOf: zeros[0..<min(left, zeros.count)])
            left &-= zeros.count
        }
    }

    /// Fills in the IP header of an answer that is complete but for it, and both checksums.
    ///
    /// - Parameter checksum: Where the checksum of the ICMP message or segment is, counted from the IP header's end.
    static func finish(
        _ answer: inout [UInt8], from source: IPAddress, to destination: IPAddress, proto: IPProtocol,
        ttl: UInt8, trafficClass: UInt8, identification: UInt16, checksum: Int
    ) {
        let count = answer.count
        let isV4 = source.isV4
        let header = isV4 ? IPv4Header.minimumLength : IPv6Header.length
        var bytes = answer.mutableSpan
        if isV4 {
            bytes[0] = 0x45
            bytes[1] = trafficClass
            bytes.set(UInt16(truncatingIfNeeded: count), at: 2)
            bytes.set(identification, at: 4)
            bytes[8] = ttl
            bytes[9] = proto.rawValue
            bytes.set(UInt32(truncatingIfNeeded: source.low), at: 12)
            bytes.set(UInt32(truncatingIfNeeded: destination.low), at: 16)
            bytes.set(InternetChecksum.of(bytes.span, in: 0..<header), at: 10)
        } else {
            bytes[0] = 0x60 | trafficClass >> 4
            bytes[1] = trafficClass << 4
            bytes.set(UInt16(truncatingIfNeeded: count &- header), at: 4)
            bytes[6] = proto.rawValue
            bytes[7] = ttl
            bytes.set(source.high, at: 8)
            bytes.set(source.low, at: 16)
            bytes.set(destination.high, at: 24)
            bytes.set(destination.low, at: 32)
        }
        var sum = InternetChecksum.sum(of: bytes.span, in: header..<count)
        if proto != .icmp {
            sum &+= InternetChecksum.sum(of: source) &+ InternetChecksum.sum(of: destination)
            sum &+= UInt64(proto.rawValue) &+ UInt64(count &- header)
        }
        let value = ~InternetChecksum.fold(sum)
        bytes.set(proto == .udp && value == 0 ? 0xFFFF : value, at: header &+ checksum)
    }
}

extension MutableSpan where Element == UInt8 {
    @inline(__always) mutating func set(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset &+ 1] = UInt8(truncatingIfNeeded: value)
    }

    @inline(__always) mutating func set(_ value: UInt32, at offset: Int) {
        set(UInt16(truncatingIfNeeded: value >> 16), at: offset)
        set(UInt16(truncatingIfNeeded: value), at: offset &+ 2)
    }

    @inline(__always) mutating func set(_ value: UInt64, at offset: Int) {
        set(UInt32(truncatingIfNeeded: value >> 32), at: offset)
        set(UInt32(truncatingIfNeeded: value), at: offset &+ 4)
    }
}
