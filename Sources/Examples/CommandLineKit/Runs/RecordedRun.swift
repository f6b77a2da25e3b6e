public import TraceCore

/// A recorded run, read as its events are wanted: a log of a day is longer than what memory should hold.
@MainActor public final class RecordedRun {
    private let input: Input
    private let verb: Verb
    private let pieces: Input.Pieces
    private var reader: EventLog.Reader<ProbeEvent>
    private var events: ArraySlice<ProbeEvent> = []
    private var hasBegun = false
    private var isAtEnd = false

    /// The run that a log has, of the verb that is wanted.
    init(_ input: Input, of verb: Verb) throws(InputError) {
        self.input = input
        self.verb = verb
        pieces = try Input.Pieces(of: input)
        reader = EventLog.Reader(name: input.name)
    }

    /// The next event, or nil at the end; the calling thread waits for it.
    ///
    /// - Throws: `badInput` for what is no log, or the log of another verb or of several runs: their events have no
    ///   common report.
    public func next() throws -> ProbeEvent? {
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
        guard let event = events.popFirst() else { return nil }
        if case .started(let run) = event.fact {
            try input.check(run, is: verb, afterOthers: hasBegun)
            hasBegun = true
        } else if !hasBegun {
            throw ProbeError(
                .badInput, "\(UntrustedText(input.name)): the log has no beginning: its first event is not \"started\"",
                remedy: "Put the parts of a log together: cat FIRST SECOND | \(programName) --replay -")
        }
        return event
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
        return try RecordedRun(input, of: verb)
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
