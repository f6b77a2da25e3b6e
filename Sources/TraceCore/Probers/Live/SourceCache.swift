/// The addresses that the system sends from, asked for once for each target in a row.
struct SourceCache: Sendable {
    private let options: LiveOptions
    private var last: (target: IPAddress, source: IPAddress)?

    init(_ options: LiveOptions) { self.options = options }

    /// The address that packets to a target are sent from.
    mutating func source(for target: IPAddress) throws(SystemError) -> IPAddress {
        if let source = options.source, source.family == target.family { return source }
        if let last, last.target == target { return last.source }
        // Connecting a datagram socket sends nothing: the system only chooses a route and an address.
        let socket = try SystemSocket(.datagram, target.family)
        if let interface = options.interface { try socket.bind(toInterface: interface) }
        try socket.connect(to: target, port: 33434)
        guard let source = socket.local?.address.withoutZone else { throw .invalid }
        last = (target, source)
        return source
    }
}
