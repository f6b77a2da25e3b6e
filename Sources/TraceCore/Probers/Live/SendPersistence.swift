/// Decides whether a packet that was refused is sent once more.
///
/// A socket with `IP_RECVERR` gives the error of the last answer to the next send. Asked again, it sends; or it gives
/// the error of one more answer, and a network that is being swept has many. What the packet itself is refused for is
/// the same each time.
struct SendPersistence {
    private let hearsAnswers: Bool
    private var tries = 0

    /// - Parameter hearsAnswers: Whether ICMP errors reach the socket at all; raw sending sockets get none.
    init(hearsAnswers: Bool) { self.hearsAnswers = hearsAnswers }

    /// Whether the packet is to be sent again.
    mutating func triesAgain(after error: SystemError) -> Bool {
        tries += 1
        return (hearsAnswers || error == .interrupted) && tries < error.mostTries
    }
}
