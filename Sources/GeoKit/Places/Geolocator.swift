public import TraceCore

/// Says where addresses are and whose they are.
///
/// One method is all that a source of places needs: an address goes in, and what the source knows comes out.
public protocol Geolocator: Sendable {
    /// What the source knows of an address. To know nothing is not an error.
    func locate(_ subject: GeoSubject) -> GeoFindings
}

/// The address to locate, and what else is known about it.
public struct GeoSubject: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// The reverse name of the address, if it is known. Names of routers often contain a city.
    public var name: UntrustedText?

    /// An address, with its reverse name if that is known.
    public init(address: IPAddress, name: UntrustedText? = nil) {
        self.address = address
        self.name = name
    }
}

/// What geolocators say about an address.
public struct GeoFindings: Sendable, Hashable, Codable {
    /// Where it may be, the most likely place first.
    public var places: [Place]
    /// The networks that it may belong to.
    public var systems: [AutonomousSystem]

    /// Findings; by default there are none.
    public init(places: [Place] = [], systems: [AutonomousSystem] = []) {
        self.places = places
        self.systems = systems
    }
}

/// Asks several geolocators and keeps every answer.
public struct GeolocatorChain: Geolocator {
    private let geolocators: [any Geolocator]

    /// A chain that asks the geolocators in this order.
    public init(_ geolocators: [any Geolocator]) { self.geolocators = geolocators }

    /// All answers, in the order of the chain.
    public func locate(_ subject: GeoSubject) -> GeoFindings {
        var all = GeoFindings()
        for geolocator in geolocators {
            let findings = geolocator.locate(subject)
            all.places += findings.places
            all.systems += findings.systems
        }
        return all
    }
}
