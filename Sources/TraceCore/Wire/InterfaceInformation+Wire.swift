extension InterfaceInformation {
    /// RFC 5837, section 4.3: the name takes at most 63 bytes of UTF-8.
    static let nameLimit = 63

    // The C-Type of RFC 5837, section 4.1: role, two reserved bits, and what is there.
    private static let hasIndex: UInt8 = 0x08
    private static let hasAddress: UInt8 = 0x04
    private static let hasName: UInt8 = 0x02
    private static let hasMTU: UInt8 = 0x01

    /// The body of an extension object of class 2, or nil if it is not as RFC 5837 has it.
    init?(_ bytes: Span<UInt8>, in body: Range<Int>, subtype: UInt8) {
        self.init(role: Role(bits: subtype >> 6))
        var index = body.lowerBound
        let end = body.upperBound
        if subtype & Self.hasIndex != 0 {
            guard end &- index >= 4 else { return nil }
            self.index = bytes.uint32(at: index)
            index &+= 4
        }
        if subtype & Self.hasAddress != 0 {
            guard end &- index >= 8 else { return nil }
            let family = bytes.uint16(at: index)
            index &+= 4
            switch family {
            case 1:
                address = bytes.addressV4(at: index)
                index &+= 4
            case 2:
                guard end &- index >= 16 else { return nil }
                address = bytes.addressV6(at: index)
                index &+= 16
            default: return nil
            }
        }
        if subtype & Self.hasName != 0 {
            // The length counts itself and the padding, and is a multiple of four up to 64.
            guard index < end else { return nil }
            let length = Int(bytes[index])
            guard (4...64).contains(length), length % 4 == 0, end &- index >= length else { return nil }
            name = Self.name(bytes, in: (index &+ 1)..<(index &+ length))
            index &+= length
        }
        if subtype & Self.hasMTU != 0 {
            guard end &- index >= 4 else { return nil }
            mtu = bytes.uint32(at: index)
            index &+= 4
        }
        guard index == end else { return nil }
    }

    /// The text without its padding. Repairing bytes that are no UTF-8 can lengthen it, so it is cut
    /// to what an object can hold.
    private static func name(_ bytes: Span<UInt8>, in range: Range<Int>) -> UntrustedText {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end &- 1] == 0 { end &-= 1 }
        var text: [UInt8] = []
        text.reserveCapacity(end &- range.lowerBound)
        for index in range.lowerBound..<end { text.append(bytes[index]) }
        return UntrustedText(cut(String(decoding: text, as: UTF8.self)))
    }

    /// What fits an object, without zeros at the end: they could not be told from padding.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > nameLimit || text.utf8.last == 0 else { return text }
        var cut = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= nameLimit else { break }
            cut.append(scalar)
        }
        while cut.last == "\0" { cut.removeLast() }
        return String(cut)
    }

    /// The C-Type of the object: the role and which fields are there.
    var subtype: UInt8 {
        role.bits << 6 | (index == nil ? 0 : Self.hasIndex) | (address == nil ? 0 : Self.hasAddress)
            | (name == nil ? 0 : Self.hasName) | (mtu == nil ? 0 : Self.hasMTU)
    }

    /// Appends the object's body; a name longer than RFC 5837 allows is cut.
    func appendBody(to packet: inout [UInt8]) {
        if let index { packet.append(big: index) }
        if let address {
            packet.append(big: UInt16(address.isV4 ? 1 : 2))
            packet.append(big: UInt16(0))
            packet.append(address)
        }
        if let name {
            let text = Array(Self.cut(name.raw).utf8)
            let length = max(4, (1 + text.count + 3) / 4 * 4)
            packet.append(UInt8(truncatingIfNeeded: length))
            packet.append(contentsOf: text)
            for _ in (1 + text.count)..<length { packet.append(0) }
        }
        if let mtu { packet.append(big: mtu) }
    }
}

extension InterfaceInformation.Role {
    /// The role that two bits stand for (RFC 5837, section 4.1).
    fileprivate init(bits: UInt8) {
        switch bits & 3 {
        case 0: self = .incoming
        case 1: self = .subIPComponent
        case 2: self = .outgoing
        default: self = .nextHop
        }
    }

    fileprivate var bits: UInt8 {
        switch self {
        case .incoming: 0
        case .subIPComponent: 1
        case .outgoing: 2
        case .nextHop: 3
        }
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x1_0000: 3
        default: 4
        }
    }
}
