internal import TraceCore

/// Where the routers and hosts of `SimulatedInternet.demo` are: a database of prefixes reserved for documentation.
public enum DemoPlaces {
    /// Where the demo's probes come from.
    public static let home = Place(
        source: "demo", coordinate: Coordinate(latitude: 38.72, longitude: -9.14), city: UntrustedText("Lisbon"),
        country: UntrustedText("PT"))

    /// The database, as the bytes of a file.
    public static func bytes() throws(MMDBError) -> [UInt8] {
        var writer = MMDBWriter(
            MMDBWriter.Options(
                databaseType: "TraceCore-Demo", languages: ["en"], buildDate: UTCTime(microsecondsSince1970: 0)))
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: "|").map { String($0.drop { $0 == " " }) }
            guard let value = value(fields) else {
                throw MMDBError(.unwritable, "\"\(line)\" is not a line of the table")
            }
            for text in fields[6].split(separator: " ") {
                guard let network = IPNetwork(String(text)) else {
                    throw MMDBError(.unwritable, "\"\(text)\" is not a network")
                }
                try writer.insert(value, for: network)
            }
        }
        return try writer.encoded()
    }

    /// A geolocator that reads the database.
    public static func geolocator() throws(MMDBError) -> MMDBGeolocator {
        MMDBGeolocator(try MMDBDatabase(bytes: try bytes()), name: "demo")
    }

    private static func value(_ fields: [String]) -> MMDBValue? {
        guard fields.count == 7, let latitude = Double(fields[2]), let longitude = Double(fields[3]),
            let number = UInt32(fields[4])
        else { return nil }
        func text(_ field: Int) -> MMDBValue { .string(UntrustedText(fields[field])) }
        return [
            "autonomous_system_number": .uint32(number), "autonomous_system_organization": text(5),
            "city": ["names": ["en": text(0)]],
            "country": ["iso_code": text(1)],
            "location": ["latitude": .double(latitude), "longitude": .double(longitude)],
        ]
    }

    /// City, country, latitude, longitude, number and name of the autonomous system, networks.
    private static let table = """
        Lisbon|PT|38.72|-9.14|64496|Access Example|192.0.2.128/30 2001:db8:1::/126
        Lisbon|PT|38.72|-9.14|64496|Access Example|192.0.2.132/30 2001:db8:1::4/126
        Lisbon|PT|38.72|-9.14|64496|Access Example|192.0.2.136/30 2001:db8:1::8/126
        Madrid|ES|40.42|-3.7|64497|Transit Example|198.51.100.0/30 2001:db8:100::/126
        Paris|FR|48.86|2.35|64497|Transit Example|198.51.100.4/30 2001:db8:100::4/126
        Paris|FR|48.86|2.35|64497|Transit Example|198.51.100.8/30 2001:db8:100::8/126
        Frankfurt|DE|50.11|8.68|64497|Transit Example|198.51.100.12/30 2001:db8:100::c/126
        Frankfurt|DE|50.11|8.68|64497|Transit Example|198.51.100.16/30 2001:db8:100::10/126
        Frankfurt|DE|50.11|8.68|64497|Transit Example|198.51.100.240/30 2001:db8:100::f0/126
        London|GB|51.51|-0.13|64497|Transit Example|198.51.100.20/30 2001:db8:100::14/126
        Marseille|FR|43.3|5.37|64498|Oceanic Example|198.51.100.24/30 2001:db8:100::18/126
        New York|US|40.71|-74.01|64497|Transit Example|198.51.100.64/30 2001:db8:100::40/126
        New York|US|40.71|-74.01|64497|Transit Example|198.51.100.68/30 2001:db8:100::44/126
        Chicago|US|41.88|-87.63|64497|Transit Example|198.51.100.72/30 2001:db8:100::48/126
        Chicago|US|41.88|-87.63|64497|Transit Example|198.51.100.76/30 2001:db8:100::4c/126
        Chicago|US|41.88|-87.63|64497|Transit Example|198.51.100.92/30 2001:db8:100::5c/126
        Dallas|US|32.78|-96.8|64497|Transit Example|198.51.100.80/30 2001:db8:100::50/126
        Denver|US|39.74|-104.99|64497|Transit Example|198.51.100.84/30 2001:db8:100::54/126
        Los Angeles|US|34.05|-118.24|64497|Transit Example|198.51.100.88/30 2001:db8:100::58/126
        Fortaleza|BR|-3.73|-38.52|64498|Oceanic Example|198.51.100.128/30 2001:db8:100::80/126
        São Paulo|BR|-23.55|-46.63|64498|Oceanic Example|198.51.100.132/30 2001:db8:100::84/126
        Mombasa|KE|-4.04|39.67|64498|Oceanic Example|198.51.100.136/30 2001:db8:100::88/126
        Nairobi|KE|-1.29|36.82|64498|Oceanic Example|198.51.100.140/30 2001:db8:100::8c/126
        Johannesburg|ZA|-26.2|28.05|64498|Oceanic Example|198.51.100.144/30 2001:db8:100::90/126
        Tokyo|JP|35.68|139.69|64499|Pacific Example|198.51.100.192/30 2001:db8:100::c0/126
        Tokyo|JP|35.68|139.69|64499|Pacific Example|198.51.100.196/30 2001:db8:100::c4/126
        Sydney|AU|-33.87|151.21|64499|Pacific Example|198.51.100.200/30 2001:db8:100::c8/126
        Mumbai|IN|19.08|72.88|64498|Oceanic Example|198.51.100.204/30 2001:db8:100::cc/126
        Singapore|SG|1.35|103.82|64499|Pacific Example|198.51.100.208/30 2001:db8:100::d0/126
        Singapore|SG|1.35|103.82|64499|Pacific Example|198.51.100.212/30 2001:db8:100::d4/126
        Lisbon|PT|38.72|-9.14|64500|Hosting Example|203.0.113.1/32 2001:db8:200::1/128
        Frankfurt|DE|50.11|8.68|64500|Hosting Example|203.0.113.10/32 2001:db8:200::a/128
        Frankfurt|DE|50.11|8.68|64500|Hosting Example|203.0.113.200/32 2001:db8:200::c8/128
        Frankfurt|DE|50.11|8.68|64500|Hosting Example|203.0.113.210/32 2001:db8:200::d2/128
        London|GB|51.51|-0.13|64500|Hosting Example|203.0.113.20/32 2001:db8:200::14/128
        New York|US|40.71|-74.01|64500|Hosting Example|203.0.113.30/32 2001:db8:200::1e/128
        Chicago|US|41.88|-87.63|64500|Hosting Example|203.0.113.40/32 2001:db8:200::28/128
        Los Angeles|US|34.05|-118.24|64500|Hosting Example|203.0.113.50/32 2001:db8:200::32/128
        São Paulo|BR|-23.55|-46.63|64500|Hosting Example|203.0.113.60/32 2001:db8:200::3c/128
        Nairobi|KE|-1.29|36.82|64500|Hosting Example|203.0.113.70/32 2001:db8:200::46/128
        Johannesburg|ZA|-26.2|28.05|64500|Hosting Example|203.0.113.80/32 2001:db8:200::50/128
        Mumbai|IN|19.08|72.88|64500|Hosting Example|203.0.113.90/32 2001:db8:200::5a/128
        Singapore|SG|1.35|103.82|64500|Hosting Example|203.0.113.100/32 2001:db8:200::64/128
        Tokyo|JP|35.68|139.69|64500|Hosting Example|203.0.113.110/32 2001:db8:200::6e/128
        Sydney|AU|-33.87|151.21|64500|Hosting Example|203.0.113.120/32 2001:db8:200::78/128
        """
}
