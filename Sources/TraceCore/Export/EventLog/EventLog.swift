/// Events as lines of JSON, one for each: the form in which runs are recorded and streamed.
public enum EventLog {
    /// A log as far as it goes.
    public struct Recording: Sendable, Hashable {
        /// The events of its whole lines.
        public var events: [ProbeEvent]
        /// The number of the last line, from 1, if the log breaks off within it; that line is no event.
        public var brokenLine: Int?
    }

    /// The events of a recorded run.
    ///
    /// A log that breaks off within its last line, as after a crash or on a full disk, has the events before that.
    ///
    /// - Parameters:
    ///   - bytes: The log; empty lines in it do not count.
    ///   - name: What errors call the log, such as the file's path.
    /// - Throws: `badInput` with the line and what is wrong with it.
    public static func events(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [ProbeEvent] {
        try recording(from: bytes, name: name).events
    }

    /// A recorded run, with the place where it breaks off if it does so within a line.
    ///
    /// - Parameters:
    ///   - bytes: The log; empty lines in it do not count.
    ///   - name: What errors call the log, such as the file's path.
    /// - Throws: `badInput` with the line and what is wrong with it.
    public static func recording(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> Recording {
        var events: [ProbeEvent] = []
        var number = 0
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do {
                events.append(try JSON.decode(ProbeEvent.self, from: Array(line)))
            } catch {
                // What has whole events before it and no line end, begins as an event and is none was written in part. Some
                // file systems fill up the rest with zeros, so where exactly it goes wrong does not matter.
                if number == lines.count, !events.isEmpty, error is JSONError,
                    line.first == UInt8(ascii: "{") || line.first == 0
                {
                    return Recording(events: events, brokenLine: number)
                }
                let place = "\(UntrustedText(name)):\(number)"
                throw ProbeError(
                    .badInput, "\(place)\(UntrustedText(reason(error)).escaped)",
                    remedy: "An event log has one JSON object a line, as --ndjson writes them")
            }
        }
        return Recording(events: events, brokenLine: nil)
    }

    private static func reason(_ error: any Error) -> String {
        // The line within the line is always 1, and says nothing beside the log's own.
        if let error = error as? JSONError { return ":\(error.column): not an event: \(error.message)" }
        guard let error = error as? DecodingError else { return ": not an event: \(error)" }
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return ": not an event: \(error)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return ": not an event: " + (path.isEmpty ? "" : "\(path): ") + context.debugDescription
    }
}
