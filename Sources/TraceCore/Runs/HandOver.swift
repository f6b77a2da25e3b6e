/// When the reader of a run gets the events that have been gathered: when there are enough of them, or when the first
/// of them has waited long enough.
struct HandOver: Sendable {
    /// How many events are gathered; 1 where somebody watches.
    let batch: Int
    /// How long events are held back at the most while fewer have been gathered.
    let hold: Duration
    /// When the events that are held back now are due, or nil if there are none.
    private(set) var due: Duration?

    init(batch: Int, hold: Duration) {
        self.batch = batch
        self.hold = hold
    }

    /// Whether so many events are due now; if not, they have some time left.
    mutating func isDue(_ count: Int, at now: Duration) -> Bool {
        guard count > 0 else {
            due = nil
            return false
        }
        if count < batch {
            let time = due ?? now + hold
            if now < time {
                due = time
                return false
            }
        }
        due = nil
        return true
    }
}
