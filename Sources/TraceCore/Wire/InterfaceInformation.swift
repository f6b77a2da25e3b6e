/// What a router says about one of its interfaces that the packet had to do with (RFC 5837).
public struct InterfaceInformation: Sendable, Hashable, Codable {
    /// What the interface was to the packet.
    public enum Role: String, Sendable, Hashable, CaseIterable, Codable {
        /// The packet came in by it.
        case incoming
        /// The packet came in by it as part of a link below IP, such as one of a bundle.
        case subIPComponent
        /// The packet would have left by it.
        case outgoing
        /// It is the next hop that the packet would have gone to.
        case nextHop
    }

    /// What the interface was to the packet.
    public var role: Role
    /// The interface's number (ifIndex), if given.
    public var index: UInt32?
    /// The interface's address, if given.
    public var address: IPAddress?
    /// The interface's name, if given: text from a stranger.
    public var name: UntrustedText?
    /// The interface's MTU in bytes, if given.
    public var mtu: UInt32?

    /// What is said about an interface.
    public init(
        role: Role, index: UInt32? = nil, address: IPAddress? = nil, name: UntrustedText? = nil,
        mtu: UInt32? = nil
    ) {
        self.role = role
        self.index = index
        self.address = address
        self.name = name
        self.mtu = mtu
    }
}
