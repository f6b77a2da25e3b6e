extension RunRequest {
    /// The name of a field in JSON and in query strings.
    public enum Key: String, Sendable, Hashable, CodingKey, CaseIterable {
        // What, at whom, by what.
        case verb, target, targets, method, port, family, names, deadline
        // How packets are made, and where they leave.
        case trafficClass, dontFragment, pattern, flowLabel, identity, source, interface, sourcePort, mode
        // How much, how often, how long.
        case count, countsAnswers, interval, timeout, size, preload, adaptive, shortestInterval, window, ttl
        case firstTTL, maxTTL, queries, sendInterval, gapLimit, here, near, beyond, floor, beyondFloor, flow
        case flows, confidence, maxFlows, attempts
        case largest, tries, trialFloor, trialInterval
        case retries, period, backoff

        /// The keys by their names: trying all names for each key took longer than everything else.
        static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

        /// The key that is nearest to a text that is none.
        static func nearest(to text: String, in keys: [String]) -> String? {
            // Nobody means a key of ten letters by a hundred.
            guard (1...32).contains(text.utf8.count) else { return nil }
            let lowered = text.lowercased()
            if let key = keys.first(where: { $0.lowercased() == lowered }) { return key }
            let limit = max(1, lowered.utf8.count / 3)
            // A refusal must be cheap: most keys are ruled out by their length.
            let near = keys.filter { abs($0.utf8.count - lowered.utf8.count) <= limit }
            let ranked = near.map { ($0, editDistance(lowered, $0.lowercased())) }.filter { $0.1 <= limit }
            return ranked.min { $0.1 < $1.1 }?.0
        }

        /// The number of letters to insert, delete, replace or swap with a neighbour, to turn one text into the other.
        private static func editDistance(_ from: String, _ into: String) -> Int {
            let (from, into) = (Array(from.utf8), Array(into.utf8))
            var beforeLast: [Int] = []
            var last = Array(0...into.count)
            for row in 0..<from.count {
                var current = [row + 1]
                for column in 0..<into.count {
                    let replaced = last[column] + (from[row] == into[column] ? 0 : 1)
                    var best = min(current[column] + 1, last[column + 1] + 1, replaced)
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
}
