/// A size that is tried at one hop, until it is known whether it arrives there.
///
/// First one packet goes. If it is lost, more of them follow with a small one behind, which shows that the hop still
/// answers. If it does not, both are tried again after a pause: a router that limits its answers gets time.
struct PathMTUTrial: Sendable {
    enum State {
        case goesOn
        /// An answer has decided it.
        case isDecided
        /// The size does not arrive: nobody says so, but small packets are answered.
        case failed
        /// The hop answers no packets any more, of whatever size.
        case isMute
    }

    /// How often both are tried again: after one, two and four seconds.
    private static let repetitions = 3

    let ttl: Int
    let size: Int
    private var out: Int
    private var controlsOut = 0
    private var toSend: Int
    private var controlsToSend = 0
    private var isDecided = false
    private var wasControlled = false
    private var stage = 0
    private var begin = Duration.zero

    /// - Parameter out: How many probes of the size are under way to the hop already.
    init(ttl: Int, size: Int, out: Int) {
        self.ttl = ttl
        self.size = size
        self.out = out
        toSend = out > 0 ? 0 : 1
    }

    /// The size of the next packet, if one may go now.
    func sizeToSend(at now: Duration) -> Int? {
        guard now >= begin else { return nil }
        if toSend > 0 { return size }
        return controlsToSend > 0 ? PathMTUSettings.small : nil
    }

    /// When the next packet may go, if there is one.
    var nextBegin: Duration? { toSend > 0 || controlsToSend > 0 ? begin : nil }

    mutating func noteSent(_ size: Int) {
        if size == self.size {
            toSend -= 1
            out += 1
        } else {
            controlsToSend -= 1
            controlsOut += 1
        }
    }

    /// Takes note that a packet of the size was answered or lost.
    mutating func settled(isDecided: Bool) {
        out = max(0, out - 1)
        if isDecided { self.isDecided = true }
    }

    /// Takes note that a small packet was answered or lost.
    mutating func controlSettled(answered: Bool) {
        controlsOut = max(0, controlsOut - 1)
        if answered { wasControlled = true }
    }

    /// What is known, and what is to be done next.
    mutating func settle(tries: Int, at now: Duration) -> State {
        if isDecided { return .isDecided }
        guard toSend == 0, controlsToSend == 0, out == 0, controlsOut == 0 else { return .goesOn }
        if stage > 0, wasControlled { return .failed }
        guard stage <= Self.repetitions else { return .isMute }
        if stage > 0 { begin = now + .seconds(1 << (stage - 1)) }
        toSend = stage == 0 ? tries - 1 : tries
        controlsToSend = stage == 0 ? 1 : 2
        stage += 1
        return .goesOn
    }
}
