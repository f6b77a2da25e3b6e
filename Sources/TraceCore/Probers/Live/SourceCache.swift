/// The addresses that the system sends from, asked for once for each target in a row and again after a while: addresses
/// come and go, and raw packets would otherwise be sent from one that is gone.
struct SourceCache: Sendable {
    private struct Known {
        let target: IPAddress
        let source: IPAddress
        let askedAt: Int64
    }

    /// For how many nanoseconds an answer holds.
    private static let life: Int64 = 1_000_000_000

    private let options: LiveProber.Options
    private var last: Known?

    init(_ options: LiveProber.Options) { self.options = options }

    /// The address that packets to a target are sent from.
    mutating func source(for target: IPAddress) throws(SystemError) -> IPAddress {
        let given = options.source(of: target.family)
        let now = SystemClock.monotonic
        // An address that was given is the same for all targets; what is asked is whether it is still there.
        if let last, now &- last.askedAt < Self.life,
            given == nil ? last.target == target : last.source == given
        {
            return last.source
        }
        let local: IPAddress?
        do throws(SystemError) {
            local = try options.connectedSocket(to: target).local?.address.withoutZone
        } catch {
            // That it cannot be asked says nothing about it.
            if error == .noDescriptors || error == .noDescriptorsForAnybody, let last, last.target == target {
                return last.source
            }
            last = nil
            throw error
        }
        last = nil
        // The system connects without an address of its own too, if it has none.
        guard let local, local != IPAddress(v4: 0), local != IPAddress(v6: 0) else { throw .notAvailable }
        let source = given ?? local
        last = Known(target: target, source: source, askedAt: now)
        return source
    }
}

extension LiveProber.Options {
    /// The source that was asked for, if it is one for targets of a family.
    func source(of family: IPAddress.Family) -> IPAddress? {
        source.flatMap { $0.family == family ? $0 : nil }
    }

    /// A socket with a route to a target and an address of this machine. Nothing is sent: connecting a datagram socket
    /// only makes the system choose.
    func connectedSocket(to target: IPAddress) throws(SystemError) -> SystemSocket {
        let socket = try SystemSocket(.datagram, target.family)
        try direct(socket)
        if let source = source(of: target.family) { try socket.bind(to: source, port: 0) }
        try socket.connect(to: target, port: 33434)
        return socket
    }
}
