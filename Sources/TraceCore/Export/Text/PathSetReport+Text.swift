extension PathSetReport {
    /// The paths as lines: each with its loss, its round trips, and where it differs from the others.
    public var lines: [String] { pathLines + dealt.map(\.line) }

    private var pathLines: [String] {
        let known = "with a confidence of \(confidence.percentText(rounding: .down)) %"
        guard paths.count > 1 else {
            return [paths.isEmpty ? "no path: nobody answered" : "one path, and no other \(known)"]
        }
        var lines = ["\(paths.count) paths, and no other \(known)"]
        let last = paths.map(\.hops.count).max() ?? 0
        let differing = (0..<last).filter { hop in Set(paths.map { hop < $0.hops.count ? $0.hops[hop] : nil }).count > 1
        }
        let firstTTL = run.parameters.firstHop
        for path in paths {
            var line = "  \(path.flows.count) \(path.flows.count == 1 ? "flow" : "flows"): "
            line += path.loss.map { "\($0.percentText(rounding: .toNearestOrEven)) % of \(path.sent) lost" } ?? "no end"
            if let rtt = path.rtt {
                let times = [rtt.min, rtt.average, rtt.max].map { $0.millisecondsText(decimals: 1) }
                line += ", \(times.joined(separator: "/")) ms"
            }
            let hops = differing.filter { $0 < path.hops.count }.map { hop in
                "\(hop + firstTTL) \(path.hops[hop].map { "\($0)" } ?? "*")"
            }
            if !hops.isEmpty { line += ", by hop " + hops.joined(separator: ", ") }
            lines.append(line)
        }
        return lines
    }
}

extension PathSetReport.DealtHop {
    fileprivate var line: String {
        "  hop \(ttl) by packet: " + routers.map { "\($0)" }.joined(separator: ", ")
    }
}
