public import TraceCore

/// Whose network an address belongs to, as somebody says.
public struct AutonomousSystem: Sendable, Hashable, Codable {
    /// Who says so: a database's name.
    public var source: String
    /// The number that routers know it by.
    public var number: UInt32
    /// The name of whoever runs it.
    public var name: UntrustedText?

    /// A network; what is not given is not known.
    public init(source: String, number: UInt32, name: UntrustedText? = nil) {
        self.source = source
        self.number = number
        self.name = name
    }
}
