/// Which addresses may be probed on behalf of others.
///
/// A policy judges addresses and never names: what a name leads to can change between two look-ups. So look a name up once,
/// judge the address, and probe that very address. ``ProbeService`` does so; a resolver that filters does not see the
/// addresses that people type.
///
/// ```swift
/// let policy = TargetPolicy.publicOnly.allowing(office).denying(honeypot)
/// if let refusal = policy.refusal(of: address) { print(refusal) }
/// ```
///
/// Three rules, in this order:
/// 1. A denied network is refused, whatever else allows it.
/// 2. An allowed network is allowed.
/// 3. The rest is as the policy began: ``publicOnly``, ``all`` or ``only(_:)``.
///
/// An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4, Teredo, ISATAP) is refused if either of the two is.
public struct TargetPolicy: Sendable, Hashable {
    private enum Base: Sendable, Hashable { case publicOnly, all, none }

    private let base: Base
    /// The networks that are allowed beside those that the policy began with.
    public private(set) var allowed: [IPNetwork] = []
    /// The networks that are refused in any case.
    public private(set) var denied: [IPNetwork] = []

    /// Ordinary addresses of the public internet, and nothing that is set aside for another purpose, in whichever form
    /// it is written.
    ///
    /// On a network that has IPv6 only, the names of IPv4 hosts lead to `64:ff9b::/96` (DNS64). Allow that network there:
    /// the IPv4 address within is still judged.
    public static let publicOnly = TargetPolicy(base: .publicOnly)

    /// Every address, for networks of your own.
    public static let all = TargetPolicy(base: .all)

    /// The addresses of these networks only.
    public static func only(_ networks: IPNetwork...) -> TargetPolicy {
        var policy = TargetPolicy(base: .none)
        policy.allowed = networks
        return policy
    }

    private init(base: Base) { self.base = base }

    /// The policy with networks that it allows too.
    ///
    /// A network within the translation prefix `64:ff9b:1::/48` is given with the length that the translator uses (RFC 6052:
    /// 48, 56, 64 or 96): that says where the IPv4 address is.
    public func allowing(_ networks: IPNetwork...) -> TargetPolicy { allowing(networks) }

    /// The policy with networks that it allows too.
    public func allowing(_ networks: [IPNetwork]) -> TargetPolicy {
        var policy = self
        policy.allowed += networks
        return policy
    }

    /// The policy with networks that it refuses in any case.
    public func denying(_ networks: IPNetwork...) -> TargetPolicy { denying(networks) }

    /// The policy with networks that it refuses in any case.
    public func denying(_ networks: [IPNetwork]) -> TargetPolicy {
        var policy = self
        policy.denied += networks
        return policy
    }

    /// Whether the address may be probed.
    public func allows(_ address: IPAddress) -> Bool { refusal(of: address) == nil }

    /// Why the address may not be probed, or nil if it may.
    public func refusal(of address: IPAddress) -> Refusal? {
        let network = allowed.first { $0.contains(address) }
        if let reason = reason(against: address, allowedBy: network) {
            return Refusal(address: address, embedded: nil, reason: reason)
        }
        guard address.isV6 else { return nil }
        let carried = [
            address.embeddedIPv4, address.isatapIPv4,
            network.flatMap { address.translatedIPv4(prefixLength: $0.prefixLength) },
        ]
        for case let embedded? in carried {
            let network = allowed.first { $0.contains(embedded) }
            if let reason = reason(against: embedded, allowedBy: network) {
                return Refusal(address: address, embedded: embedded, reason: reason)
            }
        }
        return nil
    }

    private func reason(against address: IPAddress, allowedBy network: IPNetwork?) -> Refusal.Reason? {
        if let network = denied.first(where: { $0.contains(address) }) { return .denied(network) }
        if network != nil { return nil }
        switch base {
        case .all: return nil
        case .none: return .notAllowed
        case .publicOnly:
            let range = address.range
            if !range.isPublic { return .special(range) }
            // A zone names one of this machine's interfaces, which are no business of others.
            return address.zone == 0 ? nil : .zone
        }
    }
}

extension TargetPolicy {
    /// Why an address may not be probed.
    public struct Refusal: Sendable, Hashable {
        /// The address that was judged.
        public let address: IPAddress
        /// The IPv4 address within it, if that is the one that is refused.
        public let embedded: IPAddress?
        /// What is against it.
        public let reason: Reason
    }
}

extension TargetPolicy.Refusal {
    /// What is against an address.
    public enum Reason: Sendable, Hashable {
        /// It is set aside for a purpose.
        case special(SpecialRange)
        /// It names an interface of this machine.
        case zone
        /// The policy denies the network.
        case denied(IPNetwork)
        /// The policy allows some networks only, and this address is in none of them.
        case notAllowed
    }

    /// Where the address leads, in words that do not name it: `a private network (RFC 1918)`.
    ///
    /// That is what strangers may read of a name: its address may be known within this network only.
    public var place: String {
        let place =
            switch reason {
            case .special(let range): range.phrase
            case .zone: "an interface of this machine"
            case .denied: "a network that is not probed from here"
            case .notAllowed: "a network that is not one of those probed from here"
            }
        return embedded == nil ? place : "\(place), by way of an IPv4 address within an IPv6 address"
    }
}

extension TargetPolicy.Refusal: CustomStringConvertible {
    /// The address and where it leads, in a sentence.
    public var description: String {
        if let embedded {
            return "\(address) is not probed: it carries \(embedded), which is \(reason.standing)"
        }
        return "\(address) is not probed: it is \(reason.standing)"
    }
}

extension TargetPolicy.Refusal.Reason {
    /// What the address is, after "it is".
    fileprivate var standing: String {
        switch self {
        case .special(let range): "in \(range.phrase)"
        case .zone: "on an interface of this machine"
        case .denied(let network): "in the denied network \(network)"
        case .notAllowed: "in none of the allowed networks"
        }
    }
}

// MARK: - Addresses within addresses

extension IPAddress {
    /// The IPv4 address of an ISATAP interface (RFC 5214 section 6.1), whatever the network is.
    fileprivate var isatapIPv4: IPAddress? {
        // The identifier begins with 0000:5efe, or with 0200:5efe where the IPv4 address is said to be unique.
        guard (low >> 32) & 0xFDFF_FFFF == 0x0000_5EFE else { return nil }
        return IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }

    /// The IPv4 address within an address of a network's own NAT64 prefix, by the length of that prefix.
    ///
    /// RFC 6052 section 2.2 has a table; bits 64 to 71 are never used. Lengths that it does not have are read as 96.
    fileprivate func translatedIPv4(prefixLength: Int) -> IPAddress? {
        guard range == .nat64Local else { return nil }
        switch prefixLength {
        case 48: return IPAddress(v4: UInt32(truncatingIfNeeded: (bits >> 64) << 16 | (bits >> 40) & 0xFFFF))
        case 56: return IPAddress(v4: UInt32(truncatingIfNeeded: (bits >> 64) << 24 | (bits >> 32) & 0xFF_FFFF))
        case 64: return IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 24))
        default: return IPAddress(v4: UInt32(truncatingIfNeeded: bits))
        }
    }
}

extension SpecialRange {
    /// Whether such addresses are those of hosts on the public internet.
    ///
    /// The registries call more of them reachable from everywhere (ORCHID, segment routing, service anycast), but no
    /// stranger has a reason to ask for them. The sinks of AS112 and multicast relays are ordinary hosts.
    var isPublic: Bool {
        switch self {
        case .global, .as112, .multicastTunneling: true
        default: false
        }
    }

    /// The range in words, with the document that sets it aside.
    var phrase: String {
        switch self {
        case .global: "the public internet"
        case .unspecified: "the unspecified address (RFC 6890)"
        case .thisNetwork: "0.0.0.0/8, which means this network (RFC 791)"
        case .private: "a private network (RFC 1918)"
        case .sharedNAT: "100.64.0.0/10, shared by providers for NAT (RFC 6598)"
        case .loopback: "the loopback range (RFC 1122, RFC 4291)"
        case .linkLocal: "the link-local range (RFC 3927, RFC 4291)"
        case .protocolAssignments: "a range for protocols (RFC 6890, RFC 2928)"
        case .serviceAnycast: "a range for services of the own network (RFC 7723, RFC 8155)"
        case .as112: "the AS112 range (RFC 7534)"
        case .multicastTunneling: "the range of multicast relays (RFC 7450)"
        case .documentation: "a range for documentation (RFC 5737, RFC 3849, RFC 9637)"
        case .benchmarking: "a range for benchmarks (RFC 2544, RFC 5180)"
        case .multicast: "the multicast range (RFC 5771, RFC 4291)"
        case .reserved: "a range that is reserved (RFC 1112, RFC 4291)"
        case .broadcast: "the broadcast address (RFC 919)"
        case .uniqueLocal: "a private IPv6 network (RFC 4193)"
        case .nat64: "64:ff9b::/96, IPv4 seen through NAT64 (RFC 6052)"
        case .nat64Local: "64:ff9b:1::/48, IPv4 seen through a local translator (RFC 8215)"
        case .sixToFour: "2002::/16, IPv4 seen through 6to4 (RFC 3056)"
        case .sixToFourRelay: "192.88.99.0/24, the withdrawn relays of 6to4 (RFC 7526)"
        case .teredo: "2001::/32, a Teredo tunnel (RFC 4380)"
        case .v4Mapped: "::ffff:0:0/96, IPv4 in the form of IPv6 (RFC 4291)"
        case .v4Compatible: "::/96, a withdrawn form of IPv4 in IPv6 (RFC 4291)"
        case .discard: "100::/64, a sink for unwanted traffic (RFC 6666)"
        case .dummy: "a range of stand-ins that no packet should carry (RFC 7600, RFC 9780)"
        case .orchid: "a range of identifiers, ORCHID (RFC 7343)"
        case .droneRemoteID: "a range of identifiers of aircraft (RFC 9374)"
        case .segmentRouting: "5f00::/16, segments of paths (RFC 9602)"
        case .siteLocal: "the withdrawn site-local range (RFC 3879)"
        }
    }
}
