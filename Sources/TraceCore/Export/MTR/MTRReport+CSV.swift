/// The format of `mtr --csv`.
extension MTRReport {
    /// The heading and a line for each hop. The heading ends with a comma although the lines do not, as in mtr.
    ///
    /// - Parameters:
    ///   - version: What the column `Mtr_Version` says after `MTR.`
    ///   - isWide: Whether a hop has a line for each address that answers there; all have the figures of the hop.
    public func csvLines(version: String = "TraceCore", isWide: Bool = false) -> [String] {
        let titles = fields.fields.map(\.title)
        let head =
            ["Mtr_Version", "Start_Time", "Status", "Host", "Hop", "Ip"] + (system == nil ? [] : ["Asn"]) + titles
        let start = path.run.epochSecond().map { "\($0)" } ?? ""
        return [head.joined(separator: ",") + ","]
            + hops.flatMap { hop in
                let answering: [MonitorReport.Address?] = hop.addresses.isEmpty ? [nil] : hop.addresses
                return (isWide ? answering[...] : answering.prefix(1)).map { address in
                    let cells = [
                        UntrustedText("MTR.\(version)").csvField, start, "OK", destination?.csvField ?? "",
                        "\(hop.ttl)", host(of: address).csvField,
                    ]
                    let system = systemText(of: address?.address).map { [$0] } ?? []
                    return (cells + system + fields.fields.map { Self.cell($0.value(of: hop)) })
                        .joined(separator: ",")
                }
            }
    }

    private static func cell(_ value: MTRReport.Value?) -> String {
        switch value {
        case .count(let count): "\(count)"
        case .percent(let percent): decimal(percent, decimals: 2)
        case .time(let time): time.millisecondsText(decimals: 2)
        case nil: "0.00"
        }
    }

    /// A percentage with some decimals.
    static func decimal(_ percent: Double, decimals: Int) -> String {
        (Duration(milliseconds: percent) ?? .zero).millisecondsText(decimals: decimals)
    }
}
