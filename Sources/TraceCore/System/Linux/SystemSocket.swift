#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// A socket that sends and receives packets, never waiting.
    ///
    /// A reference keeps it open; so a socket that is given up while another thread sends on it is closed after that.
    final class SystemSocket: Sendable {
        let descriptor: Descriptor
        let kind: Kind
        let family: IPAddress.Family

        init(_ kind: Kind, _ family: IPAddress.Family) throws(SystemError) {
            let icmp = family == .v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6
            let (type, proto): (__socket_type, Int) =
                switch kind {
                case .datagram: (SOCK_DGRAM, IPPROTO_UDP)
                case .echo: (SOCK_DGRAM, icmp)
                case .stream: (SOCK_STREAM, IPPROTO_TCP)
                case .rawSending: (SOCK_RAW, IPPROTO_RAW)
                case .rawICMP: (SOCK_RAW, icmp)
                case .rawTCP: (SOCK_RAW, IPPROTO_TCP)
                }
            descriptor = try Descriptor(
                tracecore_socket(Int32(family.rawValue), Int32(type.rawValue), Int32(proto)))
            self.kind = kind
            self.family = family
        }

        /// How many descriptors this process may have.
        static var descriptorLimit: Int { Int(max(0, tracecore_descriptor_limit())) }

        /// Asks for as many descriptors as this process may ask for.
        static func raiseDescriptorLimit() { tracecore_raise_descriptor_limit() }

        private var number: Int32 { descriptor.number }
        private var isV4: Bool { family == .v4 }

        private func set(_ v4: Int32, _ v6: Int32, _ value: Int32) throws(SystemError) {
            try SystemError.check(
                isV4
                    ? tracecore_set(number, Int32(IPPROTO_IP), v4, value)
                    : tracecore_set(number, Int32(IPPROTO_IPV6), v6, value))
        }

        // MARK: - What it is asked to tell

        /// Keeps ICMP errors with what they quote, and tells the hops and the class of what comes.
        func reportErrors() throws(SystemError) {
            try set(IP_RECVERR, IPV6_RECVERR, 1)
            // Not before Linux 5.9 (IPv4) or 5.10 (IPv6): without, labels and interfaces are not known.
            try? set(TRACECORE_IP_RECVERR_RFC4884, TRACECORE_IPV6_RECVERR_RFC4884, 1)
        }

        func reportHeaders() throws(SystemError) {
            try set(IP_RECVTTL, IPV6_RECVHOPLIMIT, 1)
            try set(IP_RECVTOS, IPV6_RECVTCLASS, 1)
            if !isV4 { try set(0, IPV6_RECVPKTINFO, 1) }
        }

        /// Lets the kernel stamp what comes, and what is sent where a packet asks for it.
        func reportStamps(ofSent: Bool) throws(SystemError) {
            try SystemError.check(tracecore_enable_stamps(number, ofSent ? 1 : 0))
        }

        /// Makes room for that many bytes of unread packets, or for as many as this user may have.
        func reserve(receiving bytes: Int32) {
            if tracecore_set(number, SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0 {
                _ = tracecore_set(number, SOL_SOCKET, SO_RCVBUF, bytes)
            }
        }

        // MARK: - How it sends

        /// Uses IPv6 only, so that an IPv4 socket can have the same port.
        func useOwnFamilyOnly() throws(SystemError) {
            if !isV4 { try set(0, IPV6_V6ONLY, 1) }
        }

        func setTTL(_ ttl: UInt8) throws(SystemError) { try set(IP_TTL, IPV6_UNICAST_HOPS, Int32(ttl)) }

        func setTrafficClass(_ value: UInt8) throws(SystemError) { try set(IP_TOS, IPV6_TCLASS, Int32(value)) }

        /// Whether routers must not cut its packets. Either way nothing that was learnt about the path is applied.
        func setDontFragment(_ value: Bool) throws(SystemError) {
            // To a connection, probing the path's MTU does not mean to forbid fragments.
            let forbidden = kind == .stream ? IP_PMTUDISC_DO : IP_PMTUDISC_PROBE
            try set(
                IP_MTU_DISCOVER, IPV6_MTU_DISCOVER,
                value ? forbidden : isV4 ? IP_PMTUDISC_DONT : IPV6_PMTUDISC_DONT)
            if !isV4 { try set(0, IPV6_DONTFRAG, value ? 1 : 0) }
        }

        /// Lets it write its own IP headers.
        func writeHeaders() throws(SystemError) { try set(IP_HDRINCL, TRACECORE_IPV6_HDRINCL, 1) }

        /// Sends under IPv6's flow label where a packet or a connection names it; 0 is an empty one.
        func use(flowLabel: UInt32) throws(SystemError) {
            if flowLabel == 0 { return try drawNoFlowLabel() }
            try SystemError.check(tracecore_use_flow_label(number, flowLabel))
        }

        func bind(toInterface name: String) throws(SystemError) {
            var bytes = Array(name.utf8)
            bytes.append(0)
            try SystemError.check(
                unsafe tracecore_set_bytes(number, SOL_SOCKET, SO_BINDTODEVICE, bytes, UInt32(bytes.count)))
        }

        /// Sets the mark that routing rules and the firewall know its packets by.
        func mark(_ mark: UInt32) throws(SystemError) {
            try SystemError.check(tracecore_set(number, SOL_SOCKET, SO_MARK, Int32(bitPattern: mark)))
        }

        /// Lets it send to broadcast addresses.
        func allowBroadcast() throws(SystemError) {
            try SystemError.check(tracecore_set(number, SOL_SOCKET, SO_BROADCAST, 1))
        }

        /// `IPV6_AUTOFLOWLABEL` of <linux/in6.h>.
        private static let autoFlowLabel: Int32 = 70

        /// Leaves IPv6's flow label empty, where each connection or flow would draw one of its own.
        func drawNoFlowLabel() throws(SystemError) {
            if !isV4 {
                try SystemError.check(tracecore_set(number, Int32(IPPROTO_IPV6), Self.autoFlowLabel, 0))
            }
        }

        /// Lets the socket share a port with other sockets that allow it too.
        func shareAddress() throws(SystemError) {
            try SystemError.check(tracecore_set(number, SOL_SOCKET, SO_REUSEADDR, 1))
        }

        func bind(to address: IPAddress?, port: UInt16) throws(SystemError) {
            let any = isV4 ? IPAddress(v4: 0) : IPAddress(v6: 0)
            var endpoint = tracecore_endpoint(address ?? any, port: port)
            try SystemError.check(unsafe tracecore_bind(number, &endpoint))
        }

        func connect(to address: IPAddress, port: UInt16, flowLabel: UInt32 = 0) throws(SystemError) {
            var endpoint = tracecore_endpoint(address, port: port)
            try SystemError.check(unsafe tracecore_connect(number, &endpoint, flowLabel))
        }

        /// What fits the way to where it is connected, as far as the system knows.
        var pathMTU: Int? {
            let mtu =
                isV4
                ? tracecore_get(number, Int32(IPPROTO_IP), IP_MTU)
                : tracecore_get(number, Int32(IPPROTO_IPV6), IPV6_MTU)
            return mtu > 0 ? Int(mtu) : nil
        }

        /// Where it sends from, once it is bound or connected.
        var local: (address: IPAddress, port: UInt16)? {
            var endpoint = tracecore_endpoint()
            guard unsafe tracecore_local_endpoint(number, &endpoint) == 0, let address = IPAddress(endpoint) else {
                return nil
            }
            return (address, endpoint.port)
        }

        // MARK: - What it receives

        /// Lets a raw ICMP socket receive messages of these types only.
        func admit(types: [UInt8]) throws(SystemError) {
            try SystemError.check(
                unsafe tracecore_admit_icmp(number, Int32(family.rawValue), types, Int32(types.count)))
        }

        /// Lets a raw TCP socket receive only what can answer a connection request.
        func admitHandshakes() throws(SystemError) {
            try SystemError.check(tracecore_admit_handshakes(number, Int32(family.rawValue)))
        }

        /// The error that a connection has come to, and takes it off.
        var pendingError: SystemError? {
            let number = tracecore_get(number, SOL_SOCKET, SO_ERROR)
            return number == 0 ? nil : SystemError(number: abs(number))
        }

        /// How long the handshake of a connection took, as the kernel measured it, in nanoseconds.
        var handshakeTime: Int64? {
            let microseconds = tracecore_handshake_time(number)
            return microseconds > 0 ? Int64(microseconds) * 1000 : nil
        }

        /// Drops a connection without a farewell.
        func abort() {
            var linger: (Int32, Int32) = (1, 0)
            _ = unsafe tracecore_set_bytes(number, SOL_SOCKET, SO_LINGER, &linger, 8)
        }

        // MARK: - Sending

        /// Sends a packet, or a part of one where the kernel writes the headers.
        func send(
            _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: Dispatch
        ) throws(SystemError) {
            var endpoint = tracecore_endpoint(target, port: port)
            var how = tracecore_dispatch(
                ttl: dispatch.ttl.map(Int32.init) ?? -1, traffic_class: dispatch.trafficClass.map(Int32.init) ?? -1,
                flow_label: dispatch.flowLabel, stamp_id: dispatch.stampID ?? 0,
                wants_stamp: dispatch.wantsStamp ? 1 : 0, names_stamp: dispatch.stampID != nil ? 1 : 0)
            let sent = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe tracecore_send(number, &endpoint, bytes.baseAddress, bytes.count, &how)
            }
            guard sent >= 0 else { throw SystemError(number: Int32(-sent)) }
        }

        /// Takes the stamps of sent packets off the error queue of a socket that gets nothing else there.
        func readStamps(_ body: (_ id: UInt32, _ stamp: Int64) -> Void) {
            var ids = Array(repeating: UInt32(0), count: Int(TRACECORE_BATCH))
            var stamps = Array(repeating: Int64(0), count: Int(TRACECORE_BATCH))
            while true {
                let count = unsafe tracecore_read_stamps(number, &ids, &stamps, Int32(TRACECORE_BATCH))
                guard count > 0 else { return }
                for index in 0..<Int(count) where stamps[index] > 0 { body(ids[index], stamps[index]) }
                if count < Int32(TRACECORE_BATCH) { return }
            }
        }
    }

    /// A descriptor that is closed when its owner goes, and cannot be forgotten or closed twice.
    struct Descriptor: ~Copyable, Sendable {
        let number: Int32

        /// Takes what a system call returned: a descriptor, or a negated error number.
        init(_ result: Int32) throws(SystemError) {
            guard result >= 0 else { throw SystemError(number: -result) }
            number = result
        }

        deinit { _ = tracecore_close(number) }

        /// Hands the descriptor to the caller, who closes it.
        consuming func take() -> Int32 {
            let number = number
            discard self
            return number
        }
    }
#endif
