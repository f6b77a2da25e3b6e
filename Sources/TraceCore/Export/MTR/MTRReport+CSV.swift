/// The format of `mtr --csv`.
extension MTRReport {
    /// The heading and a line for each hop.
    ///
    /// The heading does not end with a comma; mtr's does, although its lines do not.
    ///
    /// - Parameter version: What the column `Mtr_Version` says after `MTR.`
    public func csvLines(version: String = "TraceCore") -> [String] {
        let titles = fields.fields.map(\.title)
        let head =
            ["Mtr_Version", "Start_Time", "Status", "Host", "Hop", "Ip"] + (system == nil ? [] : ["Asn"]) + titles
        let start = path.run.epochSecond()
        return [head.joined(separator: ",")]
            + hops.map { hop in
                let cells = [
                    UntrustedText("MTR.\(version)").csvField, "\(start)", "OK", destination?.csvField ?? "",
                    "\(hop.ttl)", host(of: hop).csvField,
                ]
                let system = systemText(of: hop.addresses.first?.address).map { [$0] } ?? []
                return (cells + system + fields.fields.map { Self.cell($0.value(of: hop)) }).joined(separator: ",")
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
