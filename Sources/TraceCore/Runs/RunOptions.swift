/// What all runs have in common, whatever they do.
public struct RunOptions: Sendable, Hashable {
    /// The only address family to use, or nil for the one that the resolver puts first.
    public var family: IPAddress.Family?
    /// Whether the names of the addresses that answer are looked up.
    public var names: Bool
    /// How long a run that is over waits for the names that are still being looked up, by the channel's clock. It is
    /// real time where a simulated run has a time of its own, for that stands still while somebody is asked.
    public var nameGrace: Duration
    /// The most name look-ups that are under way at the same time.
    public var nameLimit: Int

    /// Options; by default any family, and names looked up.
    public init(
        family: IPAddress.Family? = nil, names: Bool = true, nameGrace: Duration = .seconds(1),
        nameLimit: Int = 16
    ) {
        self.family = family
        self.names = names
        self.nameGrace = nameGrace
        self.nameLimit = nameLimit
    }
}
