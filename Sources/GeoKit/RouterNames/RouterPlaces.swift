/// The places that routers are named after, by what their names call them.
struct RouterPlaces: Sendable {
    /// What it takes to believe that a key is meant.
    enum Sign: Sendable {
        /// Nothing: it stands for itself.
        case none
        /// A digit behind it, a neighbour that agrees, or the position right before the domain.
        case some
        /// A digit behind it, or a neighbour that agrees: it is a common word as well.
        case strong
    }

    struct Location: Sendable {
        let city: String
        let country: String
        /// The state's or province's abbreviation, where routers are named with it.
        let state: String
        let coordinate: Coordinate
    }

    struct Claim: Sendable {
        /// The position in ``locations``.
        let location: Int
        let sign: Sign
    }

    private(set) var locations: [Location] = []
    /// By key; of namesakes, the one that is usually meant comes first.
    private var claims: [String: [Claim]] = [:]

    /// Decoded when the first name is read: 1.3 ms once, and nothing in programs that read none.
    static let builtIn = RouterPlaces(parsing: table.description)

    init(parsing text: String) {
        claims.reserveCapacity(2048)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Substring.init)
            guard fields.count == 6, let latitude = Int(fields[3]), let longitude = Int(fields[4]),
                let coordinate = Coordinate(latitude: Double(latitude) / 100, longitude: Double(longitude) / 100)
            else { continue }
            let location = Location(
                city: String(fields[0]), country: String(fields[1]), state: String(fields[2]), coordinate: coordinate)
            locations.append(location)
            for key in fields[5].utf8.split(separator: UInt8(ascii: " ")) {
                let sign: Sign = key.last == UInt8(ascii: "+") ? .strong : key.last == UInt8(ascii: ".") ? .some : .none
                add(String(Substring(sign == .none ? key : key.dropLast())), sign)
            }
            // "new-york" is written as often as "newyork".
            if location.city.utf8.contains(UInt8(ascii: " ")) {
                let hyphenated = String(location.city.lowercased().map { $0 == " " ? "-" : $0 })
                if claims[String(hyphenated.filter { $0 != "-" })] != nil { add(hyphenated, .none) }
            }
        }
    }

    private mutating func add(_ key: String, _ sign: Sign) {
        claims[key, default: []].append(Claim(location: locations.count - 1, sign: sign))
    }

    /// The places that a key stands for.
    func claims(for key: String) -> [Claim] { claims[key] ?? [] }
}
