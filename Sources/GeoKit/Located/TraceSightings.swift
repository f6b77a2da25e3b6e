import TraceCore

/// The addresses of a trace, each one once, with what a geolocator says about them.
///
/// An address that answers at several TTLs is in one place, so it counts once when other claims are judged by it.
struct TraceSightings {
    private(set) var addresses: [IPAddress] = []
    private(set) var sightings: [Plausibility.Sighting] = []
    private(set) var systems: [[AutonomousSystem]] = []
    /// The index of an address in the lists.
    private(set) var position: [IPAddress: Int] = [:]

    init(_ trace: TraceReport, _ geolocator: some Geolocator) {
        var names: [IPAddress: UntrustedText] = [:]
        for hop in trace.hops {
            for reply in hop.replies { add(reply, at: hop.ttl, &names) }
            for reply in hop.late { add(reply, at: hop.ttl, &names) }
        }
        for index in addresses.indices {
            let address = addresses[index]
            let findings = geolocator.locate(GeoSubject(address: address, name: names[address]))
            sightings[index].places = findings.places.map(\.finite)
            systems.append(findings.systems)
        }
    }

    private mutating func add(_ reply: TraceReport.HopReply, at ttl: Int, _ names: inout [IPAddress: UntrustedText]) {
        if let name = reply.name, names[reply.from] == nil { names[reply.from] = name }
        let rtt = Duration.nanoseconds(max(0, reply.rtt.wholeNanoseconds))
        guard let index = position[reply.from] else {
            position[reply.from] = addresses.count
            addresses.append(reply.from)
            sightings.append(Plausibility.Sighting(ttl: ttl, rtt: rtt, flows: [reply.flow], places: []))
            return
        }
        sightings[index].rtt = min(rtt, sightings[index].rtt ?? rtt)
        sightings[index].flows.insert(reply.flow)
    }
}

extension Place {
    /// The place with a radius that JSON can express. A database may contain infinity or a NaN.
    var finite: Place {
        guard let radiusKm, !radiusKm.isFinite else { return self }
        var place = self
        // Half of the Earth's circumference: nothing is farther away.
        place.radiusKm = radiusKm == .infinity ? 20_038 : nil
        return place
    }
}
