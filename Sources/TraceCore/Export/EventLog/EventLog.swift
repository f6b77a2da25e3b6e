/// Events as lines of JSON, one for each: the form in which runs are recorded and streamed.
public enum EventLog {
    /// The events of a recorded run.
    ///
    /// - Parameters:
    ///   - bytes: The log; empty lines in it do not count.
    ///   - name: What errors call the log, such as the file's path.
    /// - Throws: `badInput` with the line and what is wrong with it.
    public static func events(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do {
                events.append(try JSON.decode(ProbeEvent.self, from: Array(line)))
            } catch {
                let place = "\(UntrustedText(name)):\(number)"
                throw ProbeError(
                    .badInput, "\(place)\(UntrustedText(reason(error)).escaped)",
                    remedy: "An event log has one JSON object a line, as --ndjson writes them")
            }
        }
        return events
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
