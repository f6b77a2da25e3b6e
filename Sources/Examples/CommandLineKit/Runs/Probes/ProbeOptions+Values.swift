public import TraceCore

extension ProbeOptions {
    /// Refuses what does not go together, instead of ignoring a part of it.
    ///
    /// - Throws: A sentence about the first thing that is wrong.
    public func check(_ parsed: ParsedArguments, over network: NetworkOptions) throws(UsageError) {
        let method = method(in: parsed)
        if method == .icmp {
            for option in [port, sourcePort] {
                guard let spelling = parsed.spelling(of: option) else { continue }
                throw UsageError("\(spelling) is for UDP and TCP: ICMP has no ports")
            }
        }
        if method == .tcp, let spelling = parsed.spelling(of: size) ?? parsed.spelling(of: pattern) {
            throw UsageError("\(spelling) is not for TCP: connection requests are empty")
        }
        if method != .udp, let value = parsed.value(ifDeclared: identity), value.isForUDPOnly {
            throw UsageError("--identity \(value.rawValue) is for UDP")
        }
        if parsed.spelling(of: source) != nil, case .address = parsed.value(ifDeclared: interface) {
            throw UsageError("there are two addresses to send from")
        }
        try checkFamily(parsed)
        if parsed[network.realTime], parsed[network.network] == nil, parsed[network.replay] == nil {
            throw UsageError("--real-time is for a simulated network: give --network as well")
        }
        guard parsed[network.network] != nil else { return }
        let live = [
            parsed.spelling(of: source), parsed.spelling(of: interface), parsed.spelling(of: mark),
            parsed.spelling(of: sourcePort), parsed.spelling(of: mode),
        ]
        if let spelling = live.compactMap({ $0 }).first {
            throw UsageError("\(spelling) is for the real network: a simulated one has one place to send from")
        }
    }

    /// Refuses a first hop behind the last one.
    public static func check(
        _ first: Option<UInt8>, isNotBehind last: Option<UInt8>, in parsed: ParsedArguments
    ) throws(UsageError) {
        guard parsed[first] > parsed[last] else { return }
        let given = parsed.spelling(of: first) ?? "the first hop"
        let end =
            parsed.spelling(of: last).map { "\($0) \(parsed[last])" } ?? "\(parsed[last]), where it ends by default"
        throw UsageError("\(given) \(parsed[first]) is behind \(end)")
    }

    private func checkFamily(_ parsed: ParsedArguments) throws(UsageError) {
        let source = sourceAddress(in: parsed)
        if let spelling = parsed.spelling(of: flowLabel) {
            let isV4 = parsed.value(ifDeclared: ipv4)
            guard !isV4, source?.family != .v4 else {
                throw UsageError("\(spelling) is for IPv6: IPv4 has no flow labels")
            }
        }
        guard let source, let family = family(in: parsed), family != source.family else { return }
        throw UsageError("\(source) is an IP\(source.family) address, and nothing of IP\(family) is sent from there")
    }

    /// The only family that is asked: the one that was named, or else the one that another option leaves.
    private func family(in parsed: ParsedArguments) -> IPAddress.Family? {
        if parsed.value(ifDeclared: ipv4) { return .v4 }
        if parsed.value(ifDeclared: ipv6) || parsed.spelling(of: flowLabel) != nil { return .v6 }
        return sourceAddress(in: parsed)?.family
    }

    /// The address to send from, if one was given.
    private func sourceAddress(in parsed: ParsedArguments) -> IPAddress? {
        if case .address(let address) = parsed.value(ifDeclared: interface) { return address }
        return parsed.value(ifDeclared: source)
    }

    /// How it is asked.
    public func method(in parsed: ParsedArguments) -> ProbeMethod {
        if parsed.value(ifDeclared: icmp) { return .icmp }
        if parsed.value(ifDeclared: udp) { return .udp }
        if parsed.value(ifDeclared: tcp) { return .tcp }
        return habits.method
    }

    /// How the packets are made.
    public func packets(in parsed: ParsedArguments) -> PacketOptions {
        var packets = PacketOptions()
        packets.pattern = parsed.value(ifDeclared: pattern) ?? habits.usualPattern
        packets.trafficClass = parsed.value(ifDeclared: trafficClass) ?? 0
        packets.dontFragment =
            parsed.value(ifDeclared: dontFragment) || parsed.value(ifDeclared: pathMTU)?.forbidsFragments ?? false
        packets.flowLabel = parsed.value(ifDeclared: flowLabel)
        packets.identity = parsed.value(ifDeclared: identity)?.identity ?? .automatic
        return packets
    }

    /// The request that the command line makes.
    ///
    /// Where no family was asked for, it is that of the address to send from; and who gives a flow label means IPv6.
    ///
    /// - Parameters:
    ///   - hosts: The hosts as they were typed.
    ///   - work: What is done.
    ///   - method: How to ask, where not as the command line says. The ports that were given are not for another method.
    ///   - parsed: The command line.
    public func request(
        _ hosts: [String], _ work: RunRequest.Work, by method: ProbeMethod? = nil, in parsed: ParsedArguments
    ) -> RunRequest {
        let asked = self.method(in: parsed)
        let method = method ?? asked
        let port = method == asked ? parsed.value(ifDeclared: port) : nil
        let transport: ProbeTransport =
            switch method {
            case .udp: port.map { .udp(port: $0) } ?? .udp
            case .tcp: port.map { .tcp(port: $0) } ?? .tcp
            default: .icmp
            }
        var live = LiveProber.Options(packets: packets(in: parsed))
        live.mode = parsed.value(ifDeclared: mode) ?? .automatic
        live.source = sourceAddress(in: parsed)
        if case .interface(let name) = parsed.value(ifDeclared: interface) { live.interface = name }
        live.mark = parsed.value(ifDeclared: mark)
        if method != .icmp { live.sourcePort = parsed.value(ifDeclared: sourcePort) }
        return RunRequest(
            hosts, work, by: transport, live: live, family: family(in: parsed),
            names: !parsed.value(ifDeclared: numeric))
    }

    /// The payload of a probe to a target of a family, or nil for the prober's own.
    ///
    /// - Throws: A sentence about a packet that has no room for its headers.
    public func payload(for family: IPAddress.Family, in parsed: ParsedArguments) throws(UsageError) -> UInt16? {
        guard let bytes = parsed.value(ifDeclared: size) ?? habits.usualSize else { return nil }
        guard habits.size == .packet else { return UInt16(clamping: bytes) }
        return try payload(ofPacket: bytes, family, in: parsed)
    }

    /// The payload of an ICMP or UDP packet of a size, IP header and all.
    ///
    /// - Throws: A sentence about a packet that is too large, or has no room for what a probe needs.
    public func payload(
        ofPacket bytes: Int, _ family: IPAddress.Family, by method: ProbeMethod? = nil, in parsed: ParsedArguments
    ) throws(UsageError) -> UInt16 {
        guard bytes <= 65535 else {
            throw UsageError("a packet of \(bytes) bytes is too large: the largest has 65535")
        }
        // The IP header, and the eight bytes that the headers of ICMP and UDP have alike.
        let headers = (family == .v4 ? 20 : 40) + 8
        // Where the ports stay the same, the checksum tells UDP probes apart, and two bytes keep it right.
        let isCounted = parsed.value(ifDeclared: identity) == .classic
        let least = headers + ((method ?? self.method(in: parsed)) == .udp && !isCounted ? 2 : 0)
        guard bytes >= least else {
            let needs = least > headers ? "its headers and two bytes of its own" : "its headers"
            throw UsageError("a packet of \(bytes) bytes has no room for \(needs): IP\(family) needs \(least)")
        }
        return UInt16(bytes - headers)
    }
}
