public import TraceCore

/// Says where addresses are: an address in, places with their sources out.
public protocol Geolocator: Sendable {
    /// All that is known about an address; nothing is no error.
    func locate(_ subject: GeoSubject) -> GeoFindings
}

/// What is to be located: an address, and what else is known of it.
public struct GeoSubject: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// The reverse name of the address, where it is known: those of routers often tell a city.
    public var name: UntrustedText?

    /// An address, with its reverse name if that is known.
    public init(_ address: IPAddress, name: UntrustedText? = nil) {
        self.address = address
        self.name = name
    }
}

/// What geolocators say of an address, each under its own name.
public struct GeoFindings: Sendable, Hashable, Codable {
    /// Where it may be, the likeliest first.
    public var places: [Place]
    /// Whose it is.
    public var systems: [AutonomousSystem]

    /// Findings; none unless they are given.
    public init(places: [Place] = [], systems: [AutonomousSystem] = []) {
        self.places = places
        self.systems = systems
    }
}

/// Asks several geolocators and keeps what each one says.
public struct GeolocatorChain: Geolocator {
    private let geolocators: [any Geolocator]

    /// A chain that asks in this order.
    public init(_ geolocators: [any Geolocator]) { self.geolocators = geolocators }

    /// What all of them say, in the order of the chain.
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
