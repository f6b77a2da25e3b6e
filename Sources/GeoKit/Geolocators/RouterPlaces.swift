/// The places that routers are named after, by the words that names use for them.
struct RouterPlaces: Sendable {
    /// The evidence needed to believe that a word means a place.
    enum Evidence: Sendable {
        /// None: the word is enough.
        case none
        /// A digit behind it, a neighbour that agrees, or the position directly before the domain.
        case some
        /// A digit behind it, or a neighbour that agrees: the word has other meanings.
        case strong
    }

    struct Location: Sendable {
        let city: String
        let country: String
        /// The abbreviation of the state or province, if names of routers use it.
        let state: String
        let coordinate: Coordinate
    }

    struct Claim: Sendable {
        /// The index in ``locations``.
        let location: Int
        let needed: Evidence
    }

    private(set) var locations: [Location] = []
    /// By key. If several places share a key, the usual one comes first.
    private var claims: [String: [Claim]] = [:]

    /// Decoded when the first name is read, which takes 1.3 ms. Programs that read no names do not pay for it.
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
                let needed: Evidence =
                    key.last == UInt8(ascii: "+") ? .strong : key.last == UInt8(ascii: ".") ? .some : .none
                add(String(Substring(needed == .none ? key : key.dropLast())), needed)
            }
            // "new-york" is as common as "newyork".
            if location.city.utf8.contains(UInt8(ascii: " ")) {
                let hyphenated = String(location.city.lowercased().map { $0 == " " ? "-" : $0 })
                if claims[String(hyphenated.filter { $0 != "-" })] != nil { add(hyphenated, .none) }
            }
        }
    }

    private mutating func add(_ key: String, _ needed: Evidence) {
        claims[key, default: []].append(Claim(location: locations.count - 1, needed: needed))
    }

    /// The places that a key stands for.
    func claims(for key: String) -> [Claim] { claims[key] ?? [] }
}
