extension RunRequest {
    /// The name of a field in JSON and in query strings.
    public enum Key: String, Sendable, Hashable, CodingKey, CaseIterable {
        // What, at whom, by what.
        case verb, target, targets, method, port, family, names, deadline
        // How packets are made, and where they leave.
        case trafficClass, dontFragment, pattern, flowLabel, identity
        case source, interface, mark, sourcePort, allowsBroadcast, mode
        // How much, how often, how long.
        case count, countsAnswers, interval, timeout, size, preload, adaptive, shortestInterval, window, ttl
        case firstTTL, maxTTL, queries, sendInterval, gapLimit, here, near, beyond, floor, beyondFloor, flow
        case flows, confidence, maxFlows, attempts
        case largest, tries, trialFloor, trialInterval
        case retries, period, backoff

        /// The keys by their names: trying all names for each key took longer than everything else.
        static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

        static let spellings = allCases.map(\.rawValue)

        /// The name that is nearest to a text that is none of them.
        static func nearest(to text: String, in names: [String]) -> String? {
            // Nobody means a key of ten letters by a hundred.
            guard (1...32).contains(text.utf8.count) else { return nil }
            let letters = lowered(text)
            let limit = max(1, letters.count / 3)
            var best: (name: String, distance: Int)?
            var rows = [[Int]](repeating: Array(repeating: 0, count: letters.count + 1), count: 3)
            for name in names where abs(name.utf8.count - letters.count) <= limit {
                let distance = editDistance(lowered(name), letters, &rows)
                if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
            }
            return best?.name
        }

        private static func lowered(_ text: String) -> [UInt8] {
            text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        }

        /// The number of letters to insert, delete, replace or swap with a neighbour, to turn one text into the other.
        ///
        /// The rows are room for it: a refusal must be cheap, and many names are tried.
        private static func editDistance(_ from: [UInt8], _ into: [UInt8], _ rows: inout [[Int]]) -> Int {
            for column in 0...into.count { rows[0][column] = column }
            for row in 0..<from.count {
                let (before, last, current) = ((row + 2) % 3, row % 3, (row + 1) % 3)
                rows[current][0] = row + 1
                for column in 0..<into.count {
                    let replaced = rows[last][column] + (from[row] == into[column] ? 0 : 1)
                    var best = min(rows[current][column] + 1, rows[last][column + 1] + 1, replaced)
                    if row > 0, column > 0, from[row] == into[column - 1], from[row - 1] == into[column] {
                        best = min(best, rows[before][column - 1] + 1)
                    }
                    rows[current][column + 1] = best
                }
            }
            return rows[from.count % 3][into.count]
        }
    }
}
