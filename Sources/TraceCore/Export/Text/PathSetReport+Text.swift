extension PathSetReport {
    /// The paths as lines: each with its loss, its round trips, and where it differs from the others.
    public var lines: [String] { pathLines + dealt.map { "  \($0.text)" } }

    private var pathLines: [String] {
        guard paths.count > 1 else { return [headline] }
        return [headline]
            + zip(paths, differences).map { path, spots in
                var line = "  \(path.flows.count) \(path.flows.count == 1 ? "flow" : "flows"): "
                line +=
                    path.loss.map { "\($0.percentText(rounding: .toNearestOrEven)) % of \(path.sent) lost" } ?? "no end"
                if let rtt = path.rtt {
                    let times = [rtt.min, rtt.average, rtt.max].map { $0.millisecondsText(decimals: 1) }
                    line += ", \(times.joined(separator: "/")) ms"
                }
                let hops = spots.map { spot in
                    "\(spot.ttl) \(spot.isDealt ? "by packet" : spot.address.map { "\($0)" } ?? "*")"
                }
                if !hops.isEmpty { line += ", by hop " + hops.joined(separator: ", ") }
                return line
            }
    }

    /// The number of paths and its confidence.
    package var headline: String {
        let known = "and no other with a confidence of \(confidence.percentText(rounding: .down)) %"
        switch paths.count {
        case 0: return "no path: nobody answered"
        case 1: return "one path, \(known)"
        default: return "\(paths.count) paths, \(known)"
        }
    }

    /// A hop of a path; without an address it is silent, or packets are dealt out there.
    package struct Spot: Sendable, Hashable {
        package let ttl: Int
        package let address: IPAddress?
        package let isDealt: Bool
    }

    private func spot(_ hop: Int, of path: Path) -> Spot {
        let ttl = hop + run.parameters.firstHop
        return Spot(ttl: ttl, address: path.hops[hop], isDealt: path.dealt.contains(ttl))
    }

    /// For each path, the hops where not all paths are equal.
    package var differences: [[Spot]] {
        let last = paths.map(\.hops.count).max() ?? 0
        let spots = paths.map { path in path.hops.indices.map { spot($0, of: path) } }
        let differing = (0..<last).filter { hop in Set(spots.map { hop < $0.count ? $0[hop] : nil }).count > 1 }
        return spots.map { spots in differing.filter { $0 < spots.count }.map { spots[$0] } }
    }

    /// The last hop of a path.
    package func end(of path: Path) -> Spot? {
        path.hops.isEmpty ? nil : spot(path.hops.count - 1, of: path)
    }
}

extension PathSetReport.DealtHop {
    /// The hop and its routers as a line.
    package var text: String {
        "hop \(ttl) by packet: " + routers.map { "\($0)" }.joined(separator: ", ")
    }
}

extension Double {
    /// A share as percent with one decimal; a confidence is rounded down, so that it never promises too much.
    func percentText(rounding: FloatingPointRoundingRule) -> String {
        let tenths = Int((min(max(0, self), 1) * 1000).rounded(rounding))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
