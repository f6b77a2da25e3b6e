import GeoKit
import TraceCore

/// What most programs read from a city database: six fields of a record that has about a hundred.
struct City: Decodable {
    struct Names: Decodable {
        let en: String?
    }

    struct Named: Decodable {
        let names: Names?
    }

    struct Country: Decodable {
        let isoCode: String?

        enum CodingKeys: String, CodingKey { case isoCode = "iso_code" }
    }

    struct Location: Decodable {
        let latitude: Double?
        let longitude: Double?
        let timeZone: String?

        enum CodingKeys: String, CodingKey {
            case latitude, longitude
            case timeZone = "time_zone"
        }
    }

    struct Postal: Decodable {
        let code: String?
    }

    let city: Named?
    let country: Country?
    let location: Location?
    let postal: Postal?
}

/// The same six fields, read by their paths.
struct PathCity {
    let city: UntrustedText?
    let country: UntrustedText?
    let latitude: Double?
    let longitude: Double?
    let timeZone: UntrustedText?
    let postalCode: UntrustedText?

    private static let cityPath: MMDBPath = ["city", "names", "en"]
    private static let countryPath: MMDBPath = ["country", "iso_code"]
    private static let latitudePath: MMDBPath = ["location", "latitude"]
    private static let longitudePath: MMDBPath = ["location", "longitude"]
    private static let timeZonePath: MMDBPath = ["location", "time_zone"]
    private static let postalCodePath: MMDBPath = ["postal", "code"]

    init(_ record: MMDBRecord) throws(MMDBError) {
        city = try record.string(at: Self.cityPath)
        country = try record.string(at: Self.countryPath)
        latitude = try record.double(at: Self.latitudePath)
        longitude = try record.double(at: Self.longitudePath)
        timeZone = try record.string(at: Self.timeZonePath)
        postalCode = try record.string(at: Self.postalCodePath)
    }
}
