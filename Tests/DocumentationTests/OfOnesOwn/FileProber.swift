import TraceCore

/// Answers each probe from a table of canned round trips.
///
/// A line of the table is an address and its round trips in milliseconds, one for each probe; `-` is a probe that nobody
/// answers. After the last one it begins anew.
struct FileProber: AskingProber {
    let method = ProbeMethod(rawValue: "file")
    private let roundTrips: [IPAddress: [Duration?]]

    /// - Throws: `badInput` for a line that makes no sense.
    init(parsing text: String) throws(ProbeError) {
        var table: [IPAddress: [Duration?]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            guard let address = IPAddress(String(first)) else {
                throw ProbeError(.badInput, "\"\(UntrustedText(String(first)))\" is not an address")
            }
            var times: [Duration?] = []
            for word in words.dropFirst() {
                if word == "-" {
                    times.append(nil)
                    continue
                }
                guard let number = Double(word), let time = Duration(milliseconds: number), time >= .zero else {
                    throw ProbeError(
                        .badInput, "\"\(UntrustedText(String(word)))\" is not a round trip",
                        remedy: "Give a number of milliseconds, or - for no answer")
                }
                times.append(time)
            }
            table[address] = times
        }
        roundTrips = table
    }

    func ask(_ probe: Probe) async throws(ProbeError) -> Answer? {
        guard let times = roundTrips[probe.target], !times.isEmpty else {
            throw ProbeError(.noRoute, "The table has no round trips of \(probe.target)")
        }
        guard let rtt = times[probe.sequence % times.count] else { return nil }
        return Answer(rtt: rtt)
    }
}

/// Three probes, the second of which nobody answers.
///
/// - Returns: The number of answers: 2.
func useFileProber() async throws -> Int {
    let prober = try FileProber(
        parsing: """
            192.0.2.7 12.5 - 13.25
            192.0.2.8 80
            """)
    // The clock is a real one, so the silent probe takes its whole timeout.
    let settings = PingSettings(interval: .milliseconds(10), timeout: .milliseconds(200))
    let report = try await Pinger(prober, settings: settings).ping(IPAddress(192, 0, 2, 7), count: 3)
    return report.received
}
