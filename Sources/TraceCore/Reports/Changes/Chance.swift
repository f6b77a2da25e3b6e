/// How likely something is by chance alone, given only the counts of what was seen before.
///
/// All unknown shares are taken as equally likely at first (Laplace's rule of succession). So a short past proves
/// little, and no threshold has to be chosen for a path.
enum Chance {
    /// Smaller probabilities make no difference to any question that is asked here.
    private static let nothing = 1e-15

    /// The probability that something seen in `seen` of `total` turns stays away for `turns` more, if nothing has
    /// changed.
    ///
    /// Read backwards in time: the probability that something seen in `seen` of the last `total` turns had stayed away
    /// for `turns` turns before.
    static func ofAbsence(for turns: Int, seen: Int, of total: Int) -> Double {
        // A state from another machine may hold any numbers: they are clamped.
        let total = Double(min(max(0, total), 1 << 20))
        let seen = min(max(0, Double(seen)), total)
        let turns = Double(min(max(0, turns), 1 << 12))
        var chance = 1.0
        // Both branches give the same ratio of beta functions; this takes the product with fewer factors.
        if turns <= seen + 1 {
            var turn = 0.0
            while turn < turns, chance > nothing {
                chance *= (total - seen + 1 + turn) / (total + 2 + turn)
                turn += 1
            }
        } else {
            var sight = 0.0
            while sight <= seen, chance > nothing {
                chance *= (total + 1 - sight) / (total + 1 + turns - sight)
                sight += 1
            }
        }
        return chance
    }

    /// The probabilities of at least, and of at most, `hits` hits in `turns` turns, where there were `seen` in `total`
    /// before.
    static func ofHits(
        _ hits: Int, in turns: Int, seen: Int, of total: Int
    ) -> (atLeast: Double, atMost: Double) {
        let turns = min(max(0, turns), 64)
        let hits = min(max(0, hits), turns)
        let total = Double(min(max(0, total), 1 << 20))
        let seen = min(max(0, Double(seen)), total)
        // The term for no hit; each following term is computed from the one before.
        var term = 1.0
        for turn in 0..<turns { term *= (total - seen + 1 + Double(turn)) / (total + 2 + Double(turn)) }
        var (less, more) = (0.0, 0.0)
        var exactly = 0.0
        for count in 0...turns {
            if count < hits { less += term } else if count == hits { exactly = term } else { more += term }
            let (done, left) = (Double(count), Double(turns - count))
            if count < turns { term *= left * (seen + 1 + done) / ((done + 1) * (total - seen + left)) }
        }
        return (atLeast: more + exactly, atMost: less + exactly)
    }

    /// The number of ways to choose `part` of `whole`; callers choose small parts.
    static func ways(of part: Int, among whole: Int) -> Double {
        var ways = 1.0
        let part = max(0, min(part, whole &- part))
        var index = 0
        while index < part, ways < 1e18 {
            ways *= Double(whole &- index) / Double(index + 1)
            index += 1
        }
        return ways
    }
}
