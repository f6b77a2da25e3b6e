public import TraceCore

/// Where somebody says that an address is.
public struct Place: Sendable, Hashable, Codable {
    /// Who says so: a database's name, a rule's name.
    public var source: String
    /// The point, where one is given.
    public var coordinate: Coordinate?
    /// How far from the point the address may be, in kilometres, where the source says so.
    public var radiusKm: Double?
    /// The city, as the source spells it.
    public var city: UntrustedText?
    /// The state, province or the like.
    public var region: UntrustedText?
    /// The country's code of two letters.
    public var country: UntrustedText?

    /// A place; what is not given is not known.
    public init(
        source: String, coordinate: Coordinate? = nil, radiusKm: Double? = nil, city: UntrustedText? = nil,
        region: UntrustedText? = nil, country: UntrustedText? = nil
    ) {
        self.source = source
        self.coordinate = coordinate
        self.radiusKm = radiusKm
        self.city = city
        self.region = region
        self.country = country
    }
}
