/// Finds the addresses of names and the names of addresses.
public protocol NameResolver: Sendable {
    /// The addresses of a host, best first.
    ///
    /// - Throws: `unknownHost` if the name has none, `lookupFailed` if no answer came.
    func addresses(of name: String) async throws(ProbeError) -> [IPAddress]

    /// The name of an address, or nil if it has none or none came in time.
    func name(of address: IPAddress) async -> UntrustedText?

    /// What is known about an address's name without a look-up.
    func known(_ address: IPAddress) -> KnownName
}

/// What a resolver knows about the name of an address without a look-up.
public enum KnownName: Sendable, Hashable {
    /// Nothing yet: ask.
    case unknown
    /// The address has no name.
    case none
    /// The address's name.
    case name(UntrustedText)
}

/// Understands addresses, and knows no names.
public struct NumericResolver: NameResolver {
    /// A resolver that makes no look-ups.
    public init() {}

    /// The address that the text spells.
    public func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        if let address = IPAddress(name) { return [address] }
        throw ProbeError(
            .unknownHost, "\"\(UntrustedText(name))\" is not an address, and this prober looks up no names",
            remedy: "Give an address, or a prober with a resolver")
    }

    /// No name.
    public func name(of address: IPAddress) async -> UntrustedText? { nil }

    /// No name.
    public func known(_ address: IPAddress) -> KnownName { .none }
}
