/// Counts the runs that go on, in all, for each client and for each target, and the look-ups of names.
///
/// It holds an entry only for those who have a run, so it is no larger than what is allowed.
struct RunGate: Sendable {
    /// Who asks: an address, of IPv6 the network of 64 bits that a host is given at the least; or any other name.
    enum Client: Sendable, Hashable {
        case network(IPAddress)
        case name(String)

        init(_ text: String) {
            guard let address = IPAddress(text) else {
                self = .name(text)
                return
            }
            self = .network(address.counted)
        }
    }

    private let quotas: ProbeService.Quotas
    private var running = 0
    private var clients: [Client: Int] = [:]
    private var targets: [IPAddress: Int] = [:]
    /// When the budget of look-ups will be as if none had been made.
    private var lookUpsFreeAt: Duration = .zero
    /// How long runs last, the last ones counting most.
    private var typical: Duration = .seconds(5)

    init(_ quotas: ProbeService.Quotas) { self.quotas = quotas }

    /// How many runs go on.
    var count: Int { running }

    /// Lets a run of a client in, if there is room for one.
    mutating func enter(_ client: Client) throws(RequestError) {
        guard running < quotas.runs else {
            throw full("\(quotas.runs) runs are going on, which is the most here", places: quotas.runs)
        }
        let own = clients[client, default: 0]
        guard own < quotas.runsPerClient else {
            throw full(
                "\(quotas.runsPerClient) of your runs are going on, which is the most for one client",
                places: quotas.runsPerClient)
        }
        clients[client] = own + 1
        running += 1
    }

    /// Counts the targets of a run that has entered; all of them or none.
    mutating func aim(at addresses: [IPAddress]) throws(RequestError) {
        for address in addresses where targets[address.counted, default: 0] >= quotas.runsPerTarget {
            throw full(
                "\(quotas.runsPerTarget) runs are going on for this target, which is the most for one",
                places: quotas.runsPerTarget)
        }
        for address in addresses { targets[address.counted, default: 0] += 1 }
    }

    /// Takes a run out that has entered.
    ///
    /// - Parameters:
    ///   - client: Whose run it was.
    ///   - addresses: What it was aimed at.
    ///   - length: How long it lasted, or nil if it was refused later on.
    mutating func leave(_ client: Client, aimedAt addresses: [IPAddress], after length: Duration?) {
        running -= 1
        Self.decrease(&clients, client)
        for address in addresses { Self.decrease(&targets, address.counted) }
        if let length { typical = typical + (length - typical) / 8 }
    }

    /// Counts look-ups that are about to be made.
    mutating func lookUp(_ count: Int, at now: Duration) throws(RequestError) {
        guard let rate = quotas.lookUpsPerSecond, count > 0 else { return }
        // A second's worth at once, and then as the rate has it.
        let free = max(lookUpsFreeAt, now) + .seconds(count) / max(1, rate)
        let burst = Duration.seconds(max(1, (count + rate - 1) / max(1, rate)))
        guard free <= now + burst else {
            throw RequestError(
                .limited, "Names are looked up \(rate) times a second at the most here", retryAfter: free - now - burst)
        }
        lookUpsFreeAt = free
    }

    /// There is no room; one of so many places will be free after about this time.
    private func full(_ message: String, places: Int) -> RequestError {
        RequestError(
            .limited, message, retryAfter: min(max(typical / max(1, places), .seconds(1)), .seconds(60)))
    }

    private static func decrease<Key>(_ counts: inout [Key: Int], _ key: Key) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}

extension IPAddress {
    /// What counts as one host: an IPv4 address also in the form of IPv6, and of IPv6 the first 64 bits.
    var counted: IPAddress {
        guard isV6 else { return self }
        if range == .v4Mapped, let embedded = embeddedIPv4 { return embedded }
        return IPAddress(v6: (bits >> 64) << 64)
    }
}
