public import TraceCore

/// Where somebody says that an address is.
public struct Place: Sendable, Hashable, Codable {
    /// Who says so: a database's name, a rule's name.
    public var source: String
    /// The point, where one is given.
    public var coordinate: Coordinate?
    /// The city, as the source spells it.
    public var city: UntrustedText?
    /// The country's code of two letters.
    public var country: UntrustedText?

    /// A place; what is not given is not known.
    public init(
        source: String, coordinate: Coordinate? = nil, city: UntrustedText? = nil,
        country: UntrustedText? = nil
    ) {
        self.source = source
        self.coordinate = coordinate
        self.city = city
        self.country = country
    }
}
