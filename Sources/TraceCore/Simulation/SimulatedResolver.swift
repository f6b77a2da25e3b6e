/// Knows the names of a simulated internet, both ways, and answers at once.
public struct SimulatedResolver: NameResolver {
    private let plan: SimulatedPlan

    init(_ plan: SimulatedPlan) { self.plan = plan }

    /// The addresses of a host or router, in the order of the topology; names are compared without case.
    public func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        if let address = IPAddress(name) { return [address] }
        var key = name.lowercased()
        if key.hasSuffix(".") { key.removeLast() }
        if let addresses = plan.names[key] { return addresses }
        let hosts = plan.hosts.prefix(20).map(\.name).joined(separator: ", ")
        throw ProbeError(
            .unknownHost,
            "The simulated internet \"\(UntrustedText(plan.name))\" has no host \"\(UntrustedText(name))\"",
            remedy: hosts.isEmpty ? nil : "It has \(hosts)")
    }

    /// The reverse name of an address, or nil if it has none.
    public func name(of address: IPAddress) async -> UntrustedText? { plan.reverseNames[address] }

    /// The reverse name of an address.
    public func known(_ address: IPAddress) -> KnownName {
        plan.reverseNames[address].map { .name($0) } ?? .none
    }
}
