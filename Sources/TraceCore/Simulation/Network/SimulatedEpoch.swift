/// The network as it is from one time to the next: tables of plain values, and indices between them.
struct SimulatedEpoch: Sendable {
    let start: Int64
    let nodes: [SimulatedNode]
    let steps: [SimulatedStep]
    let edges: [SimulatedEdge]
    /// The first step from a vantage to a node, or -1; see `entryIndex`.
    let entries: [Int32]
    let rules: [FirewallRule]
    let ports: [PortRange]
    /// The extension structures of all routers that send one.
    let extensions: [UInt8]
}

/// What does not change over time.
struct SimulatedPlan: Sendable {
    let name: String
    let seed: UInt64
    let vantages: [Topology.Vantage]
    let nodeCount: Int
    let epochs: [SimulatedEpoch]
    let destinations: [IPAddress: Int32]
    let networks: [HostNetwork]
    let names: [String: [IPAddress]]
    let reverseNames: [IPAddress: UntrustedText]
    let hosts: [(name: String, addresses: [IPAddress])]

    /// Addresses that one host answers for.
    struct HostNetwork: Sendable {
        let address: IPAddress
        let length: UInt8
        let node: Int32

        func contains(_ other: IPAddress) -> Bool {
            guard other.family == address.family else { return false }
            let shift = address.family.bitWidth - Int(length)
            return shift == 128 || (other.bits ^ address.bits) >> UInt128(shift) == 0
        }
    }

    /// The node that answers at an address, or nil for one that only the default way leads to.
    func node(at address: IPAddress) -> Int32? {
        if let node = destinations[address] { return node }
        return networks.first { $0.contains(address) }?.node
    }

    /// Where the entry is that leads from a vantage to a node; the node count stands for the default way.
    func entryIndex(vantage: Int, family: IPAddress.Family, node: Int32?) -> Int {
        (vantage * 2 + (family == .v4 ? 0 : 1)) * (nodeCount + 1) + (node.map(Int.init) ?? nodeCount)
    }

    /// The vantage that has an address, or nil if none has.
    func vantage(of source: IPAddress) -> Int? {
        vantages.firstIndex { $0.addresses.v4 == source || $0.addresses.v6 == source }
    }
}
