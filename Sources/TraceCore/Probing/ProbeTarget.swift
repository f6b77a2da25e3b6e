/// A host as a run's report names it: the address, and the name that it was asked by.
public struct ProbeTarget: Sendable, Hashable, Codable {
    /// The name that was given, or nil where an address was.
    public let name: String?
    /// The address that is probed.
    public let address: IPAddress

    /// A target.
    public init(name: String? = nil, address: IPAddress) {
        self.name = name
        self.address = address
    }
}

/// A value that says which host to probe: a name, an address, or a target already resolved.
public protocol ProbeTargetConvertible: Sendable {
    /// The host as it was given: a name or an address.
    var text: String { get }

    /// Resolves the value to one target.
    func probeTarget(
        using resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> ProbeTarget
}

extension IPAddress: ProbeTargetConvertible {
    /// The address.
    public var text: String { description }

    /// The address itself, unless the other family was asked for.
    public func probeTarget(
        using resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> ProbeTarget {
        if let family, family != self.family {
            throw ProbeError(
                .badSetting, "\(self) is an IP\(self.family) address, and only IP\(family) was asked for")
        }
        return ProbeTarget(address: self)
    }
}

extension ProbeTarget: ProbeTargetConvertible {
    /// The name that was given, or the address.
    public var text: String { name ?? address.description }

    /// The target itself.
    public func probeTarget(
        using resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> ProbeTarget { self }
}

extension String: ProbeTargetConvertible {
    /// The text itself.
    public var text: String { self }

    /// The first address of the host that the text names.
    public func probeTarget(
        using resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> ProbeTarget {
        if let address = IPAddress(self) {
            return try await address.probeTarget(using: resolver, family: family)
        }
        let addresses = try await resolver.addresses(of: self)
        guard let address = addresses.first(where: { family == nil || $0.family == family }) else {
            let kind = family.map { "IP\($0) " } ?? ""
            throw ProbeError(.unknownHost, "\"\(UntrustedText(self))\" has no \(kind)address")
        }
        return ProbeTarget(name: self, address: address)
    }
}
