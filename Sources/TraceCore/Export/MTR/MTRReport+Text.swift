/// The format of `mtr --report`.
extension MTRReport {
    /// The width of a line that is not wide, unless the columns need more.
    private static let width = 80
    /// The least width of a host, as in mtr.
    private static let leastHost = 25
    /// Marks the end of a name that was cut. It is ASCII, because nobody knows where a report will be read.
    private static let cut: Unicode.Scalar = "~"

    /// The report as lines for people.
    ///
    /// Other responders at a hop are listed below it, and so are labels if they are shown.
    ///
    /// - Parameter isWide: Whether names are shown in full. Otherwise they are cut to fit 80 columns, but never below
    ///   25; addresses are never cut.
    public func textLines(isWide: Bool = false) -> [String] {
        let all = hops.map { hop in (hop: hop, rows: rows(of: hop)) }
        let room: Int
        if isWide {
            let hosts = all.flatMap(\.rows).map(\.host) + [source ?? ""]
            room = (hosts.map(\.escaped.columns).max() ?? 0) + systemColumns
        } else {
            let rest = Self.width - Self.indent - fields.fields.map(\.width).reduce(0, +)
            room = max(Self.leastHost + systemColumns, rest, widestAddress + systemColumns)
        }
        var lines = ["Start: \(path.run.startedAt.map { "\($0.secondText)+0000" } ?? "unknown")"]
        lines.append(
            line("HOST: ", source ?? "", room: room, fields.fields.map { $0.title }))
        for (hop, rows) in all {
            for row in rows { lines.append(text(of: row, hop, room: room)) }
        }
        return lines + remarks
    }

    private static let indent = 8

    /// The width of what is shown before the hosts.
    private var systemColumns: Int {
        guard system != nil || note != nil else { return 0 }
        let addresses = path.hops.flatMap(\.addresses).map(\.address)
        let widest = addresses.map { text(before: $0).columns }.max() ?? 0
        return max(note == nil ? 8 : 2, widest) + 1
    }

    /// What is shown before a host: a note, or the number of its network.
    private func text(before address: IPAddress?) -> String {
        if let note { return address.flatMap(note)?.escaped(columns: 24, ending: Self.cut) ?? "" }
        return systemText(of: address) ?? ""
    }

    /// What is shown before a host, in a width.
    private func system(of address: IPAddress?, columns: Int) -> String {
        let text = text(before: address)
        return text + String(repeating: " ", count: max(0, columns - text.columns))
    }

    /// The width of the widest address that is shown as a host: a cut address would look like another one.
    private var widestAddress: Int {
        let addresses = path.hops.compactMap(\.addresses.first).filter { answering in
            hosts.text(of: answering.address, answering.name).raw == "\(answering.address)"
        }
        let source = sourceName == nil ? path.run.source : nil
        return (addresses.map(\.address) + [source].compactMap { $0 }).map { "\($0)".count }.max() ?? 0
    }

    /// The parts of one line.
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
            // Nothing follows in this line, so it may use the space of the figures.
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

    /// The remarks below the table.
    private var remarks: [String] {
        var lines: [String] = []
        if let state = path.hops.last?.addresses.compactMap(\.kind.port).first {
            lines.append("the port of \(destination?.escaped ?? "the host") is \(state)")
        }
        let failed = path.hops.map(\.failed).reduce(0, +)
        if failed > 0 { lines.append(TraceReport.Text.remark(onUnsent: failed, path.failure)) }
        // The table alone would show the one that refuses as if it were the target.
        if let hop = path.hops.last, let last = hop.addresses.first, last.kind.isUnreachable,
            !hop.addresses.contains(where: { $0.kind.isFromTarget })
        {
            lines.append("not reached: \(last.address) says \(last.kind.words)")
        }
        if let remark = path.end.flatMap(TraceReport.Text.remark) { lines.append(remark) }
        return lines
    }
}

extension MTRReport.Field {
    /// The width of the column, with the space before it.
    public var width: Int { self == .gap ? 1 : self == .loss ? 7 : 6 }

    /// The value of the column at a hop, as text; silent hops have 0, as in mtr.
    func text(of hop: MonitorReport.Hop) -> String {
        if self == .gap { return " " }
        return value(of: hop)?.text ?? (self == .loss ? "0.0%" : "0.0")
    }
}

extension MPLSLabel {
    /// The label as mtr shows it.
    public var mtrText: String { "[MPLS: Lbl \(label) TC \(exp) S \(bottom ? 1 : 0) TTL \(ttl)]" }
}
