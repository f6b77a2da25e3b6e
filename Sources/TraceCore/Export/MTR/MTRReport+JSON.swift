/// The format of `mtr --json`; times are milliseconds with three decimals.
extension MTRReport: Encodable {
    /// Keys are the headings of columns, such as `Loss%`.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// Writes the document.
    public func encode(to encoder: any Encoder) throws {
        var document = encoder.container(keyedBy: Key.self)
        var report = document.nestedContainer(keyedBy: Key.self, forKey: Key("report"))
        try encodeHead(into: &report)
        var hubs = report.nestedUnkeyedContainer(forKey: Key("hubs"))
        for hop in hops {
            var hub = hubs.nestedContainer(keyedBy: Key.self)
            try hub.encode(hop.ttl, forKey: Key("count"))
            try hub.encode(host(of: hop), forKey: Key("host"))
            try hub.encodeIfPresent(systemText(of: hop.addresses.first?.address), forKey: Key("ASN"))
            for field in fields.fields where field != .gap {
                let key = Key(field.title)
                switch field.value(of: hop) {
                case .count(let count): try hub.encode(count, forKey: key)
                case .percent(let percent): try hub.encode(Self.thousandths(percent), forKey: key)
                case .time(let time): try hub.encode(Self.thousandths(time.inMilliseconds), forKey: key)
                case nil: try hub.encode(0, forKey: key)
                }
            }
        }
    }

    private func encodeHead(into report: inout KeyedEncodingContainer<Key>) throws {
        var head = report.nestedContainer(keyedBy: Key.self, forKey: Key("mtr"))
        try head.encodeIfPresent(source, forKey: Key("src"))
        try head.encodeIfPresent(destination, forKey: Key("dst"))
        try head.encodeIfPresent(trafficClass, forKey: Key("tos"))
        try head.encode(path.run.parameters.count ?? path.rounds, forKey: Key("tests"))
        // As text, and in hexadecimal, as in mtr.
        try head.encodeIfPresent(path.run.parameters.packetSize.map { "\($0)" }, forKey: Key("psize"))
        try head.encodeIfPresent(bitPatternText, forKey: Key("bitpattern"))
    }

    /// A number of at least 0, rounded to three decimals.
    private static func thousandths(_ number: Double) -> Double { Double(Int64(number * 1000 + 0.5)) / 1000 }
}
