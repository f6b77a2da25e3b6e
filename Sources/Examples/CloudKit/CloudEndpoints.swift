internal import GeoKit
internal import TraceCore
package import TraceCoreCommandLine

/// Reads endpoints that somebody has: JSON, the map that gcping's server gives, or CSV. All mistakes of a file are told.
package enum CloudEndpoints {
    private static let fields = [
        "provider", "region", "name", "city", "country", "continent", "latitude", "longitude", "host", "url",
        "evidence",
    ]
    private static let continents = ["AF", "AS", "EU", "ME", "NA", "OC", "SA"]

    /// Reads a file.
    ///
    /// - Parameter known: Whose regions give the places that the file leaves out.
    package static func regions(
        parsing bytes: [UInt8], knowing known: CloudCatalogue
    ) throws(SettingsMistakes) -> [CloudRegion] {
        let first = bytes.first { !(9...13).contains($0) && $0 != 32 && $0 < 0x80 }
        var reader = Reader(known: Dictionary(known.regions.map { ($0.id, $0) }) { first, _ in first })
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let root: SettingsNode
            do throws(SettingsMistake) { root = try SettingsNode(parsing: bytes) } catch {
                throw SettingsMistakes(all: [error])
            }
            reader.read(root)
            reader.mistakes += root.file.mistakes
        } else {
            reader.readCSV(bytes)
        }
        if reader.regions.isEmpty, reader.mistakes.isEmpty {
            reader.mistakes.append(SettingsMistake(path: "", line: 1, reason: "there are no endpoints in it"))
        }
        guard reader.mistakes.isEmpty else {
            throw SettingsMistakes(all: reader.mistakes.sorted { $0.line < $1.line })
        }
        return reader.regions
    }

    private struct Reader {
        let known: [String: CloudRegion]
        var regions: [CloudRegion] = []
        var mistakes: [SettingsMistake] = []
        private var lines: [String: Int] = [:]

        init(known: [String: CloudRegion]) { self.known = known }

        /// What is said of an endpoint, whatever the form.
        private typealias Fields = [String: String]

        // MARK: JSON

        mutating func read(_ root: SettingsNode) {
            if case .array = root.value {
                for node in root.elements { take(fields(of: node), at: node.line) { node.note($1, at: $0) } }
                return
            }
            for (name, node) in root.anyMembers {
                let members = node.members(["URL", "Region", "RegionName"])
                guard let url = members["URL"] else {
                    if node.isObject { node.note("an endpoint has a URL: is this the map that gcping's server gives?") }
                    continue
                }
                var fields: Fields = [
                    "provider": "gcp", "url": url.text("the address of a host"), "evidence": "unknown",
                ]
                fields["region"] = members["Region"]?.text() ?? name
                fields["name"] = members["RegionName"]?.text()
                take(fields, at: node.line) { node.note($1, at: $0 == "url" ? "URL" : $0 == "region" ? "Region" : "") }
            }
        }

        private func fields(of node: SettingsNode) -> Fields {
            node.members(CloudEndpoints.fields).compactMapValues { member in
                switch member.value {
                case .integer(let number): "\(number)"
                case .double(let number): "\(number)"
                default: member.text("a text or a number")
                }
            }
        }

        // MARK: CSV

        mutating func readCSV(_ bytes: [UInt8]) {
            var records = CSVRecords(bytes)
            var cells: [ArraySlice<UInt8>] = []
            var header: [String]?
            while true {
                do {
                    guard try records.next(&cells) else { return }
                } catch {
                    mistakes.append(SettingsMistake(path: "", line: records.line, reason: error.text))
                    continue
                }
                let line = records.line
                let texts = cells.map { String(decoding: $0, as: UTF8.self) }
                guard let names = header else {
                    header = texts
                    for name in texts where !CloudEndpoints.fields.contains(name) {
                        note(
                            "there is no column \(UntrustedText(name).word); there is "
                                + CloudEndpoints.fields.joined(separator: ", "), at: line)
                    }
                    continue
                }
                guard texts.count == names.count else {
                    note("the first line has \(names.count) columns, and this one has \(texts.count)", at: line)
                    continue
                }
                let fields = Dictionary(zip(names, texts).filter { !$1.isEmpty }) { first, _ in first }
                var found: [(String, String)] = []
                take(fields, at: line) { found.append(($0, $1)) }
                for (name, reason) in found { mistakes.append(SettingsMistake(path: name, line: line, reason: reason)) }
            }
        }

        private mutating func note(_ reason: String, at line: Int) {
            mistakes.append(SettingsMistake(path: "", line: line, reason: reason))
        }

        // MARK: An endpoint

        private mutating func take(_ fields: Fields, at line: Int, _ note: (String, String) -> Void) {
            var isSound = true
            func refuse(_ name: String, _ reason: String) {
                isSound = false
                note(name, reason)
            }
            func code(_ name: String, _ fallback: String?) -> String {
                let text = fields[name] ?? fallback ?? ""
                if text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) == nil {
                    refuse(
                        name,
                        text.isEmpty
                            ? "an endpoint has a \(name)"
                            : "\(UntrustedText(text).word) is no code: letters, digits, '-', '_' and '.', 63 at the most"
                    )
                }
                return text
            }
            let (provider, region) = (code("provider", "own"), code("region", nil))
            let id = "\(provider)/\(region)"
            if let first = lines[id] { refuse("region", "\(id) is there twice: it is in line \(first), too") }
            lines[id] = line
            let old = known[id]
            let host = host(fields, refuse)
            let coordinate = coordinate(fields, refuse) ?? old?.coordinate
            let country = fields["country"] ?? old?.country ?? ""
            if !country.isEmpty, country.wholeMatch(of: /[A-Z]{2}/) == nil {
                refuse("country", "\(UntrustedText(country).word) is no country: two letters (ISO 3166), such as DE")
            }
            let continent = fields["continent"] ?? old?.continent ?? ""
            if !continent.isEmpty, !CloudEndpoints.continents.contains(continent) {
                refuse(
                    "continent",
                    "\(UntrustedText(continent).word) is none of \(CloudEndpoints.continents.joined(separator: ", "))")
            }
            let evidence = fields["evidence"] ?? "unknown"
            if CloudRegion.Endpoint.Evidence(rawValue: evidence) == nil {
                refuse("evidence", "\(UntrustedText(evidence).word) is none of regional, anycast and unknown")
            }
            guard isSound, let host else { return }
            regions.append(
                CloudRegion(
                    provider: provider, code: region, name: fields["name"] ?? old?.name ?? region,
                    city: fields["city"] ?? old?.city ?? fields["name"] ?? region, country: country,
                    continent: continent,
                    coordinate: coordinate,
                    endpoint: CloudRegion.Endpoint(
                        host: host, evidence: CloudRegion.Endpoint.Evidence(rawValue: evidence) ?? .unknown)))
        }

        private func host(_ fields: Fields, _ refuse: (String, String) -> Void) -> String? {
            if fields["host"] != nil, fields["url"] != nil {
                refuse("host", "an endpoint has a host or a url, and not both")
                return nil
            }
            let name = fields["host"] != nil ? "host" : "url"
            guard var text = fields[name] else {
                refuse("host", "an endpoint has a host, or a url whose host it is")
                return nil
            }
            if name == "url" {
                guard
                    let match = text.wholeMatch(
                        of: /(?i:https?):\/\/(\[[0-9A-Fa-f:.]+\]|[^\/:?#@]+)(?::\d+)?(?:[\/?#].*)?/)
                else {
                    refuse(name, "\(UntrustedText(text).word) is no address of the web, such as https://host.example/")
                    return nil
                }
                text = String(String(match.1).trimmingPrefix("[")).replacing("]", with: "")
            }
            guard IPAddress(text) != nil || UntrustedText(text).isPlainASCIIHostname else {
                refuse(name, "\(UntrustedText(text).word) is no host: a name or an address")
                return nil
            }
            return text
        }

        private func coordinate(_ fields: Fields, _ refuse: (String, String) -> Void) -> Coordinate? {
            switch (fields["latitude"], fields["longitude"]) {
            case (nil, nil): return nil
            case (let latitude?, let longitude?):
                if let north = Double(latitude), let east = Double(longitude),
                    let point = Coordinate(latitude: north, longitude: east)
                {
                    return point
                }
                refuse(
                    "latitude",
                    "\(UntrustedText(latitude).word), \(UntrustedText(longitude).word) is no point on Earth: a latitude "
                        + "is from -90 to 90 and a longitude from -180 to 180")
            case (let latitude, _): refuse(latitude == nil ? "latitude" : "longitude", "a point has both")
            }
            return nil
        }
    }
}
