package import GeoKit

/// A region of a cloud provider.
package struct CloudRegion: Sendable, Hashable, Codable {
    /// A host that answers for a region.
    package struct Endpoint: Sendable, Hashable, Codable {
        /// Where it answers, as far as the provider says.
        package enum Evidence: String, Sendable, Hashable, Codable, CaseIterable {
            /// In the region.
            case regional
            /// At a front end near the asker.
            case anycast
            /// It has the name of the region, and no more is known.
            case unknown
        }

        package let host: String
        package let evidence: Evidence
    }

    /// The provider's code, as `aws`.
    package let provider: String
    /// The region's code, as `eu-west-1`.
    package let code: String
    /// What the provider calls it.
    package let name: String
    package let city: String
    /// Two letters (ISO 3166).
    package let country: String
    /// Two letters: AF, AS, EU, ME, NA, OC or SA.
    package let continent: String
    /// Nil where nobody knows it: only of regions that somebody has given without it.
    package let coordinate: Coordinate?
    /// Nil where no host is known.
    package let endpoint: Endpoint?

    /// The region among those of all providers, as `aws/eu-west-1`.
    package var id: String { "\(provider)/\(code)" }
}

/// The regions of cloud providers, and what answers in them.
package struct CloudCatalogue: Sendable {
    /// What is wrong in the text of a catalogue.
    package struct Mistake: Error, Sendable, Hashable, CustomStringConvertible {
        package let line: Int
        package let reason: String
        package var description: String { "line \(line): \(reason)" }
    }

    /// When it was made, as 2026-01-21.
    package private(set) var date = ""
    /// The providers, in the order of the text: their codes and names.
    package private(set) var providers: [(code: String, name: String)] = []
    package private(set) var regions: [CloudRegion] = []

    /// The one that the program has.
    package static let builtIn: CloudCatalogue = {
        // A test reads it; a mistake would leave an empty one.
        (try? CloudCatalogue(parsing: PackageResources.catalogue_txt)) ?? CloudCatalogue()
    }()

    private init() {}

    /// A catalogue with other regions; those with the same name take the place of those that are there.
    ///
    /// - Parameter others: Whether the regions that are not named stay.
    package func replacing(_ regions: [CloudRegion], keepingOthers others: Bool = true) -> CloudCatalogue {
        var catalogue = self
        let new = Dictionary(regions.map { ($0.id, $0) }) { first, _ in first }
        let known = Set(self.regions.map(\.id))
        catalogue.regions = others ? self.regions.map { new[$0.id] ?? $0 } : []
        catalogue.regions += regions.filter { !others || !known.contains($0.id) }
        for region in regions where !catalogue.providers.contains(where: { $0.code == region.provider }) {
            catalogue.providers.append((region.provider, region.provider))
        }
        return catalogue
    }

    /// Reads a text in the form of `Scripts/cloud-catalogue.py`.
    package init(parsing bytes: [UInt8]) throws(Mistake) {
        var ids: Set<String> = []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            func wrong(_ reason: String) -> Mistake { Mistake(line: index + 1, reason: reason) }
            let fields = line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
            if line.hasPrefix("# ") {
                date = String(line.dropFirst(2))
            } else if line.hasPrefix("@") {
                guard fields.count == 2 else { throw wrong("a provider has a code and a name") }
                providers.append((String(fields[0].dropFirst()), fields[1]))
            } else {
                guard let provider = providers.last?.code else { throw wrong("a region stands below its provider") }
                guard fields.count == 7 || fields.count == 9 else {
                    throw wrong(
                        "a region has seven fields, and two more where a host is known; here are \(fields.count)")
                }
                guard let latitude = Double(fields[5]), let longitude = Double(fields[6]),
                    let coordinate = Coordinate(latitude: latitude, longitude: longitude)
                else { throw wrong("\(fields[5]), \(fields[6]) is no point on Earth") }
                var endpoint: CloudRegion.Endpoint?
                if fields.count == 9 {
                    guard let evidence = CloudRegion.Endpoint.Evidence(rawValue: fields[8]) else {
                        throw wrong("the evidence for a host is regional, anycast or unknown, and not \(fields[8])")
                    }
                    endpoint = CloudRegion.Endpoint(host: fields[7], evidence: evidence)
                }
                let region = CloudRegion(
                    provider: provider, code: fields[0], name: fields[1], city: fields[2], country: fields[3],
                    continent: fields[4], coordinate: coordinate, endpoint: endpoint)
                guard ids.insert(region.id).inserted else { throw wrong("\(region.id) is there twice") }
                regions.append(region)
            }
        }
    }
}
