/// What the system is asked for.
enum LookupQuestion: Sendable, Hashable {
    case addresses(of: String)
    case name(of: IPAddress)

    /// Whether an address's name is asked for, and not the addresses of a name.
    var isReverse: Bool {
        switch self {
        case .addresses: false
        case .name: true
        }
    }
}

/// What came of it.
enum LookupAnswer: Sendable, Hashable {
    /// The addresses of the name, best first.
    case addresses([IPAddress])
    /// The name of the address.
    case name(UntrustedText)
    /// The name has no address, or the address no name.
    case none
    /// Nobody could say.
    case failed(ProbeError)
}
