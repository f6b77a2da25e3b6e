extension SystemResolver {
    /// How many look-ups the system's resolver is asked for at a time, and how long its answers hold.
    public struct Settings: Sendable, Hashable {
        /// The most look-ups that are under way at the same time, each in a thread of its own; a quarter of them is kept
        /// for addresses of names, so that slow names of addresses cannot hold up the next run.
        public var threads: Int
        /// The most look-ups that wait for a thread; one more is refused.
        public var queueLimit: Int
        /// How long a look-up is waited for, the wait for a thread included.
        public var timeLimit: Duration
        /// How long the addresses of a name are known: as long as many hosts that move let theirs be.
        public var addressLife: Duration
        /// How long the name of an address is known.
        public var nameLife: Duration
        /// How long it is known that there is nothing to be known.
        public var negativeLife: Duration
        /// The most answers that are kept; the least recently used ones go first.
        public var cacheLimit: Int

        /// Settings; what is not given has its default.
        public init(
            threads: Int = 8, queueLimit: Int = 16384, timeLimit: Duration = .seconds(10),
            addressLife: Duration = .seconds(60), nameLife: Duration = .seconds(600),
            negativeLife: Duration = .seconds(30),
            cacheLimit: Int = 16384
        ) {
            self.threads = threads
            self.queueLimit = queueLimit
            self.timeLimit = timeLimit
            self.addressLife = addressLife
            self.nameLife = nameLife
            self.negativeLife = negativeLife
            self.cacheLimit = cacheLimit
        }

        /// The most look-ups of one kind that are under way at the same time.
        func threads(forReverse isReverse: Bool) -> Int {
            let all = max(1, threads)
            return isReverse && all > 1 ? all - max(1, all / 4) : all
        }
    }
}
