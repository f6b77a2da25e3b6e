internal import TraceCore
internal import TraceCoreCommandLine

extension FleetAnswer {
    /// The answer for a terminal.
    ///
    /// - Parameter width: How wide lines may be.
    package func lines(width: Int) -> [String] {
        let lines =
            switch content {
            case .target(let series): self.lines(series)
            case .causes(let causes): self.lines(causes)
            case .networks(let networks): self.lines(networks)
            case .matrix(let matrix): self.lines(matrix, width: width)
            }
        return lines.flatMap { line in
            guard line.columns > width else { return [line] }
            let text = line.drop { $0 == " " }
            // Rows of a table end where the screen does; sentences go on in the next line.
            if text.contains("  ") { return [String(line.prefix(width))] }
            let indent = String(line.prefix(line.count - text.count))
            return String(text).wrapped(to: width - indent.count - 4).enumerated().map {
                indent + ($0.offset > 0 ? "    " : "") + $0.element
            }
        }
    }

    // MARK: One target

    private func lines(_ series: [FleetSeries]) -> [String] {
        guard !series.isEmpty else { return ["Nobody watched it in this time."] }
        let rows = series.sorted { $0.path < $1.path }.map { one -> [String] in
            let last = one.slots.last { $0.sent > 0 }
            let medians = one.slots.compactMap(\.median).sorted()
            return [
                UntrustedText(one.path.place).escaped, Self.percent(one.lost, of: one.sent),
                Self.time(medians.isEmpty ? nil : medians[medians.count / 2]), Self.time(medians.last),
                last.map { $0.lost == $0.sent ? "no answer" : Self.time($0.median) } ?? "–", Self.spark(one.slots),
            ]
        }
        return Self.table(["place", "loss", "median", "worst", "now", "over time"], rows, text: [0, 5])
    }

    /// A sign for each slot, the higher the slower; what was lost in whole is a cross.
    private static func spark(_ slots: [FleetSeries.Slot]) -> String {
        let signs = Array("▁▂▃▄▅▆▇█")
        let step = max(1, (slots.count + 39) / 40)
        let top = slots.compactMap(\.median).max() ?? .milliseconds(1)
        return stride(from: 0, to: slots.count, by: step).map { start in
            let some = slots[start..<min(slots.count, start + step)]
            let (sent, lost) = (some.reduce(0) { $0 + $1.sent }, some.reduce(0) { $0 + $1.lost })
            if sent > 0, lost == sent { return "×" }
            let most = some.compactMap(\.median).max() ?? .zero
            return String(signs[min(7, Int(7 * (most / top)))])
        }.joined()
    }

    // MARK: What failures have in common

    private func lines(_ causes: FleetCauses) -> [String] {
        var lines = [sum(causes)]
        for cause in causes.causes { lines += [""] + sentences(cause) + failures(cause.failing) }
        if !causes.unexplained.isEmpty, !causes.causes.isEmpty || causes.failing > 1 {
            lines += ["", "Failures that have no hop in common:"] + failures(causes.unexplained)
        } else if !causes.unexplained.isEmpty {
            lines += failures(causes.unexplained)
        }
        return lines
    }

    func sum(_ causes: FleetCauses) -> String {
        func more(_ count: Int, _ what: String) -> String { count == 0 ? "" : " \(count) more \(what)." }
        let unseen =
            more(causes.silent, "answered nothing in all this time")
            + more(causes.unseen, "\(causes.unseen == 1 ? "was" : "were") watched in this time, and not lately")
        guard causes.failing > 0 else { return "None of \(causes.paths) paths fails.\(unseen)" }
        return "\(causes.failing) of \(causes.paths) paths \(causes.failing == 1 ? "fails" : "fail").\(unseen)"
    }

    /// What is said of a cause.
    func sentences(_ cause: FleetCauses.Cause) -> [String] {
        let count = cause.failing.count
        let all = count == 1 ? "One path that fails goes" : "\(count) paths that fail go"
        let works =
            cause.working == 0
            ? "and none that works" : "and \(cause.working) that \(cause.working == 1 ? "works" : "work")"
        var lines = ["\(all) through \(name(of: cause.hop)), \(works)."]
        let when =
            cause.until - cause.since < .seconds(120)
            ? "since \(Self.minute(cause.since))"
            : "since \(Self.minute(cause.since)) the first, \(Self.minute(cause.until)) the last"
        switch cause.standing {
        case .silent:
            lines.append("It keeps silent \(when)\(cause.before.map { "; \(name(of: $0)) before it answers" } ?? "").")
        case .answersItself: lines.append("It answers, and nothing behind it does \(when).")
        case .target:
            lines.append(
                "It is the target, and keeps silent \(when)\(cause.before.map { "; \(name(of: $0)) before it answers" } ?? "")."
            )
        }
        return lines
    }

    private func failures(_ failures: [FleetCauses.Failure]) -> [String] {
        let all = Self.byTarget(failures)
        return all.prefix(20).map { target, places in "  \(UntrustedText(target).escaped) from \(places)" }
            + (all.count > 20 ? ["  and \(all.count - 20) more targets"] : [])
    }

    /// The targets that fail, each with the places from where it does and since when.
    static func byTarget(_ failures: [FleetCauses.Failure]) -> [(target: String, places: String)] {
        Dictionary(grouping: failures, by: \.target).sorted { $0.key < $1.key }.map { target, all in
            let names = Set(all.map(\.place)).sorted().map { UntrustedText($0).escaped }
            let shown = names.prefix(8).joined(separator: ", ")
            let more = names.count > 8 ? " and \(names.count - 8) more places" : ""
            return (target, "\(shown)\(more), since \(minute(all.map(\.since).min() ?? .epoch))")
        }
    }

    // MARK: Networks

    private func lines(_ networks: FleetNetworks) -> [String] {
        guard !networks.networks.isEmpty else {
            return ["No network is known: a vantage point needs a database of networks (databases in its settings)."]
        }
        var lines = Self.table(
            ["network", "loss", "paths now", "in this time"],
            networks.networks.map {
                [name(of: $0.system), Self.percent($0.lossPercent), "\($0.now)", "\($0.ever)"]
            }, text: [0])
        lines += [
            "", networks.moves.isEmpty ? "No path moved to other networks." : "Paths that moved to other networks:",
        ]
        lines += networks.moves.prefix(100).map { "  \(sentence($0))" }
        if networks.moves.count > 100 { lines.append("  and \(networks.moves.count - 100) more") }
        return lines
    }

    /// What moved; of both ways, what is different and its neighbours.
    ///
    /// - Parameter isShort: Whether the target and the place are said elsewhere.
    func sentence(_ move: FleetNetworks.Move, isShort: Bool = false) -> String {
        let first = zip(move.from, move.to).prefix { $0 == $1 }.count
        let rest = min(move.from.count, move.to.count) - first
        let last = zip(move.from.reversed(), move.to.reversed()).prefix(rest).prefix { $0 == $1 }.count
        func way(_ systems: [UInt32]) -> String {
            let part = systems[first..<systems.count - last]
            return part.isEmpty ? "nothing" : part.map { name(of: $0) }.joined(separator: " → ")
        }
        var text = "\(way(move.from)) became \(way(move.to))"
        let around = [first > 0 ? move.from[first - 1] : nil, last > 0 ? move.from[move.from.count - last] : nil]
            .compactMap { $0.map { name(of: $0) } }
        if !around.isEmpty {
            text += " (\(around.count == 2 ? "between" : "beside") \(around.joined(separator: " and ")))"
        }
        if let before = move.beforeMs, let after = move.afterMs {
            text += ", \(Self.number(before)) ms became \(Self.number(after))"
        }
        let time = Self.minute(move.at)
        guard !isShort else { return "\(text), at \(time)" }
        return "\(time) \(UntrustedText(move.target).escaped) from \(UntrustedText(move.place).escaped): \(text)"
    }

    // MARK: All against all

    private func lines(_ matrix: FleetMatrix, width: Int) -> [String] {
        guard !matrix.targets.isEmpty else { return ["Nothing was watched in this time."] }
        let names = matrix.targets.map { UntrustedText($0).escaped(columns: 24) }
        let rows = zip(names, matrix.cells).map { name, cells in [name] + cells.map(Self.text) }
        // Places that have no room come below the others.
        let first = max(6, rows.map { $0[0].columns }.max() ?? 0)
        let heads = matrix.places.map { UntrustedText($0).escaped(columns: 12) }
        let widths = heads.indices.map { index in
            max(heads[index].columns, rows.map { $0[index + 1].columns }.max() ?? 0)
        }
        var lines: [String] = []
        var start = 0
        while start < heads.count {
            var (end, used) = (start, first)
            while end < heads.count, end == start || used + 2 + widths[end] <= width {
                used += 2 + widths[end]
                end += 1
            }
            if start > 0 { lines.append("") }
            lines += Self.table(
                ["target"] + heads[start..<end], rows.map { [$0[0]] + $0[(start + 1)...end] }, text: [0])
            start = end
        }
        return lines + more(matrix) + [
            "", "Milliseconds on average; with loss in percent. × is no answer to the last probes, – not watched.",
        ]
    }

    /// That there are more targets than are shown.
    func more(_ matrix: FleetMatrix) -> [String] {
        let count = matrix.all - matrix.targets.count
        return count == 0 ? [] : ["", "These are the worst \(matrix.targets.count) of \(matrix.all) targets."]
    }

    static func text(_ cell: FleetMatrix.Cell?) -> String {
        guard let cell else { return "–" }
        if cell.isFailing { return "×" }
        let time = cell.meanMs.map(number) ?? "×"
        return cell.lost == 0 ? time : "\(time) \(percent(cell.lossPercent))"
    }

    // MARK: Forms

    static func minute(_ time: UTCTime) -> String { String(time.secondText.prefix(16)).replacing("T", with: " ") }

    static func number(_ milliseconds: Double) -> String {
        let digits = milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0
        return Duration.nanoseconds(Int64(milliseconds * 1_000_000)).millisecondsText(decimals: digits)
    }

    static func time(_ time: Duration?) -> String { time.map { "\(number($0.inMilliseconds)) ms" } ?? "–" }

    static func percent(_ lost: Int, of sent: Int) -> String { percent(100 * Double(lost) / Double(max(1, sent))) }

    static func percent(_ share: Double) -> String {
        share > 0 && share < 10 ? "\((share * 10).rounded() / 10)%" : "\(Int(share.rounded()))%"
    }

    /// Columns below their names.
    ///
    /// - Parameter text: The columns that are text, and begin at the left.
    private static func table(_ head: [String], _ rows: [[String]], text: Set<Int>) -> [String] {
        let all = [head] + rows
        let widths = head.indices.map { index in all.map { $0[index].columns }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[index] - cell.columns)
                line += (index > 0 ? "  " : "") + (text.contains(index) ? cell + space : space + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
