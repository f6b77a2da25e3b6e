extension String {
    /// The candidate that is closest to this text, or nil where none is near enough to be what was meant.
    func nearest(in candidates: [String]) -> String? {
        // A third of the letters may be wrong: `jsn` finds `json`, `x` finds nothing.
        let limit = count / 3
        let ranked = candidates.map { (candidate: $0, distance: editDistance(to: $0)) }
            .filter { $0.distance <= limit }
        return ranked.min { $0.distance < $1.distance }?.candidate
    }

    /// The number of letters to insert, delete, replace or swap with a neighbour, to turn one into the other.
    func editDistance(to other: String) -> Int {
        let (from, into) = (Array(self), Array(other))
        var beforeLast: [Int] = []
        var last = Array(0...into.count)
        for row in 0..<from.count {
            var current = [row + 1]
            for column in 0..<into.count {
                var best = min(current[column], last[column + 1]) + 1
                best = min(best, last[column] + (from[row] == into[column] ? 0 : 1))
                if row > 0, column > 0, from[row] == into[column - 1], from[row - 1] == into[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[into.count]
    }
}
