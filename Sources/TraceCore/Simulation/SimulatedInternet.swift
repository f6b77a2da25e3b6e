/// An internet of your own, made from a few lines of text: routers, hosts, links and what is wrong with them.
///
/// It works on packets: any tool that sends one gets the answer that a real network would give.
///
/// ```swift
/// let internet = try SimulatedInternet(parsing: """
///     vantage here 192.0.2.10
///     router gw 192.0.2.1 delay=1ms
///     host there 203.0.113.7 delay=20ms name=there.example
///     path there: gw
///     """)
/// ```
public struct SimulatedInternet: Sendable {
    let plan: SimulatedPlan
    /// The wall-clock time at which the simulation starts.
    public let start: UTCTime

    /// The internet that a topology describes.
    ///
    /// - Parameters:
    ///   - text: The topology; `Documentation/Topologies.md` tells the format.
    ///   - name: What the text is called in messages, such as the name of its file.
    /// - Throws: `badInput` with the line and column of the mistake, and what was expected there.
    public init(parsing text: String, name: String = "topology") throws(ProbeError) {
        let topology = try TopologyParser.parse(text, name: name)
        guard let start = UTCTime(topology.start) else {
            throw TopologyMistake(
                "\"\(UntrustedText(topology.start))\" is no time", at: topology.startPosition,
                expected: "a time such as 2026-01-01T00:00:00Z"
            ).error(in: name)
        }
        plan = try TopologyCompiler.compile(topology, name: name)
        self.start = start
    }

    /// An internet without hosts.
    init(empty name: String) {
        let epoch = SimulatedEpoch(
            start: 0, nodes: [], steps: [], edges: [], entries: [-1, -1], rules: [], ports: [], extensions: []
        )
        plan = SimulatedPlan(
            name: name, seed: 0, vantages: [], nodeCount: 0, epochs: [epoch], destinations: [:], networks: [],
            names: [:], reverseNames: [:], hosts: [])
        start = .epoch
    }

    /// A host that probes can be sent to.
    public struct Host: Sendable, Hashable {
        /// The name that it is looked up by.
        public let name: String
        /// Its addresses, best first.
        public let addresses: [IPAddress]
    }

    /// The hosts, in the order of the text.
    public var hosts: [Host] { plan.hosts.map { Host(name: $0.name, addresses: $0.addresses) } }

    /// An address, and what it is called.
    public struct NamedAddress: Sendable, Hashable {
        /// The address.
        public let address: IPAddress
        /// What it is looked up as, if it has a name.
        public let reverse: UntrustedText?
        /// The names that lead to it.
        public let names: [String]
    }

    /// Everything that has a name, or that a name leads to, by address.
    public var namedAddresses: [NamedAddress] {
        var names: [IPAddress: [String]] = [:]
        for (name, addresses) in plan.names.sorted(by: { $0.key < $1.key }) {
            for address in addresses { names[address, default: []].append(name) }
        }
        return Set(names.keys).union(plan.reverseNames.keys).sorted().map { address in
            NamedAddress(address: address, reverse: plan.reverseNames[address], names: names[address] ?? [])
        }
    }

    /// The names of the places that probes can be sent from; the first is where they are sent from by default.
    public var vantages: [String] { plan.vantages.map(\.name) }

    /// The address of a vantage, or nil if there is no such vantage or it has none of the family.
    public func address(of vantage: String, _ family: IPAddress.Family) -> IPAddress? {
        guard let addresses = plan.vantages.first(where: { $0.name == vantage })?.addresses else {
            return nil
        }
        return family == .v4 ? addresses.v4 : addresses.v6
    }

    /// A network to send packets through, as it is at the start of the simulation.
    ///
    /// - Parameter seed: Decides what happens by chance, instead of the topology's own seed.
    package func network(seed: UInt64? = nil) -> SimulatedNetwork { SimulatedNetwork(plan, seed: seed) }

    /// Looks names up in the topology.
    public var resolver: any NameResolver { SimulatedResolver(plan) }
}

/// Knows the names of a simulated internet, both ways, and answers at once.
struct SimulatedResolver: NameResolver {
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
