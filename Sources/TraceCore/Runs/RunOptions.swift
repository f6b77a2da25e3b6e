/// What all runs have in common, whatever they do.
public struct RunOptions: Sendable, Hashable {
    /// The only address family to use, or nil for the one that the resolver puts first.
    public var family: IPAddress.Family?
    /// How long a run may last, or nil for no limit. The look-up of its target's name and the wait for the names of routers
    /// are part of it.
    public var deadline: Duration?
    /// Whether the names of the addresses that answer are looked up.
    public var names: Bool
    /// How long a run that is over waits for the names that are still being looked up, by the channel's clock. It is
    /// real time where a simulated run has a time of its own, for that stands still while somebody is asked.
    public var nameGrace: Duration
    /// The most name look-ups that are under way at the same time.
    public var nameLimit: Int
    /// For how long what arrives, and what may be sent, is gathered where the channel can. Times are measured when they are;
    /// but a run that is woken for each packet costs several times as much.
    var gather = Duration.zero

    /// Options; by default any family, no deadline, and names looked up.
    public init(
        family: IPAddress.Family? = nil, deadline: Duration? = nil, names: Bool = true,
        nameGrace: Duration = .seconds(1), nameLimit: Int = 16
    ) {
        self.family = family
        self.deadline = deadline
        self.names = names
        self.nameGrace = nameGrace
        self.nameLimit = nameLimit
    }

    /// Checks what the types do not.
    func validate() throws(ProbeError) {
        try Setting.check(deadline, nameGrace)
        try Setting.check(nameLimit >= 1, "at least one name is looked up at a time")
        try Setting.check(deadline.map { $0 > .zero } ?? true, "the deadline of a run must be more than zero")
    }

    /// How long names are waited for where the run has to be over at a time.
    func nameGrace(until deadline: Duration?, at now: Duration) -> Duration {
        deadline.map { min(nameGrace, max(.zero, $0 - now)) } ?? nameGrace
    }
}
