extension HTTPFields {
    /// Which of the media types that are offered the client likes best, by RFC 9110, 12.5.1; the first without a wish, nil where
    /// it takes none. Parameters other than the weight are not looked at.
    public func accepted(of offers: [String]) -> String? {
        let ranges = words("accept").map { range in
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            let weight = parts.dropFirst().last { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return (type: parts.first ?? "", weight: weight)
        }
        guard !ranges.isEmpty else { return offers.first }
        func weight(_ offer: String) -> Double {
            for pattern in [offer, "\(offer.prefix { $0 != "/" })/*", "*/*"] {
                if let most = ranges.filter({ $0.type == pattern }).map(\.weight).max() { return most }
            }
            return 0
        }
        var best: (offer: String, weight: Double)?
        for offer in offers where weight(offer) > best?.weight ?? 0 { best = (offer, weight(offer)) }
        return best?.offer
    }
}
