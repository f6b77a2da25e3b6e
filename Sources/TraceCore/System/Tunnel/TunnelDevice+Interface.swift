internal import CTraceCoreSystem

extension TunnelDevice {
    /// How the interface is set up.
    struct Setup {
        /// The addresses of this machine on it.
        var addresses: [IPAddress]
        /// What is reached through it.
        var routes: [IPNetwork]
        /// The largest packet.
        var mtu: Int32
        /// How many packets may wait for being read, if the system allows it.
        var queue: Int32
    }

    // The calls below read texts and addresses for as long as they last, and write nothing: that is what makes the
    // arguments of each sound.

    /// Sets the interface up and brings it up.
    func configure(_ setup: Setup) throws(ProbeError) {
        let control = try Control(isV6: false)
        try check(unsafe tracecore_tunnel_set_mtu(control.descriptor, name, setup.mtu), "The MTU \(setup.mtu)")
        // Only root of the whole machine may; a few hundred packets fit without.
        _ = unsafe tracecore_tunnel_set_queue(control.descriptor, name, setup.queue)
        relax()
        try check(unsafe tracecore_tunnel_bring_up(control.descriptor, name), "The state up")
        for address in setup.addresses {
            guard let bits = address.v4Bits else { continue }
            try check(unsafe tracecore_tunnel_add_address_v4(control.descriptor, name, bits), "The address \(address)")
        }
        for route in setup.routes {
            guard let bits = route.first.v4Bits else { continue }
            let length = Int32(route.prefixLength)
            try check(
                unsafe tracecore_tunnel_add_route_v4(control.descriptor, name, bits, length), "The route to \(route)")
        }
        // Not every system has IPv6, and not every topology needs it.
        if setup.addresses.contains(where: \.isV6) { try configureV6(setup) }
    }

    private func configureV6(_ setup: Setup) throws(ProbeError) {
        let control = try Control(isV6: true)
        for address in setup.addresses where address.isV6 {
            let bytes = address.bytes
            try check(unsafe tracecore_tunnel_add_address_v6(name, bytes), "The address \(address)")
        }
        for route in setup.routes where route.family == .v6 {
            let bytes = route.first.bytes
            let length = Int32(route.prefixLength)
            try check(
                unsafe tracecore_tunnel_add_route_v6(control.descriptor, name, bytes, length), "The route to \(route)")
        }
    }

    /// Turns off what would only disturb; where a setting is missing or cannot be written, it does disturb a little.
    private func relax() {
        // Answers come from routers that this machine has no route to.
        _ = unsafe tracecore_tunnel_set("ipv4", name, "rp_filter", "0")
        _ = unsafe tracecore_tunnel_set("ipv6", name, "disable_ipv6", "0")
        // Nobody on the other side advertises anything, or could have an address already: the kernel's own for the link
        // is not to be tried out first.
        _ = unsafe tracecore_tunnel_set("ipv6", name, "accept_ra", "0")
        _ = unsafe tracecore_tunnel_set("ipv6", name, "accept_dad", "0")
    }

    private func check(_ result: Int32, _ what: String) throws(ProbeError) {
        guard result < 0 else { return }
        switch -result {
        case EACCES, EPERM:
            throw ProbeError(
                .notPermitted, "\(what) of the interface \(name) is not permitted",
                remedy: "Run as root (sudo), or with the capability CAP_NET_ADMIN; an IPv6 address also needs IPv6 "
                    + "not to be disabled",
                systemError: -result)
        default:
            throw ProbeError(
                .network, "\(what) of the interface \(name) is not possible: \(Self.message(-result))",
                systemError: -result)
        }
    }

    /// A socket that interfaces are asked through.
    private struct Control: ~Copyable {
        let descriptor: Int32

        init(isV6: Bool) throws(ProbeError) {
            let result = tracecore_tunnel_control(isV6 ? 1 : 0)
            guard result >= 0 else {
                let remedy = isV6 ? "Give the vantage no IPv6 address, or load IPv6" : nil
                throw ProbeError(
                    .unsupported, "The system has no \(isV6 ? "IPv6" : "IPv4"): \(message(-result))",
                    remedy: remedy, systemError: -result)
            }
            descriptor = result
        }

        deinit { tracecore_tunnel_close(descriptor) }
    }
}
