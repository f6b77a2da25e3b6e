public import TraceCore

/// What is known of the addresses of a path beyond their names: whose networks they are in, and where they are.
public protocol PathGeography: Sendable {
    /// The facts that can be known.
    var known: Set<PathFact> { get }
    /// What is known of the addresses of a path, as far as it is possible.
    func facts(of path: MonitorReport) -> [IPAddress: PathFacts]
    /// Where the probes come from, if that is known: longitude and latitude in degrees.
    var home: SIMD2<Double>? { get }
    /// The outlines of the land: longitudes and latitudes.
    var land: [[SIMD2<Double>]] { get }
    /// The shortest way between two points on the map, around a central meridian: lines, in longitudes from that meridian.
    func way(from first: SIMD2<Double>, to second: SIMD2<Double>, center: Double) -> [[SIMD2<Double>]]
}

/// What is known of an address.
public struct PathFacts: Sendable, Hashable {
    /// The number of its network.
    public var number: UInt32?
    /// Whose network it is.
    public var network: UntrustedText?
    /// The range of addresses that the database has an entry for.
    public var prefix: IPNetwork?
    /// The two letters of the country.
    public var country: UntrustedText?
    /// The place, in words.
    public var place: String?
    /// The place: longitude and latitude in degrees.
    public var point: SIMD2<Double>?

    /// Facts; leave out what is unknown.
    public init(
        number: UInt32? = nil, network: UntrustedText? = nil, prefix: IPNetwork? = nil, country: UntrustedText? = nil,
        place: String? = nil, point: SIMD2<Double>? = nil
    ) {
        self.number = number
        self.network = network
        self.prefix = prefix
        self.country = country
        self.place = place
        self.point = point
    }
}

/// A fact of an address that has a column, in the order of `mtr -y`.
public enum PathFact: Int, Sendable, Hashable, CaseIterable {
    case number, prefix, country, network, place

    /// What it is called on a command line.
    public var word: String { "\(self)" }

    /// The number that mtr's `-y` has for it.
    public var mtrNumber: Int? { rawValue < 3 ? rawValue : nil }

    /// The heading of the column.
    var title: String {
        switch self {
        case .number: "ASN"
        case .prefix: "Prefix"
        case .country: "CC"
        case .network: "Network"
        case .place: "Place"
        }
    }

    /// The most columns that it takes.
    var mostColumns: Int {
        switch self {
        case .number: 10
        case .prefix: 20
        case .country: 4
        case .network, .place: 24
        }
    }

    /// The fact as text, or nil where it is not known.
    public func text(of facts: PathFacts?) -> UntrustedText? {
        switch self {
        case .number: UntrustedText(facts?.number.map { "AS\($0)" } ?? "AS???")
        case .prefix: facts?.prefix.map { UntrustedText("\($0)") }
        case .country: facts?.country
        case .network: facts?.network ?? facts?.number.map { UntrustedText("AS\($0)") }
        case .place: facts?.place.map { UntrustedText($0) }
        }
    }
}
