internal import TraceCore

/// The caches of a database: several, so that those who read at once do not wait for each other.
final class ValueCaches: Sendable {
    private final class Slot: Sendable {
        let cache = Lock(ValueCache.empty)
    }

    private let slots = (0..<4).map { _ in Slot() }

    /// Calls the body with a cache that nobody else uses meanwhile; with one that keeps nothing if all are in use.
    func withCache<Failure: Error>(
        _ body: (inout ValueCache) throws(Failure) -> MMDBValue
    ) throws(Failure) -> MMDBValue {
        for slot in slots {
            let value = try slot.cache.withLockIfAvailable { cache throws(Failure) in try body(&cache) }
            if let value { return value }
        }
        var none = ValueCache.none
        return try body(&none)
    }
}
