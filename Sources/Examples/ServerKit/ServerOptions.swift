public import TraceCore
public import TraceCoreCommandLine
public import TraceCoreHTTP

/// The options of every server: where it listens, whom it believes, what it writes down.
public struct ServerOptions: Sendable {
    /// Where it listens.
    public let listen: Option<[Endpoint]>
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
    public let tokens: Option<String?>
    /// The log.
    public let log = Option(
        "log", value: .file, help: "Write a line for each request and run to this file; `-` is standard output.")
    /// The form of its lines.
    public let logFormat = Option(
        "log-format", value: .choice(AccessLog.self), default: .combined, help: "The form of these lines.")

    /// Where it listens if nothing says where.
    let usual: Endpoint

    /// The options.
    ///
    /// - Parameters:
    ///   - usual: Where it listens if nothing says where.
    ///   - tokens: What a token is asked for, as the end of a sentence.
    public init(
        usual: Endpoint = Endpoint(IPAddress(127, 0, 0, 1), 8080), tokens: String = "for all but the page"
    ) {
        self.usual = usual
        listen = Option(
            "l", "listen", each: .endpoint,
            help: "Listen on this address and port. Repeat the option for several. The default is \(usual); under "
                + "systemd, the sockets that it hands over.")
        self.tokens = Option(
            "tokens", value: .file, help: "Ask for one of the tokens in this file (`name: token` lines) \(tokens).")
    }

    /// Those of the places where it listens.
    public var listening: [any OptionRow] { [listen, socket, proxies, metrics] }
    /// Those of the log.
    public var logs: OptionGroup { OptionGroup("Logs", [log, logFormat]) }
}
