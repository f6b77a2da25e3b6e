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
        var values: [Value] = []
        var number = 0
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do {
                values.append(try JSON.decode(type, from: Array(line)))
            } catch {
                // A last line without a line end that begins like an event is incomplete, if there are events before
                // it. Some file systems fill the rest with zeros, so the exact place of the error does not matter.
                if number == lines.count, !values.isEmpty, error is JSON.Failure,
                    line.first == UInt8(ascii: "{") || line.first == 0
                {
                    return (values, number)
                }
                let place = "\(UntrustedText(name)):\(number)"
                throw ProbeError(
                    .badInput, "\(place)\(UntrustedText(reason(error)).escaped)",
                    remedy: "An event log has one JSON object a line, as --ndjson writes them")
            }
        }
        return (values, nil)
    }

    private static func reason(_ error: any Error) -> String {
        // Each line is parsed alone, so the error's own line number is always 1 and is left out.
        if let error = error as? JSON.Failure { return ":\(error.column): not an event: \(error.message)" }
        return ": not an event: " + ((error as? DecodingError)?.explanation ?? "\(error)")
    }
}
