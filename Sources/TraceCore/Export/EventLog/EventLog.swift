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
        try lines(of: bytes, as: ProbeEvent.self, name)
    }

    /// The events of many runs that were recorded together, those of each run by themselves and in the order of the runs'
    /// numbers.
    ///
    /// - Parameters:
    ///   - bytes: The log; an event without the number of its run is of the run 0.
    ///   - name: What errors call the log, such as the file's path.
    /// - Throws: `badInput` with the line and what is wrong with it.
    public static func runs(
        from bytes: [UInt8], name: String = "event log"
    ) throws(ProbeError) -> [[ProbeEvent]] {
        var runs: [Int: [ProbeEvent]] = [:]
        for next in try lines(of: bytes, as: FleetEvent.self, name) {
            guard case .success(let event) = next.event else { continue }
            runs[next.position, default: []].append(event)
        }
        return runs.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The values of a log's lines.
    private static func lines<Value: Decodable>(
        of bytes: [UInt8], as type: Value.Type, _ name: String
    ) throws(ProbeError) -> [Value] {
        var values: [Value] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do {
                values.append(try JSON.decode(type, from: Array(line)))
            } catch {
                let place = "\(UntrustedText(name)):\(number)"
                throw ProbeError(
                    .badInput, "\(place)\(UntrustedText(reason(error)).escaped)",
                    remedy: "An event log has one JSON object a line, as --ndjson writes them")
            }
        }
        return values
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
