/// What most programs want of a city database: six fields of a record that has about a hundred.
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
