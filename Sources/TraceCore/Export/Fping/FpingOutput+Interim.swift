// What `-Q` shows of the time since it last did: as lines, as JSON, or for netdata.
extension FpingOutput {
    /// Shows the sums of the time that is over, if it is; where events are rare, of several such times at once.
    mutating func tellInterim(before time: Duration, to lines: inout FpingOutput.Lines) {
        guard let interval = style.interimInterval, interval > .zero, style.content != .targets else { return }
        let due = nextInterim ?? interval
        guard time >= due else { return }
        let missed = (time - due).wholeNanoseconds / max(1, interval.wholeNanoseconds)
        nextInterim = due + interval * Int(missed + 1)
        let now = run?.startedAt.map { $0 + time }
        if let now, !style.isJSON, !style.isNetdata { lines.messages.add("[\(timeOfDay(now))]\n") }
        for position in targets.indices {
            if style.isNetdata {
                tellNetdata(targets[position], every: interval, to: &lines)
            } else if style.isJSON {
                tellJSON(interim: targets[position], at: now, to: &lines)
            } else {
                tell(targets[position].recent, of: targets[position].address, to: &lines)
            }
            targets[position].recent = FpingSums()
            targets[position].hasCharts = true
        }
    }

    /// The time without answers in whole milliseconds, where it is shown: the lost probes by the time between two.
    func outage(_ sums: FpingSums) -> Int? {
        style.outagePeriod.map { Int(($0 * sums.lost).wholeNanoseconds / 1_000_000) }
    }

    /// What netdata's plugin for fping reads: three charts of each target, which are declared once, and their values.
    private func tellNetdata(_ target: FpingTarget, every interval: Duration, to lines: inout FpingOutput.Lines) {
        let seconds = Int((interval / .seconds(1)).rounded(.toNearestOrEven))
        let sums = target.recent
        var latency: [(String, Int)] = []
        if let average = sums.roundTrips.average {
            latency = zip(["min", "avg", "max"], [sums.roundTrips.smallest, average, sums.roundTrips.largest])
                .map { ($0, Int($1.wholeNanoseconds)) }
        }
        let returned = sums.decided > 0 ? sums.roundTrips.count * 100 / sums.decided : 0
        let charts: [NetdataChart] = [
            NetdataChart(
                name: "packets", title: "Packets", unit: "packets", kind: "line 110020",
                dimensions: ["xmt sent absolute 1 1", "rcv received absolute 1 1"],
                values: [("xmt", sums.decided), ("rcv", sums.roundTrips.count)]),
            NetdataChart(
                name: "quality", title: "Quality", unit: "percentage", kind: "area 110010",
                dimensions: ["returned '' absolute 1 1"], values: [("returned", returned)]),
            NetdataChart(
                name: "latency", title: "Latency", unit: "ms", kind: "area 110000",
                dimensions: [
                    "min minimum absolute 1 1000000", "max maximum absolute 1 1000000",
                    "avg average absolute 1 1000000",
                ], values: latency),
        ]
        eachName(of: target.address, in: &lines.results) { name, bytes in
            for chart in charts { chart.add(of: name, every: target.hasCharts ? nil : seconds, to: &bytes) }
        }
    }
}

/// A chart of a target in the words of netdata's plugins.
private struct NetdataChart {
    let name: String
    let title: String
    let unit: String
    let kind: String
    let dimensions: [String]
    let values: [(name: String, value: Int)]

    /// Adds the values, and before them what the chart is, if its interval is given.
    func add(of target: FpingName, every seconds: Int?, to bytes: inout [UInt8]) {
        let id = "fping.\(target.netdataID)_\(name)"
        if let seconds {
            let host = target.netdataText
            bytes.add("CHART \(id) '' 'FPing \(title) for host \(host)' \(unit) '\(host)' fping.\(name) ")
            bytes.add("\(kind) \(seconds)\n")
            for dimension in dimensions { bytes.add("DIMENSION \(dimension)\n") }
        }
        bytes.add("BEGIN \(id)\n")
        for value in values { bytes.add("SET \(value.name) = \(value.value)\n") }
        bytes.add("END\n")
    }
}

extension FpingName {
    /// The text of the name, in which no quote ends what netdata reads as one word.
    fileprivate var netdataText: String {
        var bytes: [UInt8] = []
        add(to: &bytes)
        return String(decoding: bytes.map { $0 == UInt8(ascii: "'") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    /// The name with only letters and digits left, as fping makes it.
    fileprivate var netdataID: String {
        let text = name?.raw ?? "\(address)"
        return String(
            decoding: text.utf8.map { byte -> UInt8 in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }
}
