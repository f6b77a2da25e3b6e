/// How a prober asks: the name that stands in reports and event logs.
///
/// It names and never decides: nothing in the library switches over it, so that a prober of one's own
/// brings its own name along.
public struct ProbeMethod: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name, in lower case.
    public let rawValue: String

    /// A method with a name of one's own, such as `ProbeMethod(rawValue: "http")`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// ICMP echo requests.
    public static let icmp = ProbeMethod(rawValue: "icmp")
    /// UDP datagrams to ports where nobody listens.
    public static let udp = ProbeMethod(rawValue: "udp")
    /// TCP connection requests.
    public static let tcp = ProbeMethod(rawValue: "tcp")

    /// The name.
    public var description: String { rawValue }
}
