public import TraceCore
public import TraceCoreCommandLine
public import TraceCoreHTTP

/// The options of every server: where it listens, whom it believes, what it writes down.
public struct ServerOptions: Sendable {
    /// Where it listens.
    public let listen = Option(
        "l", "listen", each: .endpoint,
        help: "Listen on this address and port. Repeat the option for several. The default is 127.0.0.1:8080; under "
            + "systemd, the sockets that it hands over.")
    /// A Unix socket.
    public let socket = Option("socket", value: .file, help: "Listen on a Unix socket, too.")
    /// The proxies that are believed.
    public let proxies = Option(
        "proxy", each: .network,
        help: "Believe what proxies in this network say of the client (`X-Forwarded-For`, `Forwarded`). Nobody else is "
            + "believed, but for the other side of a Unix socket.")
    /// Where operators look.
    public let metrics = Option(
        "metrics", value: .endpoint, help: "Serve metrics and health here only, and not with the page.")
    /// The tokens of those who may ask.
    public let tokens = Option(
        "tokens", value: .file,
        help: "Ask for one of the tokens in this file (`name: token` lines) for all but the page.")
    /// The log.
    public let log = Option(
        "log", value: .file, help: "Write a line for each request and run to this file; `-` is standard output.")
    /// The form of its lines.
    public let logFormat = Option(
        "log-format", value: .choice(AccessLog.self), default: .combined, help: "The form of these lines.")

    /// The options.
    public init() {}

    /// Those of the places where it listens.
    public var listening: [any OptionRow] { [listen, socket, proxies, metrics] }
    /// Those of the log.
    public var logs: OptionGroup { OptionGroup("Logs", [log, logFormat]) }
}
