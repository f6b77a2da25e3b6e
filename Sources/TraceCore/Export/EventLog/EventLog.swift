/// Events as lines of JSON, one event a line: the format in which runs are recorded and streamed.
public enum EventLog {
    /// A log, as far as it is complete.
    public struct Recording: Sendable, Hashable {
        /// The events of its complete lines.
        public var events: [ProbeEvent]
        /// The number of the last line, from 1, if the log breaks off within it; that line gives no event.
        public var brokenLine: Int?
    }

    /// The events of a recorded run.
    ///
    /// A log that breaks off within its last line, as after a crash or on a full disk, gives the events before it.
    ///
    /// - Parameters:
    ///   - bytes: The log; empty lines are ignored.
    ///   - name: The name of the log in errors, such as the file's path.
    /// - Throws: `badInput` with the line and the reason.
    public static func events(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [ProbeEvent] {
        try recording(from: bytes, name: name).events
    }

    /// The events of a recorded run, and where the log breaks off if it does so within a line.
    ///
    /// - Parameters:
    ///   - bytes: The log; empty lines are ignored.
    ///   - name: The name of the log in errors, such as the file's path.
    /// - Throws: `badInput` with the line and the reason.
    public static func recording(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> Recording {
        let (events, brokenLine) = try lines(of: bytes, as: ProbeEvent.self, name)
        return Recording(events: events, brokenLine: brokenLine)
    }

    /// The events of many runs that were recorded together, separated by run and sorted by the numbers of the runs.
    ///
    /// - Parameters:
    ///   - bytes: The log; an event without a run's number belongs to run 0.
    ///   - name: The name of the log in errors, such as the file's path.
    /// - Throws: `badInput` with the line and the reason.
    public static func runs(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [[ProbeEvent]] {
        try recordings(from: bytes, name: name).map(\.events)
    }

    /// The same, each run with the place where the log breaks off if it does so within a line.
    ///
    /// - Parameters:
    ///   - bytes: The log; an event without a run's number belongs to run 0.
    ///   - name: The name of the log in errors, such as the file's path.
    /// - Throws: `badInput` with the line and the reason.
    public static func recordings(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [Recording] {
        var runs: [Int: [ProbeEvent]] = [:]
        let (events, brokenLine) = try lines(of: bytes, as: FleetEvent.self, name)
        for next in events {
            guard case .success(let event) = next.event else { continue }
            runs[next.position, default: []].append(event)
        }
        return runs.sorted { $0.key < $1.key }.map { Recording(events: $0.value, brokenLine: brokenLine) }
    }

    /// The values of a log's lines, and the number of the last line if it is incomplete.
    private static func lines<Value: Decodable>(
        of bytes: [UInt8], as type: Value.Type, _ name: String
    ) throws(ProbeError) -> ([Value], brokenLine: Int?) {
        var reader = Reader<Value>(name: name)
        let values = try reader.add(bytes) + reader.finish()
        return (values, reader.brokenLine)
    }
}

extension EventLog {
    /// Reads a log piece by piece, so that it may be longer than what memory holds.
    ///
    /// ```swift
    /// var reader = EventLog.Reader<ProbeEvent>(name: path)
    /// while let piece = try file.next() { for event in try reader.add(piece) { fold.apply(event) } }
    /// for event in try reader.finish() { fold.apply(event) }
    /// ```
    public struct Reader<Value: Decodable> {
        /// No event comes near it; what has no line ends is no log.
        private static var longestLine: Int { 16 * 1024 * 1024 }

        private let name: String
        private var line: [UInt8] = []
        private var number = 0
        private var hasValues = false
        /// The number of the last line, from 1, if the log breaks off within it; that line gives no value.
        public private(set) var brokenLine: Int?

        /// A reader of a log's lines: of a run's events as `ProbeEvent`, of those of many runs as ``FleetEvent``.
        ///
        /// - Parameter name: The name of the log in errors, such as the file's path.
        public init(name: String = "event log") { self.name = name }

        /// The values of the lines that end in these bytes, which follow those before.
        ///
        /// - Throws: `badInput` with the line and the reason.
        public mutating func add(_ bytes: [UInt8]) throws(ProbeError) -> [Value] {
            var values: [Value] = []
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                rest = rest[(end + 1)...]
                if let value = try value(isLast: false) { values.append(value) }
            }
            line += rest
            guard line.count <= Self.longestLine else {
                throw ProbeError(.badInput, "\(UntrustedText(name)):\(number + 1): the line is too long for an event")
            }
            return values
        }

        /// The value of a last line that has no line end.
        ///
        /// - Throws: `badInput` with the line and the reason, unless the log breaks off within the line.
        public mutating func finish() throws(ProbeError) -> [Value] { try value(isLast: true).map { [$0] } ?? [] }

        /// The value of the line that has been gathered; nil if there is none in it.
        private mutating func value(isLast: Bool) throws(ProbeError) -> Value? {
            number += 1
            defer { line.removeAll(keepingCapacity: true) }
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return nil }
            do {
                let value = try JSON.decode(Value.self, from: line)
                hasValues = true
                return value
            } catch {
                // A last line without a line end that begins like an event is incomplete, if there are events before
                // it. Some file systems fill the rest with zeros, so the exact place of the error does not matter.
                if isLast, hasValues, error is JSON.Failure, line.first == UInt8(ascii: "{") || line.first == 0 {
                    brokenLine = number
                    return nil
                }
                let place = "\(UntrustedText(name)):\(number)"
                throw ProbeError(
                    .badInput, "\(place)\(UntrustedText(Self.reason(error)).escaped)",
                    remedy: "An event log has one JSON object a line, as --ndjson writes them")
            }
        }

        private static func reason(_ error: any Error) -> String {
            // Each line is parsed alone, so the error's own line number is always 1 and is left out.
            if let error = error as? JSON.Failure { return ":\(error.column): not an event: \(error.message)" }
            return ": not an event: " + ((error as? DecodingError)?.explanation ?? "\(error)")
        }
    }
}
