/// The addresses whose names may still come, for texts whose lines would be others with them.
struct AwaitedNames: Sendable {
    /// How long the name of an address is waited for; of most it is soon known what it is, or that there is none.
    private static let patience = Duration.milliseconds(500)

    /// When each address was met first that has no name yet.
    private var nameless: [IPAddress: Duration] = [:]
    private var named: Set<IPAddress> = []

    /// Takes note of somebody who answered.
    mutating func met(_ address: IPAddress, at time: Duration) {
        if !named.contains(address), nameless[address] == nil { nameless[address] = time }
    }

    /// Takes note of a name that has come.
    mutating func learned(_ address: IPAddress) {
        nameless[address] = nil
        named.insert(address)
    }

    /// Whether none of the addresses' names may still come, so that a line with them would be the same later.
    func isDone(with addresses: some Sequence<IPAddress>, at now: Duration) -> Bool {
        addresses.allSatisfy { address in nameless[address].map { now >= $0 + Self.patience } ?? true }
    }
}
