public import TraceCore

/// When a message is tried again, as Standard Webhooks recommends it.
public struct TrySchedule: Sendable, Hashable {
    /// The pauses behind the first try, the second and so on; the last one also behind all that follow.
    public var pauses: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]
    /// How long a message is worth a try. The last one is made at the end of this time.
    public var lifetime = Duration.seconds(3 * 86_400)
    /// The longest wait that a receiver can ask for.
    public var longestWait = Duration.seconds(86_400)
    /// How much a pause grows at most, as a part of it: so that not all that failed together come together again.
    public var jitter = 0.1

    /// The usual schedule.
    public init() {}

    /// When a message is tried again; nil gives it up.
    ///
    /// - Parameters:
    ///   - tries: How often it was tried, at least once.
    ///   - madeAt: When it was made.
    ///   - now: When the last try ended.
    ///   - wait: What the receiver asked for. It takes the place of the pause, but one that always says "now" is asked
    ///     once a minute.
    ///   - chance: A number from 0 to 1, for the jitter.
    public func next(
        after tries: Int, madeAt: UTCTime, now: UTCTime, askedToWait wait: Duration? = nil, chance: Double
    ) -> UTCTime? {
        let end = madeAt + lifetime
        guard now < end, let last = pauses.last else { return nil }
        let pause = tries <= pauses.count ? pauses[max(0, tries - 1)] : last
        let growth = 1 + jitter * min(1, max(0, chance))
        if let wait {
            return now + min(max(wait, min(pause, .seconds(60))), longestWait) * growth
        }
        return min(now + pause * growth, end)
    }
}
