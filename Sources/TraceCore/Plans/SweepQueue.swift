/// Further probes to targets that have had one, the first in first out; each is due no earlier than those before it.
struct SweepQueue: Sendable {
    /// A further probe to a target.
    struct Turn {
        let target: IPAddress
        let sequence: Int
        let due: Duration
    }

    private var turns = Queue<Turn>()

    /// When the first one is due, or nil if there is none.
    var nextDue: Duration? { turns.first?.due }

    mutating func add(_ turn: Turn) { turns.append(turn) }

    /// How many are due, counted up to a limit.
    func dueCount(at now: Duration, upTo limit: Int) -> Int {
        var count = 0
        while count < min(limit, turns.count), turns[count].due <= now { count += 1 }
        return count
    }

    /// Takes out the first one, if it is due.
    mutating func take(at now: Duration) -> Turn? { turns.popFirst { $0.due <= now } }
}
