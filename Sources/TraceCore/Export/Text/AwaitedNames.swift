/// The addresses whose names may still come, for texts that show names in their lines.
struct AwaitedNames: Sendable {
    /// How long a name is waited for; most are known or known to be missing sooner.
    private static let patience = Duration.milliseconds(500)

    /// When each address without a name was first seen.
    private var nameless: [IPAddress: Duration] = [:]
    private var named: Set<IPAddress> = []

    /// Records an address that answered.
    mutating func met(_ address: IPAddress, at time: Duration) {
        if !named.contains(address), nameless[address] == nil { nameless[address] = time }
    }

    /// Records a name.
    mutating func learned(_ address: IPAddress) {
        nameless[address] = nil
        named.insert(address)
    }

    /// Whether no name of these addresses may still come, so that a line with them is final.
    func isDone(with addresses: some Sequence<IPAddress>, at now: Duration) -> Bool {
        addresses.allSatisfy { address in nameless[address].map { now >= $0 + Self.patience } ?? true }
    }
}
