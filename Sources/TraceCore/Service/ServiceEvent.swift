/// What happens in a ``ProbeService``, for logs and metrics.
///
/// A closure takes them, so that a logger and a counter each take three lines:
///
/// ```swift
/// let service = ProbeService(observer: { event in
///     logger.info("\(event)")
///     if case .ended(_, let tally) = event { sent.increment(by: tally.sent) }
/// })
/// ```
public enum ServiceEvent: Sendable {
    /// A run has begun.
    case began(Run)
    /// A run is over.
    case ended(Run, Tally)
    /// A request was refused.
    case refused(RunRequest, client: String, RequestError)

    /// A run, as it was asked for and by whom.
    public struct Run: Sendable, Hashable, Identifiable {
        /// Its number, counted from 1 since the service was made.
        public let id: Int
        /// What was asked for.
        public let request: RunRequest
        /// Who asked.
        public let client: String
        /// The hosts that it is about, with the addresses that are probed.
        public let targets: [ProbeTarget]
    }

    /// What a run came to.
    public struct Tally: Sendable, Hashable {
        /// The probes that were sent.
        public internal(set) var sent = 0
        /// The probes that could not be sent.
        public internal(set) var notSent = 0
        /// The answers in time.
        public internal(set) var answered = 0
        /// The probes that were given up.
        public internal(set) var lost = 0
        /// The answers to probes that had been given up.
        public internal(set) var late = 0
        /// The answers to probes that had been answered.
        public internal(set) var duplicates = 0
        /// The packets that answered no probe.
        public internal(set) var strays = 0
        /// The answers that were dropped because those before them had not been read.
        public internal(set) var dropped = 0
        /// How long it took, the look-up included.
        public internal(set) var duration: Duration = .zero
        /// How it ended, or nil if it could not begin.
        public internal(set) var end: RunEnd?
        /// Why it could not begin.
        public internal(set) var error: ProbeError?

        mutating func apply(_ event: ProbeEvent) {
            switch event.fact {
            case .sent: sent += 1
            case .sendFailed: notSent += 1
            case .reply: answered += 1
            case .timedOut: lost += 1
            case .late: late += 1
            case .duplicate: duplicates += 1
            case .ended(let end):
                strays = end.strays ?? 0
                dropped = end.dropped ?? 0
                self.end = end
            case .started, .named: break
            }
        }
    }
}

extension ServiceEvent.Run: CustomStringConvertible {
    /// The number, what is done at whom, and for which client, on one line.
    public var description: String {
        let names = targets.map { target in
            target.name.map { "\(UntrustedText($0).word) (\(target.address))" } ?? "\(target.address)"
        }
        let list = names.isEmpty ? request.targets.map { UntrustedText($0).word } : names
        return
            "run \(id): \(request.work.verb.rawValue) \(list.joined(separator: " ")) for \(UntrustedText(client).word)"
    }
}

extension ServiceEvent: CustomStringConvertible {
    /// What happened, on one line in which no text of strangers is raw.
    public var description: String {
        switch self {
        case .began(let run): return "\(run) began"
        case .refused(let request, let client, let error):
            let targets = request.targets.prefix(3).map { UntrustedText($0).word }.joined(separator: " ")
            let address = error.address.map { " (\($0))" } ?? ""
            return
                "\(error.kind.rawValue): \(request.work.verb.rawValue) \(targets) for \(UntrustedText(client).word): "
                + "\(error)\(address)"
        case .ended(let run, let tally):
            let reason = tally.error.map { "failed (\($0))" } ?? tally.end?.reason.rawValue ?? "without an end"
            return "\(run) ended: \(reason) after \(tally.duration.secondsText(decimals: 3)) s, \(tally.sent) sent, "
                + "\(tally.answered) answered, \(tally.lost) lost, \(tally.late) late, \(tally.duplicates) duplicate, "
                + "\(tally.notSent) not sent, \(tally.strays) strays, \(tally.dropped) dropped"
        }
    }
}
