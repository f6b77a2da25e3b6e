public import TraceCore
public import TraceCoreCommandLine
internal import TraceCoreHTTP

/// An address and a port to listen on.
public struct Endpoint: Sendable, CustomStringConvertible {
    /// The address.
    public let address: IPAddress
    /// The port; 0 for any that is free.
    public let port: UInt16

    /// The two as they are typed.
    public var description: String { address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// An address and a port.
    public init(_ address: IPAddress, _ port: UInt16) { (self.address, self.port) = (address, port) }

    /// The address and the port that a text spells, or nil where it is none. Without an address it is every one.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard
            let address = host.isEmpty
                ? IPAddress("::") : host == "localhost" ? IPAddress(127, 0, 0, 1) : IPAddress(host)
        else {
            return nil
        }
        (self.address, self.port) = (address, port)
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { address.range == .loopback }
}

extension ValueKind where Value == Endpoint {
    /// An address with a port.
    public static var endpoint: Self {
        Self("ADDRESS:PORT", expecting: "an address with a port, such as 127.0.0.1:8080 or [::1]:8080") { Endpoint($0) }
    }
}

extension ValueKind where Value == IPNetwork {
    /// A network, or a single address.
    public static var network: Self {
        Self("NETWORK", expecting: "a network, such as 192.0.2.0/24") { text in
            IPNetwork(text)
                ?? IPAddress(text).flatMap { IPNetwork(containing: $0, prefixLength: $0.family == .v4 ? 32 : 128) }
        }
    }
}

extension ValueKind where Value == String {
    /// Rates of requests.
    public static var rates: Self {
        Self("RATES", expecting: "rates such as 10/minute;100/hour") { (try? RequestRates($0)) == nil ? nil : $0 }
    }
}
