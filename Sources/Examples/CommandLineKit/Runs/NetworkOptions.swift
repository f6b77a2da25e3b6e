public import TraceCore

/// The options that choose where events come from: a simulated internet, or a recorded run.
public struct NetworkOptions: Sendable {
    /// The simulated internet.
    public let network = Option(
        "network", value: .file, placeholder: "demo|FILE",
        help: "Use a simulated internet: `demo`, or a topology file.")
    /// The recorded run.
    public let replay = Option(
        "replay", value: .file,
        help: "Read events from a file that `--ndjson` wrote, or from standard input with `-`, and report them again.")

    /// The options.
    public init() {}

    /// The group for the command's table.
    public var group: OptionGroup { OptionGroup("Network", [network, replay]) }

    /// The simulated internet that was asked for.
    public func internet(in parsed: ParsedArguments) throws -> SimulatedInternet {
        switch parsed[network] {
        case nil:
            throw ProbeError(
                .unsupported, "Live probing is not in this version",
                remedy: "Use a simulated internet: --network demo, or --network FILE")
        case "demo": return SimulatedInternet.demo
        case let path?:
            let text = String(decoding: try Input(path).bytes(), as: UTF8.self)
            return try SimulatedInternet(parsing: text, name: path)
        }
    }

    /// The events of the recorded run, or nil if none was asked for.
    public func recordedEvents(in parsed: ParsedArguments) throws -> [ProbeEvent]? {
        guard let path = parsed[replay] else { return nil }
        return try EventLog.events(from: Input(path).bytes(), name: path)
    }
}
