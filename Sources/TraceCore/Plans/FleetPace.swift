/// How fast many targets are asked together.
public struct FleetPace: Sendable, Hashable {
    /// The probes in a second, to whatever targets, or nil for no limit but each run's own pace.
    public var rate: Int?
    /// The most targets that are asked at the same time.
    public var concurrency: Int

    /// A pace.
    public init(rate: Int? = FleetPace.sparing.rate, concurrency: Int = 1024) {
        self.rate = rate
        self.concurrency = concurrency
    }

    private init(limitedTo rate: Int?) {
        self.rate = rate
        concurrency = 1024
    }

    /// A pace that spares the routers that all paths share: five hundred probes a second.
    ///
    /// As many of them end at the first router as at any other: one in twenty on a path of fifteen hops, one in eight on
    /// a short one. That is some 25 to 60 answers a second, which is what routers that limit them still give; at ten
    /// times that, the first hops would seem to lose most of what they are asked.
    public static let sparing = FleetPace(limitedTo: 500)

    /// Each run at its own pace, for networks of your own.
    public static let unlimited = FleetPace(limitedTo: nil)

    /// The time between two probes.
    var interval: Duration { rate.map { .seconds(1) / max(1, $0) } ?? .zero }

    /// Checks what the types do not.
    func validate() throws(ProbeError) {
        try Setting.check(
            rate.map { (1...1_000_000_000).contains($0) } ?? true, "a rate is at least one probe a second")
        try Setting.check((1...65536).contains(concurrency), "from 1 to 65,536 targets can be asked at a time")
    }
}
