public import TraceCore

/// Says where addresses are: an address in, places with their sources out.
public protocol Geolocator: Sendable {
    /// The places that are known for an address, best first; none if nothing is known.
    func places(of address: IPAddress) -> [Place]
}

/// Asks several geolocators and keeps what each one says.
public struct GeolocatorChain: Geolocator {
    private let geolocators: [any Geolocator]

    /// A chain that asks in this order.
    public init(_ geolocators: [any Geolocator]) { self.geolocators = geolocators }

    /// What all of them say, in the order of the chain.
    public func places(of address: IPAddress) -> [Place] {
        geolocators.flatMap { $0.places(of: address) }
    }
}
