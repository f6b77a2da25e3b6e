internal import TraceCore

extension PathDrawing {
    /// From where to where, and the time.
    var title: ScreenLine {
        var line = ScreenLine("mtr", .bold)
        let clock = clock
        let room = size.columns - (clock.isEmpty ? 0 : clock.count + 2)
        line.append("  ")
        if size.columns >= 60, let source = report?.run.source { line.append("\(source) → ") }
        if let target = report?.target {
            let name = UntrustedText(target.name ?? "\(target.address)")
            let address = target.name == nil ? "" : " (\(target.address))"
            let fits = room - line.columns - address.count >= Self.leastName
            line.append(name, .bold, upTo: room - line.columns - (fits ? address.count : 0))
            if fits { line.append(address) }
        }
        if report == nil { line.append(UntrustedText(scene.name), .bold, upTo: room - line.columns) }
        if !clock.isEmpty {
            line.pad(to: size.columns - clock.count)
            line.append(clock, .dim)
        }
        return line
    }

    /// Where there is less room for the name, the address is left out.
    private static let leastName = 12

    /// The time of the last event in the run, if that is known and there is room.
    private var clock: String {
        guard let start = report?.run.startedAt else { return "" }
        let text = "\(start + view.now)"
        guard text.count == 27 else { return "" }
        let (day, time) = (text.prefix(10), text.dropFirst(11).prefix(8))
        return size.columns >= 100 ? "\(day) \(time) UTC" : size.columns >= 60 ? "\(time) UTC" : ""
    }

    /// How it is asked.
    var details: ScreenLine {
        var line = ScreenLine()
        guard let run = report?.run else { return line }
        let settings = scene.canBeAsked ? scene.settings : nil
        let method = settings?.method ?? run.method
        line.append(method.map { UntrustedText($0.rawValue) } ?? "unknown method", .bold)
        if let mode = run.mode {
            line.append(" (")
            line.append(UntrustedText(mode))
            line.append(")")
        }
        if let size = settings?.size ?? run.parameters.packetSize { line.append(" · \(size) bytes") }
        if let interval = settings?.interval ?? run.parameters.interval {
            line.append(" · every \(Self.short(interval))")
        }
        line.append(" · \(view.rounds) round\(view.rounds == 1 ? "" : "s")")
        if let count = settings.map(\.rounds) ?? run.parameters.count { line.append(" of \(count)") }
        return line
    }

    /// A time without the zeros that say nothing.
    private static func short(_ time: Duration) -> String {
        let text = time.secondsText(decimals: 3)
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) + " s"
    }

    /// The keys that most people look for, as many as there is room for.
    var keys: ScreenLine {
        var line = ScreenLine()
        for (before, letter, after) in Self.shownKeys {
            let width = before.count + letter.count + after.count
            guard line.columns + width <= size.columns else { break }
            line.append(before, .dim)
            line.append(letter, .bold)
            line.append(after, .dim)
            line.append("  ")
        }
        return line
    }

    private static let shownKeys = [
        ("", "h", "elp"), ("", "q", "uit"), ("", "d", "isplay"), ("", "p", "ause"), ("", "r", "eset"),
        ("", "o", "rder of columns"), ("", "n", "ames"), ("", "↑↓", " choose a hop"), ("", "Enter", " details"),
        ("", "i", "nterval"), ("", "m", "ap"), ("", "z", " networks"), ("", "j", "itter"), ("", "a", "ll paths"),
        ("", "e", " labels"), ("", "u", "dp"), ("", "t", "cp"),
    ]

    /// The hosts that are watched, the one that is shown standing out, each with its loss and its newest round trip.
    var hosts: ScreenLine {
        let texts = scene.hosts.enumerated().map { index, host in
            var line = ScreenLine()
            let style: CellStyle = index == scene.shown ? CellStyle(isBold: true, isInverse: true) : .plain
            line.append(" \(scene.first + index + 1) ", style)
            line.append(UntrustedText(host.name), style, upTo: 30)
            line.append(" ", style)
            if let target = host.target {
                if let loss = target.lossPercent {
                    let grade: CellStyle = loss >= 20 ? .alarm : loss > 0 ? .warning : .good
                    line.append(" \(MTRReport.Value.percent(loss).text)", grade)
                }
                if let last = target.last { line.append(" \(MTRReport.Value.time(last).text) ms", .dim) }
            } else {
                line.append(" \(host.isFailed ? "failed" : "...")", host.isFailed ? .alarm : .dim)
            }
            line.append("  ")
            return line
        }
        // From the first that leaves room for the one that is shown.
        var first = 0
        while first < scene.shown, texts[first...scene.shown].map(\.columns).reduce(0, +) > size.columns { first += 1 }
        return texts[first...].reduce(into: ScreenLine()) { $0.append($1) }
    }
}
