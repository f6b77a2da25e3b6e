/// The form of `mtr --report`.
extension MTRReport {
    /// The columns of a line that is not wide, unless what is asked for needs more.
    private static let width = 80
    /// The columns that a host has at the least, as in mtr.
    private static let leastHost = 25
    /// What a name ends with that was cut. A report goes where nobody can know which signs can be shown, so it is ASCII.
    private static let cut: Unicode.Scalar = "~"

    /// The report as lines for people.
    ///
    /// Others who share a hop stand below it, and so do labels where they are shown.
    ///
    /// - Parameter isWide: Whether names are shown whole, however long. Otherwise they are cut to fit 80 columns, though never
    ///   to fewer than 25, and addresses never are.
    public func textLines(isWide: Bool = false) -> [String] {
        let all = hops.map { hop in (hop: hop, rows: rows(of: hop)) }
        let room: Int
        if isWide {
            let hosts = all.flatMap(\.rows).map(\.host) + [source ?? ""]
            room = (hosts.map(\.escaped.columns).max() ?? 0) + systemColumns
        } else {
            let rest = Self.width - Self.indent - fields.fields.map(\.width).reduce(0, +)
            room = max(Self.leastHost, rest, widestAddress + systemColumns)
        }
        var lines = ["Start: \(path.run.startedAt.secondText)+0000"]
        lines.append(
            line("HOST: ", source ?? "", room: room, fields.fields.map { $0.title }))
        for (hop, rows) in all {
            for row in rows { lines.append(text(of: row, hop, room: room)) }
        }
        return lines + remarks
    }

    private static let indent = 8

    /// The columns that the numbers of networks take before the hosts.
    private var systemColumns: Int {
        guard system != nil else { return 0 }
        let addresses = path.hops.flatMap(\.addresses).map(\.address)
        return max(8, addresses.compactMap { systemText(of: $0)?.count }.max() ?? 0) + 1
    }

    /// What stands before a host: the number of its network, where that is shown.
    private func system(of address: IPAddress?, columns: Int) -> String {
        guard let text = systemText(of: address) else { return "" }
        return text + String(repeating: " ", count: max(0, columns - text.count))
    }

    /// The columns of the widest address that stands for a host: what is left of one that was cut would be another.
    private var widestAddress: Int {
        let addresses = path.hops.compactMap(\.addresses.first).filter { answering in
            hosts.text(of: answering.address, answering.name).raw == "\(answering.address)"
        }
        let source = sourceName == nil ? path.run.source : nil
        return (addresses.map(\.address) + [source].compactMap { $0 }).map { "\($0)".count }.max() ?? 0
    }

    /// What stands in one line.
    private struct Row {
        var mark: String
        var host: UntrustedText
        var hasFigures = false
    }

    private func rows(of hop: MonitorReport.Hop) -> [Row] {
        let number = String(repeating: " ", count: max(0, 3 - "\(hop.ttl)".count)) + "\(hop.ttl)"
        let columns = systemColumns
        let system = system(of: hop.addresses.first?.address, columns: columns)
        var rows = [Row(mark: "\(number).|-- " + system, host: host(of: hop), hasFigures: true)]
        for (index, address) in hop.addresses.enumerated() {
            if index > 0 {
                let mark = index == 1 ? "    |  `|-- " : "    |   |-- "
                let system = self.system(of: address.address, columns: columns)
                rows.append(Row(mark: mark + system, host: hosts.text(of: address.address, address.name)))
            }
            guard showsLabels else { continue }
            rows += address.labels.map { Row(mark: "    |       ", host: UntrustedText($0.mtrText)) }
        }
        return rows
    }

    private func text(of row: Row, _ hop: MonitorReport.Hop, room: Int) -> String {
        guard row.hasFigures else {
            // Nothing follows in the line, so that it may be as long as the others are with their figures.
            return row.mark + row.host.escaped(columns: max(room, Self.width - row.mark.count), ending: Self.cut)
        }
        return line(row.mark, row.host, room: room, fields.fields.map { $0.text(of: hop) })
    }

    private func line(_ mark: String, _ host: UntrustedText, room: Int, _ cells: [String]) -> String {
        let host = host.escaped(columns: Self.indent + room - mark.count, ending: Self.cut)
        var line = mark + host
        line += String(repeating: " ", count: max(0, Self.indent + room - line.columns))
        for (field, cell) in zip(fields.fields, cells) {
            line += String(repeating: " ", count: max(0, field.width - cell.count)) + cell
        }
        return line
    }

    /// What is said below the table, if there is something to say.
    private var remarks: [String] {
        var lines: [String] = []
        let failed = path.hops.map(\.failed).reduce(0, +)
        if failed > 0 { lines.append(TraceText.remark(onUnsent: failed, path.failure)) }
        if let remark = path.end.flatMap(TraceText.remark) { lines.append(remark) }
        return lines
    }
}

extension MTRReport.Field {
    /// How wide the column is, with the space before it.
    public var width: Int { self == .gap ? 1 : self == .loss ? 7 : 6 }

    /// The column's value at a hop, as tables for people show it; silent hops have 0, as in mtr.
    func text(of hop: MonitorReport.Hop) -> String {
        if self == .gap { return " " }
        return value(of: hop)?.text ?? (self == .loss ? "0.0%" : "0.0")
    }
}

extension MPLSLabel {
    /// The label as mtr shows it.
    public var mtrText: String { "[MPLS: Lbl \(label) TC \(exp) S \(bottom ? 1 : 0) TTL \(ttl)]" }
}
