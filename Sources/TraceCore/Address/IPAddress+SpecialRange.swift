extension IPAddress {
    /// What the address is reserved for; ``SpecialRange/global`` for an ordinary one.
    public var range: SpecialRange {
        switch family {
        case .v4:
            let bits = UInt32(truncatingIfNeeded: low)
            for entry in Self.v4Ranges where (bits ^ entry.first) >> (32 - entry.length) == 0 {
                return entry.range
            }
            return .global
        case .v6:
            for entry in Self.v6Ranges where (bits ^ entry.first) >> (128 - entry.length) == 0 {
                return entry.range
            }
            // RFC 4291 section 2.4 and the IANA address space: only 2000::/3 has been opened.
            return high >> 61 == 1 ? .global : .reserved
        }
    }

    // Both tables are read from the top: a range inside a larger one comes before it.
    private static let v4Ranges: [(first: UInt32, length: UInt32, range: SpecialRange)] = [
        (0x0000_0000, 32, .unspecified),
        (0x0000_0000, 8, .thisNetwork),
        (0x0A00_0000, 8, .private),
        (0x6440_0000, 10, .sharedNAT),
        (0x7F00_0000, 8, .loopback),
        (0xA9FE_0000, 16, .linkLocal),
        (0xAC10_0000, 12, .private),
        (0xC000_0008, 32, .dummy),
        (0xC000_0009, 32, .serviceAnycast),
        (0xC000_000A, 32, .serviceAnycast),
        (0xC000_0000, 24, .protocolAssignments),
        (0xC000_0200, 24, .documentation),
        (0xC01F_C400, 24, .as112),
        (0xC034_C100, 24, .multicastTunneling),
        (0xC058_6300, 24, .sixToFourRelay),
        (0xC0A8_0000, 16, .private),
        (0xC0AF_3000, 24, .as112),
        (0xC612_0000, 15, .benchmarking),
        (0xC633_6400, 24, .documentation),
        (0xCB00_7100, 24, .documentation),
        (0xE000_0000, 4, .multicast),
        (0xFFFF_FFFF, 32, .broadcast),
        (0xF000_0000, 4, .reserved),
    ]

    private static let v6Ranges: [(first: UInt128, length: UInt128, range: SpecialRange)] = [
        (0, 128, .unspecified),
        (1, 128, .loopback),
        (0xFFFF << 32, 96, .v4Mapped),
        (0, 96, .v4Compatible),
        (0x0064_FF9B << 96, 96, .nat64),
        (0x0064_FF9B_0001 << 80, 48, .nat64Local),
        (0x0100 << 112, 64, .discard),
        (0x0100_0000_0000_0001 << 64, 64, .dummy),
        (0x2001_0000 << 96, 32, .teredo),
        (0x2001_0001 << 96 | 1, 128, .serviceAnycast),
        (0x2001_0001 << 96 | 2, 128, .serviceAnycast),
        (0x2001_0001 << 96 | 3, 128, .serviceAnycast),
        (0x2001_0002 << 96, 48, .benchmarking),
        (0x2001_0003 << 96, 32, .multicastTunneling),
        (0x2001_0004_0112 << 80, 48, .as112),
        (0x2001_0010 << 96, 28, .orchid),
        (0x2001_0020 << 96, 28, .orchid),
        (0x2001_0030 << 96, 28, .droneRemoteID),
        (0x2001 << 112, 23, .protocolAssignments),
        (0x2001_0DB8 << 96, 32, .documentation),
        (0x2002 << 112, 16, .sixToFour),
        (0x2620_004F_8000 << 80, 48, .as112),
        (0x3FFF << 112, 20, .documentation),
        (0x5F00 << 112, 16, .segmentRouting),
        (0xFC << 120, 7, .uniqueLocal),
        (0xFE8 << 116, 10, .linkLocal),
        (0xFEC << 116, 10, .siteLocal),
        (0xFF << 120, 8, .multicast),
    ]
}

extension IPAddress {
    /// The IPv4 address that an IPv6 one carries: mapped, compatible, NAT64, 6to4, or a Teredo client's.
    public var embeddedIPv4: IPAddress? {
        guard isV6 else { return nil }
        return switch range {
        case .v4Mapped, .v4Compatible, .nat64: IPAddress(v4: UInt32(truncatingIfNeeded: low))
        case .sixToFour: IPAddress(v4: UInt32(truncatingIfNeeded: high >> 16))
        // RFC 4380 section 4: the client's address is inverted, so that NATs do not rewrite it.
        case .teredo: IPAddress(v4: ~UInt32(truncatingIfNeeded: low))
        default: nil
        }
    }
}
