public import TraceCore

/// A recorded run, read as its events are wanted: a log of a day is longer than what memory should hold.
@MainActor public final class RecordedRun {
    private let input: Input
    private let verb: Verb
    private let needsBeginning: Bool
    private let pieces: Input.Pieces
    private var reader: EventLog.Reader<ProbeEvent>
    /// What has been read of the log.
    private var events: ArraySlice<ProbeEvent> = []
    /// What is handed on next, before that.
    private var ready: ArraySlice<ProbeEvent> = []
    private var lost: LostBeginning?
    private var hasBegun = false
    private var isAtEnd = false
    /// Whether this is not the first time that the log is read.
    private var isAgain = false

    /// The run that a log has, of the verb that is wanted.
    ///
    /// - Parameter needsBeginning: Whether a log without its beginning is refused. Otherwise, the rest is a run that does not
    ///   say when and how it asked.
    init(_ input: Input, of verb: Verb, needsBeginning: Bool) throws(InputError) {
        self.input = input
        self.verb = verb
        self.needsBeginning = needsBeginning
        pieces = try Input.Pieces(of: input)
        reader = EventLog.Reader(name: input.name)
    }

    /// The next event, or nil at the end; the calling thread waits for it.
    ///
    /// - Throws: `badInput` for what is no log, or the log of another verb or of several runs: their events have no
    ///   common report.
    public func next() throws -> ProbeEvent? {
        if let event = ready.popFirst() { return event }
        while let event = try nextOfLog() {
            if case .started(let run) = event.fact {
                try input.check(run, is: verb, afterOthers: hasBegun)
                if needsBeginning, run.startedAt == nil { throw input.lacksBeginning }
                hasBegun = true
            } else if !hasBegun {
                guard !needsBeginning else { throw input.lacksBeginning }
                hasBegun = true
                lost = LostBeginning(of: input, as: verb, isSaid: isAgain)
            }
            guard let known = try lost?.take(event) else { return event }
            ready = known[...]
            if let event = ready.popFirst() { return event }
        }
        if let lost, !lost.hasTarget { throw input.lacksBeginning }
        return nil
    }

    /// The next event as it is in the log.
    private func nextOfLog() throws -> ProbeEvent? {
        while events.isEmpty {
            guard !isAtEnd else { return nil }
            if let piece = try pieces.next() {
                events = try reader.add(piece)[...]
            } else {
                isAtEnd = true
                events = try reader.finish()[...]
                if let line = reader.brokenLine { input.warnOfBreak(in: line) }
            }
        }
        return events.popFirst()
    }

    /// The same run from its beginning: itself, as long as nothing of it has been read.
    ///
    /// - Throws: Where it came through a pipe, that there is no way back.
    func fromBeginning() throws -> RecordedRun {
        guard hasBegun || isAtEnd else { return self }
        guard input.path != "-" else {
            throw ProbeError(
                .badInput, "Standard input has been read, and cannot be read again", remedy: "Replay a file")
        }
        let again = try RecordedRun(input, of: verb, needsBeginning: needsBeginning)
        again.isAgain = true
        return again
    }

    /// All events, for what has to know the last before it prints the first.
    public func all() throws -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        while let event = try next() { events.append(event) }
        return events
    }

    /// Hands over each event.
    public func forEach(_ body: (ProbeEvent) throws -> Void) throws { while let event = try next() { try body(event) } }
}

extension Input {
    func warnOfBreak(in line: Int) {
        Output.error.print(
            "\(programName): \(UntrustedText(name)):\(line): the recording breaks off within this line, which is left out"
        )
    }

    /// Why a log without its beginning cannot be used.
    var lacksBeginning: ProbeError {
        ProbeError(
            .badInput, "\(UntrustedText(name)): the log has no beginning, which says when and how the host was asked",
            remedy: "Put its parts together: cat FIRST SECOND | \(programName) --replay -")
    }

    /// Refuses a run that is not what is wanted.
    func check(_ run: RunDescription, is verb: Verb, afterOthers isAnother: Bool) throws(ProbeError) {
        if run.verb != verb {
            throw ProbeError(
                .badInput, "\(UntrustedText(name)): the log of a \(UntrustedText(run.verb.rawValue)), not of a \(verb)",
                remedy: Self.advice(run.verb.rawValue, insteadOf: verb.rawValue))
        }
        if isAnother {
            throw ProbeError(
                .badInput, "\(UntrustedText(name)): the logs of several runs, one after the other",
                remedy: "Each \"started\" event begins a run; replay one at a time")
        }
    }

    /// What replays the log of a verb where that of another was wanted.
    private static func advice(_ verb: String, insteadOf wanted: String) -> String {
        let modes = ["mtu": "--mtu", "paths": "--paths"]
        let instead = modes[wanted].map { ", without \($0)" } ?? ""
        switch verb {
        case "trace": return "Replay it with trace\(instead)"
        case "mtu", "paths": return "Replay it with trace --\(verb)\(instead)"
        case "monitor": return "Replay it with mtr"
        case "ping", "sweep": return "Replay it with \(verb)"
        default: return "Replay it with the program that recorded it"
        }
    }
}
