extension IPAddress {
    /// The address's bytes in network order, 4 or 16, without the zone.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(family.bitWidth / 8)
        if family == .v6 {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: high >> shift))
            }
        }
        for shift in stride(from: UInt64(family == .v4 ? 24 : 56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return bytes
    }

    /// The address whose bytes in network order these are; nil unless there are 4 or 16.
    public init?(bytes: some Collection<UInt8>) {
        let number = bytes.prefix(17).reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: number))
        case 16: self.init(v6: number)
        default: return nil
        }
    }
}
