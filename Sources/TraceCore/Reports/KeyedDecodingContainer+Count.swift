// A report may come from anyone, and figures computed from its counts (a loss, the width of a column) rely on them.
extension KeyedDecodingContainer {
    /// Reads a count: at least 0, and at most what JSON keeps exact.
    func decodeCount(forKey key: Key) throws -> Int {
        let count = try decode(Int.self, forKey: key)
        guard (0...(1 << 53)).contains(count) else { throw refuse(key, "\(count) is not a count") }
        return count
    }

    /// Reads a count; 0 where the key is missing.
    func decodeCountIfPresent(forKey key: Key) throws -> Int {
        contains(key) ? try decodeCount(forKey: key) : 0
    }

    /// Reads a TTL.
    func decodeTTL(forKey key: Key) throws -> Int {
        let ttl = try decode(Int.self, forKey: key)
        guard (0...255).contains(ttl) else { throw refuse(key, "\(ttl) is not a number of hops") }
        return ttl
    }

    /// Checks that counts fit together: a probe is answered or lost at most once, and late only when lost.
    func check(
        sent: Int, answered: Int, lost: Int, late: Int, key: (sent: Key, late: Key)
    ) throws {
        guard lost <= sent, answered <= sent - lost else {
            throw refuse(key.sent, "\(sent) probes cannot have had \(answered) answers and \(lost) losses")
        }
        guard late <= lost else {
            throw refuse(key.late, "\(late) answers cannot have come late to \(lost) lost probes")
        }
    }

    /// The error for a value that no run can produce.
    func refuse(_ key: Key, _ reason: String) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: reason)
    }
}

extension Sequence {
    /// The first two neighbours whose TTLs do not ascend.
    func firstDisorder(_ ttl: (Element) -> Int) -> (Int, Int)? {
        var before: Int?
        for element in self {
            let here = ttl(element)
            if let before, before >= here { return (before, here) }
            before = here
        }
        return nil
    }
}
