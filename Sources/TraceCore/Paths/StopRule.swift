/// How many flows it takes to be sure that a router has no more next hops than were seen.
///
/// Who has seen n next hops asks whether there are n + 1, each taken by as many flows as the others: after enough flows,
/// not to have met one of them would be less likely than the confidence allows (Veitch, Augustin, Friedman, Teixeira,
/// *Failure Control in Multipath Route Tracing*, 2009).
struct StopRule: Sendable, Hashable {
    /// The largest probability to stop too early.
    let risk: Double

    // Never zero: that would take flows without end.
    init(risk: Double) { self.risk = max(1e-12, risk) }
    init(confidence: Double) { self.init(risk: 1 - confidence) }

    /// How many flows must have passed before all of so many next hops would have been met.
    func flows(toMeet count: Int) -> Int {
        guard count > 1 else { return 1 }
        // The risk falls with every flow: first one that is enough, then the least.
        var (few, enough) = (count - 1, count)
        while Self.risk(ofMissingOneOf: count, after: enough) > risk { (few, enough) = (enough, enough * 2) }
        while enough - few > 1 {
            let middle = (few + enough) / 2
            if Self.risk(ofMissingOneOf: count, after: middle) > risk { few = middle } else { enough = middle }
        }
        return enough
    }

    /// How many times a flow must take the same way before it is no matter of chance, where there are so many.
    func repeats(among count: Int) -> Int {
        guard count > 1 else { return 0 }
        var (repeats, share) = (0, 1.0)
        while share > risk {
            share /= Double(count)
            repeats += 1
        }
        return repeats
    }

    /// How likely it is that flows, each taking any of so many next hops, leave one out: by inclusion and exclusion.
    static func risk(ofMissingOneOf count: Int, after flows: Int) -> Double {
        // Far from any confidence, where the sum would lose its digits.
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
