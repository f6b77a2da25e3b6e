import TraceCore

/// One or more words of a router's name, read as a place.
struct RouterNameReading {
    /// How strong the evidence is, from a code alone to the name of a city.
    enum Strength: Int, Comparable {
        case code, confirmedCode, name

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    let key: String
    /// Its index in the table.
    let location: Int
    let strength: Strength

    func place(in table: RouterPlaces) -> Place {
        let location = table.locations[location]
        return Place(
            source: "router name: \(key)", coordinate: location.coordinate,
            // The router is somewhere in or near the city.
            radiusKm: 50, city: UntrustedText(location.city),
            region: location.state.isEmpty ? nil : UntrustedText(location.state),
            country: UntrustedText(location.country))
    }

    /// Everything that can be read from a name, nearest to the domain first.
    static func all(in name: RouterNameWords, _ table: RouterPlaces) -> [RouterNameReading] {
        // Labels of two letters are countries or mark infrastructure. The place is in the label before them.
        let lastLong = name.labels.lastIndex { $0.count != 1 || $0[0].letters.utf8.count > 2 || $0[0].isNumbered }
        var readings: [RouterNameReading] = []
        for index in name.labels.indices.reversed() {
            let label = name.labels[index]
            let next = index + 1 < name.labels.count ? name.labels[index + 1] : []
            var start = 0
            while start < label.count {
                // A single label before the domain is the name of a host, which can be anything.
                let isBeforeDomain = index == lastLong && index > 0 && label.count == 1
                // Longest first, so that "new-york" is not read as "york".
                for length in stride(from: min(3, label.count - start), through: 1, by: -1) {
                    let after = start + length < label.count ? label[start + length] : next.count == 1 ? next[0] : nil
                    let words = label[start..<start + length]
                    let reading = read(
                        words, before: after, isBeforeDomain: isBeforeDomain, in: name.domain, table)
                    if let reading {
                        readings.append(reading)
                        start += length - 1
                        break
                    }
                }
                start += 1
            }
        }
        return readings
    }

    private static func read(
        _ words: ArraySlice<RouterNameWords.Word>, before next: RouterNameWords.Word?, isBeforeDomain: Bool,
        in domain: String, _ table: RouterPlaces
    ) -> RouterNameReading? {
        guard let last = words.last, last.isName, words.dropLast().allSatisfy({ $0.isName && !$0.isNumbered }) else {
            return nil
        }
        var key = words.map(\.letters).joined(separator: "-")
        // Some carriers have their own words, which mean other places elsewhere.
        var claims = table.claims(for: "\(key)@\(domain)")
        if claims.isEmpty { claims = table.claims(for: key) }
        // Telephone exchange codes (CLLI) have 8 or 11 letters, and the first six are the place: `nycmnyzr`.
        if claims.isEmpty, words.count == 1, [8, 11].contains(key.utf8.count) {
            key = String(key.prefix(6))
            // Eleven letters that begin with the name of a city are some other word.
            claims = table.claims(for: key).filter { !table.locations[$0.location].isNamed(key) }
        }
        let agreeing = next.flatMap { next in
            next.isNumbered ? nil : claims.first { table.locations[$0.location].isIn(next.letters) }
        }
        guard let claim = agreeing ?? claims.first else { return nil }
        let isConfirmed = last.isNumbered || agreeing != nil
        switch claim.needed {
        case .none: break
        case .some: guard isConfirmed || isBeforeDomain else { return nil }
        case .strong: guard isConfirmed else { return nil }
        }
        let strength: Strength = key.utf8.count > 3 ? .name : isConfirmed ? .confirmedCode : .code
        return RouterNameReading(key: key, location: claim.location, strength: strength)
    }
}

extension RouterPlaces.Location {
    /// Whether the letters are the code of its country or state.
    fileprivate func isIn(_ letters: String) -> Bool {
        letters.utf8.count >= 2
            && (letters == country.lowercased() || letters == state.lowercased()
                || (letters == "uk" && country == "GB"))
    }

    fileprivate func isNamed(_ key: String) -> Bool { city.lowercased().filter { $0 != " " } == key }
}
