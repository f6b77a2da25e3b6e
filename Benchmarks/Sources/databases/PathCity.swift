import GeoKit
import TraceCore

/// The six fields of `City`, read by their paths.
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
