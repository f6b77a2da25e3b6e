public import TraceCore

/// Looks addresses up in a database of any vendor.
///
/// It knows the keys of MaxMind and DB-IP (`city.names.en`, `country.iso_code`, `location.latitude`) and the flat keys
/// of IPinfo (`city`, `country_code`, `lat`, `lng`, `asn`). A database of autonomous systems gives systems and no
/// places.
public struct MMDBGeolocator: Geolocator {
    /// The source that its findings name: the type of the database, or the name given for it.
    public let name: String
    private let database: MMDBDatabase

    /// A geolocator that reads a database.
    public init(_ database: MMDBDatabase, name: String? = nil) {
        self.database = database
        self.name = name ?? database.metadata.databaseType.word
    }

    /// The range of addresses that the database has the record of this address for, or nil if it has none.
    public func network(of address: IPAddress) -> IPNetwork? {
        guard let result = try? database.lookup(address), result.record != nil else { return nil }
        return result.network
    }

    /// What the database says. A record that cannot be read counts as no record.
    public func locate(_ subject: GeoSubject) -> GeoFindings {
        guard let record = try? database.lookup(subject.address).record, let value = try? record.value() else {
            return GeoFindings()
        }
        return GeoFindings(record: value, source: name)
    }
}

extension GeoFindings {
    /// What a record says, in any of the known spellings.
    init(record: MMDBValue, source: String) {
        self.init()
        let place = Place(
            source: source, coordinate: Coordinate(in: record),
            radiusKm: record["location", "accuracy_radius"]?.number ?? record["radius"]?.number,
            city: record["city"]?.name,
            region: record["subdivisions"]?.first?.name ?? record["region"]?.name ?? record["stateprov"]?.name,
            country: (record["country", "iso_code"] ?? record["country_code"]).flatMap(\.code)
                ?? record["country"]?.code ?? record["registered_country", "iso_code"]?.code)
        if place.coordinate != nil || place.city != nil || place.country != nil { places.append(place) }
        if let system = AutonomousSystem(in: record, source: source) { systems.append(system) }
    }
}

extension Coordinate {
    fileprivate init?(in record: MMDBValue) {
        let latitude = record["location", "latitude"] ?? record["latitude"] ?? record["lat"]
        let longitude = record["location", "longitude"] ?? record["longitude"] ?? record["lng"] ?? record["lon"]
        if let latitude = latitude?.number, let longitude = longitude?.number {
            self.init(latitude: latitude, longitude: longitude)
            return
        }
        // Both in one string, as in "37.4056,-122.0775".
        guard let both = record["loc"]?.text?.raw.split(separator: ","), both.count == 2,
            let latitude = Double(both[0]), let longitude = Double(both[1])
        else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }
}

extension AutonomousSystem {
    fileprivate init?(in record: MMDBValue, source: String) {
        let number = record["autonomous_system_number"] ?? record["traits", "autonomous_system_number"] ?? record["asn"]
        let name =
            record["autonomous_system_organization"] ?? record["traits", "autonomous_system_organization"]
            ?? record["as_name"] ?? record["name"] ?? record["organization"]
        if let number = number?.systemNumber {
            self.init(source: source, number: number, name: name?.text)
            return
        }
        // Both in one string, as in "AS64500 Example".
        guard let text = record["org"]?.text?.raw, let end = text.firstIndex(of: " "),
            let number = MMDBValue.string(UntrustedText(String(text[..<end]))).systemNumber
        else { return nil }
        self.init(source: source, number: number, name: UntrustedText(String(text[text.index(after: end)...])))
    }
}

extension MMDBValue {
    /// The value under a key, or under a path of keys. If a key appears twice, the first one counts.
    fileprivate subscript(_ keys: String...) -> MMDBValue? {
        var value = self
        for key in keys {
            guard case .map(let pairs) = value, let pair = pairs.first(where: { $0.key.raw == key }) else { return nil }
            value = pair.value
        }
        return value
    }

    fileprivate var first: MMDBValue? { if case .array(let values) = self { values.first } else { nil } }
    fileprivate var text: UntrustedText? {
        if case .string(let text) = self, !text.raw.isEmpty { text } else { nil }
    }

    /// A string; or of a map of names, the English one or else the first.
    fileprivate var name: UntrustedText? {
        if let text { return text }
        guard case .map(let names)? = self["names"] else { return nil }
        return self["names", "en"]?.text ?? names.lazy.compactMap(\.value.text).first
    }

    /// The two-letter code of a country.
    fileprivate var code: UntrustedText? {
        guard let text, text.raw.utf8.count == 2 else { return nil }
        return UntrustedText(text.raw.uppercased())
    }

    /// A number, also one written as a string.
    fileprivate var number: Double? {
        switch self {
        case .double(let value): value
        case .float(let value): Double(value)
        case .int32(let value): Double(value)
        case .uint16(let value): Double(value)
        case .uint32(let value): Double(value)
        case .uint64(let value): Double(value)
        case .string(let text): Double(text.raw)
        default: nil
        }
    }

    /// The number of an autonomous system: a number, or "AS" followed by digits.
    fileprivate var systemNumber: UInt32? {
        if case .string(let text) = self {
            let digits = text.raw.uppercased().hasPrefix("AS") ? text.raw.dropFirst(2) : text.raw[...]
            return UInt32(digits)
        }
        return number.flatMap { UInt32(exactly: $0) }
    }
}
