/// A topology as its text says it, names not yet resolved.
struct Topology: Sendable {
    var seed: UInt64 = 1
    var start: String = "2026-01-01T00:00:00Z"
    var startPosition = TopologyPosition(line: 1, column: 1)
    var vantages: [Vantage] = []
    var nodes: [Node] = []
    /// What the links, paths and nodes are, and become, in the order of time.
    var statements: [Statement] = []

    /// A place that probes are sent from.
    struct Vantage: Sendable {
        let name: String
        let addresses: AddressPair
    }

    /// A router or a host.
    struct Node: Sendable {
        let name: String
        let isHost: Bool
        let position: TopologyPosition
        var addresses = AddressPair()
        /// The order of the addresses in the text: which family comes first when the name is looked up.
        var prefersV6 = false
        /// For a host that answers at every address of a network: the prefix lengths of its addresses.
        var prefixLength: (v4: UInt8, v6: UInt8) = (32, 128)
        var traits = NodeTraits()
    }

    /// Something that holds from a time on.
    struct Statement: Sendable {
        let time: Int64
        let change: Change
    }

    enum Change: Sendable {
        case path(Path)
        case set(NodeReference, [TopologyLine.Word])
        case link(NodeReference, NodeReference, [TopologyLine.Word])
    }

    /// A name where it stands.
    struct NodeReference: Sendable {
        let name: String
        let position: TopologyPosition
    }

    /// The way to a host.
    struct Path: Sendable {
        /// The host, or nil for the way of all packets that have no other.
        let host: NodeReference?
        let vantage: NodeReference?
        let family: IPAddress.Family?
        let parts: [Part]

        enum Part: Sendable {
            case node(NodeReference)
            case alternatives([Branch])
            case loop([NodeReference])
        }

        struct Branch: Sendable {
            let weight: Double
            let parts: [Part]
        }
    }
}

/// A place in a topology text, for messages.
struct TopologyPosition: Sendable, Hashable {
    let line: Int
    let column: Int
}

/// What is wrong with a topology text, and where.
struct TopologyMistake: Error {
    let position: TopologyPosition
    let message: String
    let expected: String?

    init(_ message: String, at position: TopologyPosition, expected: String? = nil) {
        self.position = position
        self.message = message
        self.expected = expected
    }

    /// The mistake as a caller sees it: `name:line:column: what is wrong`.
    func error(in name: String) -> ProbeError {
        ProbeError(
            .badInput, "\(UntrustedText(name)):\(position.line):\(position.column): \(message)",
            remedy: expected.map { "Expected \($0)" })
    }
}
