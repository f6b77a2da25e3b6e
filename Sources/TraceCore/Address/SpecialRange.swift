/// What an address is reserved for, by the IANA special-purpose registries (RFC 6890 and its updates).
public enum SpecialRange: String, Sendable, Hashable, CaseIterable, Codable {
    /// An ordinary address of the public internet.
    case global
    /// No address: `0.0.0.0` or `::`.
    case unspecified
    /// "This network", `0.0.0.0/8` (RFC 791).
    case thisNetwork
    /// A private network: `10/8`, `172.16/12`, `192.168/16` (RFC 1918).
    case `private`
    /// Between a provider's NAT and its customers, `100.64/10` (RFC 6598).
    case sharedNAT
    /// The host itself: `127/8` or `::1`.
    case loopback
    /// One link only: `169.254/16` (RFC 3927) or `fe80::/10` (RFC 4291).
    case linkLocal
    /// Set aside for protocols: `192.0.0/24` or `2001::/23` (RFC 6890, RFC 2928).
    case protocolAssignments
    /// An anycast service of the network one is in: Port Control Protocol, TURN, DNS-SD (RFC 7723, RFC 8155, RFC 9665).
    case serviceAnycast
    /// The sink for reverse look-ups of private addresses (RFC 7534, RFC 7535).
    case as112
    /// A relay for multicast over unicast networks (RFC 7450).
    case multicastTunneling
    /// For manuals and examples: `192.0.2/24`, `198.51.100/24`, `203.0.113/24`, `2001:db8::/32`, `3fff::/20`.
    case documentation
    /// For measuring devices in a laboratory: `198.18/15` (RFC 2544) or `2001:2::/48` (RFC 5180).
    case benchmarking
    /// A group of hosts: `224/4` or `ff00::/8`.
    case multicast
    /// Kept for the future: `240/4` (RFC 1112), or IPv6 outside what has been given a use.
    case reserved
    /// Every host of the link, `255.255.255.255` (RFC 919).
    case broadcast
    /// A private IPv6 network, `fc00::/7` (RFC 4193).
    case uniqueLocal
    /// An IPv4 address seen through NAT64, `64:ff9b::/96` (RFC 6052).
    case nat64
    /// An IPv4 address seen through a network's own translator, `64:ff9b:1::/48` (RFC 8215).
    case nat64Local
    /// A site reached through its IPv4 address, `2002::/16` (RFC 3056).
    case sixToFour
    /// The withdrawn anycast address of 6to4 relays, `192.88.99/24` (RFC 7526).
    case sixToFourRelay
    /// A host reached through UDP over IPv4, `2001::/32` (RFC 4380).
    case teredo
    /// An IPv4 address as an IPv6 socket shows it, `::ffff:0:0/96` (RFC 4291).
    case v4Mapped
    /// The withdrawn form of an IPv4 address in IPv6, `::/96` (RFC 4291).
    case v4Compatible
    /// A sink for unwanted traffic, `100::/64` (RFC 6666).
    case discard
    /// A stand-in that no packet should carry: `192.0.0.8` (RFC 7600) or `100:0:0:1::/64` (RFC 9780).
    case dummy
    /// A cryptographic identifier in the form of an address, `2001:10::/28` or `2001:20::/28` (RFC 7343).
    case orchid
    /// The identity of an unmanned aircraft, `2001:30::/28` (RFC 9374).
    case droneRemoteID
    /// A segment of a path, `5f00::/16` (RFC 9602).
    case segmentRouting
    /// The withdrawn site-local addresses, `fec0::/10` (RFC 3879).
    case siteLocal
}
