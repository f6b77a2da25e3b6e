/// The format of `mtr --xml`.
extension MTRReport {
    /// The document as lines, with the element names and the widths of mtr 0.95.
    public var xmlLines: [String] {
        let tests = path.run.parameters.count ?? path.rounds
        var head = Self.attribute("SRC", source) + Self.attribute("DST", destination)
        if let trafficClass {
            head += Self.attribute("TOS", UntrustedText("0x" + String(trafficClass, radix: 16, uppercase: true)))
        }
        if let size = path.run.parameters.packetSize { head += Self.attribute("PSIZE", UntrustedText("\(size)")) }
        head += Self.attribute("BITPATTERN", bitPatternText.map { UntrustedText($0) })
        var lines = ["<?xml version=\"1.0\"?>", "<MTR\(head)\(Self.attribute("TESTS", UntrustedText("\(tests)")))>"]
        for hop in hops {
            var hub = Self.attribute("COUNT", UntrustedText("\(hop.ttl)")) + Self.attribute("HOST", host(of: hop))
            if let system = systemText(of: hop.addresses.first?.address) {
                hub += Self.attribute("ASN", UntrustedText(system))
            }
            lines.append("    <HUB\(hub)>")
            for field in fields.fields where field != .gap {
                // A name of an element has no percent sign.
                let name = field == .loss ? "Loss" : field.title
                let text = field.text(of: hop)
                let width = Self.narrow.contains(field) ? 4 : 5
                let value = " " + String(repeating: " ", count: max(0, width - text.count)) + text
                lines.append("        <\(name)>\(value)</\(name)>")
            }
            lines.append("    </HUB>")
        }
        return lines + ["</MTR>"]
    }

    /// The fields that mtr has a column less for.
    private static let narrow: Set<Field> = [.dropped, .jitter, .jitterMean, .jitterWorst, .interarrivalJitter]

    private static func attribute(_ name: String, _ value: UntrustedText?) -> String {
        value.map { " \(name)=\"\($0.escaped.markup)\"" } ?? ""
    }
}
