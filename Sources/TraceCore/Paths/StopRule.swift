/// How many flows it takes to be sure that a router has no more next hops than were seen.
///
/// After n next hops were seen, the question is whether there are n + 1, each used by the same share of flows. After
/// enough flows, missing one of them would be less likely than the confidence allows (Veitch, Augustin, Friedman,
/// Teixeira, *Failure Control in Multipath Route Tracing*, 2009).
struct StopRule: Sendable, Hashable {
    /// The largest accepted probability of stopping too early.
    let risk: Double

    // Never zero: that would take infinitely many flows.
    init(risk: Double) { self.risk = max(1e-12, risk) }
    init(confidence: Double) { self.init(risk: 1 - confidence) }

    /// The number of flows after which all of `count` next hops would have been seen.
    func flows(toMeet count: Int) -> Int {
        guard count > 1 else { return 1 }
        // The risk falls with every flow: first find a number that is enough, then the smallest.
        var (few, enough) = (count - 1, count)
        while Self.risk(ofMissingOneOf: count, after: enough) > risk { (few, enough) = (enough, enough * 2) }
        while enough - few > 1 {
            let middle = (few + enough) / 2
            if Self.risk(ofMissingOneOf: count, after: middle) > risk { few = middle } else { enough = middle }
        }
        return enough
    }

    /// How often a flow must take the same of `count` ways before that is no chance.
    func repeats(among count: Int) -> Int {
        guard count > 1 else { return 0 }
        var (repeats, share) = (0, 1.0)
        while share > risk {
            share /= Double(count)
            repeats += 1
        }
        return repeats
    }

    /// The probability that flows, each using any of `count` next hops, miss one of them: by inclusion and exclusion.
    static func risk(ofMissingOneOf count: Int, after flows: Int) -> Double {
        // Far outside any confidence, where the sum would lose its digits.
        guard flows >= count, bound(count, flows) <= 2 else { return 1 }
        var (sum, ways, sign) = (0.0, 1.0, 1.0)
        for missed in 1..<count {
            ways *= Double(count - missed + 1) / Double(missed)
            let term = ways * power(1 - Double(missed) / Double(count), flows)
            sum += sign * term
            if term < 1e-17 { break }
            sign = -sign
        }
        return min(1, max(0, sum))
    }

    private static func bound(_ count: Int, _ flows: Int) -> Double {
        Double(count) * power(1 - 1 / Double(count), flows)
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, left) = (1.0, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result *= square }
            square *= square
            left >>= 1
        }
        return result
    }
}
