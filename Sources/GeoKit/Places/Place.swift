public import TraceCore

/// Where a source says that an address is.
public struct Place: Sendable, Hashable, Codable {
    /// The source: the name of a database or of a rule.
    public var source: String
    /// The point, if the source gives one.
    public var coordinate: Coordinate?
    /// How far from the point the address may be, in kilometres, if the source says so.
    public var radiusKm: Double?
    /// The city, as the source spells it.
    public var city: UntrustedText?
    /// The state or province.
    public var region: UntrustedText?
    /// The two-letter code of the country.
    public var country: UntrustedText?

    /// A place; leave out what is unknown.
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

    /// The city and the country, or what is known instead: `Frankfurt, DE`. Text from databases is escaped.
    public var shortName: String {
        let names = [city ?? region, country].compactMap { $0?.short }
        if !names.isEmpty { return names.joined(separator: ", ") }
        return coordinate?.shortText ?? UntrustedText(source).short
    }
}

/// The network that a source says an address belongs to.
public struct AutonomousSystem: Sendable, Hashable, Codable {
    /// The source: the name of a database.
    public var source: String
    /// The number that routers know the network by.
    public var number: UInt32
    /// The name of the operator.
    public var name: UntrustedText?

    /// A network; leave out what is unknown.
    public init(source: String, number: UInt32, name: UntrustedText? = nil) {
        self.source = source
        self.number = number
        self.name = name
    }

    /// The number and the name: `AS64500 Example`. Text from databases is escaped.
    public var shortName: String { name.map { "AS\(number) \($0.short)" } ?? "AS\(number)" }
}

extension UntrustedText {
    /// At most 40 columns, so that the rest of the line has room.
    fileprivate var short: String { escaped(columns: 40) }
}

extension Coordinate {
    /// The point in hundredths of a degree: `50.11, -8.68`.
    fileprivate var shortText: String { "\(Self.hundredths(latitude)), \(Self.hundredths(longitude))" }

    private static func hundredths(_ degrees: Double) -> String {
        let whole = Int(degrees.magnitude * 100 + 0.5)
        let rest = whole % 100
        return "\(degrees < 0 && whole > 0 ? "-" : "")\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
