/// Which networks lie behind a link.
enum LinkRoutes {
    /// Everything, in the families that the vantage has.
    static func all(from vantage: AddressPair) -> [IPNetwork] {
        var routes: [IPNetwork] = []
        if vantage.v4 != nil { routes += [IPNetwork(containing: IPAddress(v4: 0), prefixLength: 0)].compactMap { $0 } }
        if vantage.v6 != nil { routes += [IPNetwork(containing: IPAddress(v6: 0), prefixLength: 0)].compactMap { $0 } }
        return routes
    }

    /// The hosts and routers of a topology, and the networks that hosts answer for.
    static func known(_ plan: SimulatedPlan, from vantage: AddressPair) -> [IPNetwork] {
        var routes = Set(plan.destinations.keys.map { IPNetwork($0) })
        for network in plan.networks {
            let length = Int(network.length)
            if let network = IPNetwork(containing: network.address, prefixLength: length) { routes.insert(network) }
        }
        for epoch in plan.epochs {
            for node in epoch.nodes {
                routes.formUnion([node.answersFrom.v4, node.answersFrom.v6].compactMap { $0.map { IPNetwork($0) } })
            }
        }
        return routes.filter { ($0.family == .v4 ? vantage.v4 : vantage.v6) != nil }.sorted()
    }
}
