package import TraceCore

/// A handful of paths on the simulated internet, two of which change and fail within the first minutes.
package enum WatchDemo {
    /// What is watched.
    package static let settings = """
        {
          "title": "Paths of the demo",
          "network": "demo",
          "history": "20m",
          "group-wait": "5s",
          "defaults": {"interval": "1s", "labels": {"site": "lisbon"}},
          "targets": [
            {"name": "Tokyo", "host": "tokyo.example"},
            {"name": "Frankfurt", "host": "frankfurt.example"},
            {"name": "Johannesburg", "host": "johannesburg.example"},
            {"name": "São Paulo", "host": "saopaulo.example"},
            {"name": "Sydney by TCP", "host": "sydney.example", "method": "tcp", "port": 443}
          ],
          "rules": [
            {"name": "no answer", "when": "lost", "severity": "critical"},
            {"name": "another way", "when": "path", "severity": "info"},
            {"name": "slower", "when": "slower"},
            {"name": "loss", "when": "loss"}
          ],
          "receivers": [{"name": "terminal", "type": "output"}]
        }
        """

    /// What happens to the simulated internet: Tokyo gets another way, whichever it had, and Johannesburg is gone for a while.
    private static let events = """

        at 60s path tokyo: gw bras agg lis mrs bom sin-a nrt hnd
        at 90s set johannesburg down
        at 240s set johannesburg up

        """

    /// A simulated internet whose time is the time now: `demo` with what happens to it, or the text of a topology.
    package static func internet(_ topology: String?, name: String, at now: UTCTime) throws(ProbeError)
        -> SimulatedInternet
    {
        let text = topology ?? SimulatedInternet.demoTopology + events
        var hasStart = false
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard line.drop(while: { $0 == " " }).hasPrefix("start ") else { return String(line) }
            hasStart = true
            return "start \(now)"
        }
        if !hasStart { lines.append("start \(now)") }
        return try SimulatedInternet(parsing: lines.joined(separator: "\n"), name: name)
    }
}
