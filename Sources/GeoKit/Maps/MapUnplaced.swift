import TraceCore

/// The hops without a place, each said once: those of several routes for all of them, the others for their own.
struct MapUnplaced {
    /// What is said of all routes together.
    private(set) var shared: [UntrustedText] = []
    /// What is said of each route.
    private(set) var own: [[UntrustedText]] = []

    /// What makes hops of two routes the same. Their round trips differ from trace to trace.
    private struct Hop: Hashable {
        let number: Int
        let detail: UntrustedText

        init(_ hop: MapRoute.Hop) {
            number = hop.number
            detail = hop.detail
        }
    }

    init(_ routes: [MapRoute]) {
        var counts: [Hop: Int] = [:]
        for route in routes {
            for hop in Set(route.unplaced.map(Hop.init)) { counts[hop, default: 0] += 1 }
        }
        let common = counts.filter { $0.value > 1 }.keys
            .sorted { ($0.number, $0.detail.raw) < ($1.number, $1.detail.raw) }
        shared = Self.joined(common) { first, second in
            first.detail == second.detail && counts[first] == counts[second]
        }.map { hops in
            let line = Self.line(hops.map(\.number), hops[0].detail)
            let count = counts[hops[0]] ?? 0
            return count == routes.count ? line : UntrustedText("\(line.raw) (\(count) of \(routes.count) routes)")
        }
        own = routes.map { route in
            let hops = route.unplaced.filter { counts[Hop($0)] == 1 }
            return Self.joined(hops) { $0.detail == $1.detail }.map { hops in
                hops.count == 1 ? hops[0].line : Self.line(hops.map(\.number), hops[0].detail)
            }
        }
    }

    private static func line(_ numbers: [Int], _ detail: UntrustedText) -> UntrustedText {
        UntrustedText("\(MapRoute.Hop.ranges(of: numbers))  \(detail.raw)")
    }

    /// The items with those that follow each other and are alike in one group.
    private static func joined<Item>(_ items: [Item], _ isAlike: (Item, Item) -> Bool) -> [[Item]] {
        items.reduce(into: []) { groups, item in
            if let last = groups.last?.last, isAlike(last, item) {
                groups[groups.count - 1].append(item)
            } else {
                groups.append([item])
            }
        }
    }
}
