/// The sockets of one way to the network: how packets leave, and how what comes back gets into the book.
protocol LiveWire: AnyObject, Sendable {
    /// Opens what a family needs, if that has not been done.
    func prepare(_ family: IPAddress.Family) throws(ProbeError)

    /// Sends the packet of a probe.
    ///
    /// - Parameters:
    ///   - packet: The whole packet, IP header and all; where the system writes headers, they are left out.
    ///   - record: What the book has about it.
    ///   - probe: The probe.
    ///   - isStamped: Whether the kernel reports when it left.
    func send(
        _ packet: Span<UInt8>, _ record: ProbeRegistry.Record, _ probe: Probe, isStamped: Bool
    ) throws(SystemError)

    /// Reads the stamps of sent packets, where no event of the socket announces them.
    func readStamps()

    /// How many flows it can keep apart, or nil for all.
    var flowLimit: Int? { get }

    /// Whether only one probe of a flow can be out at a time.
    var hasSerialFlows: Bool { get }

    /// Closes everything.
    func close()
}

extension SystemError {
    /// For how many nanoseconds what is refused with it is worth trying again, or nil if it is not.
    ///
    /// A device's queue that is full empties within milliseconds.
    var patience: Int64? { self == .again || self == .noBuffers ? 60_000_000 : nil }
}

extension LiveWire {
    func readStamps() {}
    var flowLimit: Int? { nil }
    var hasSerialFlows: Bool { false }
}
