/// Reads a path: nodes one after another, alternatives in parentheses, loops in brackets.
struct TopologyPathParser {
    private var line: TopologyLine
    private var next: (token: TopologyLine.PathToken, position: TopologyPosition)
    /// How many parentheses are open.
    private var depth = 0
    /// More of them no path of this world has, and each takes stack.
    private static let mostDepth = 64

    /// The path that follows the word `path`, up to the end of the line.
    static func parse(_ line: inout TopologyLine) throws(TopologyMistake) -> Topology.Path {
        var parser = TopologyPathParser(line)
        let path = try parser.path()
        line = parser.line
        return path
    }

    private init(_ line: TopologyLine) {
        self.line = line
        next = self.line.pathToken()
    }

    private mutating func advance() { next = line.pathToken() }

    private mutating func path() throws(TopologyMistake) -> Topology.Path {
        let host = try name("a host's name, or default")
        var vantage: Topology.NodeReference?
        var family: IPAddress.Family?
        while case .name(let word) = next.token {
            let position = next.position
            advance()
            switch word {
            case "from": vantage = try name("a vantage's name")
            case "v4": family = .v4
            case "v6": family = .v6
            default:
                throw TopologyMistake(
                    "\"\(UntrustedText(word))\" cannot stand before the colon", at: position,
                    expected: "from and a vantage, v4, v6, or a colon")
            }
        }
        try take(":", "a colon before the nodes of the path")
        let parts = try sequence()
        guard next.token == .end else {
            throw TopologyMistake(
                "This cannot stand here", at: next.position, expected: "a node, ( or [, or the end of the line")
        }
        return Topology.Path(
            host: host.name == "default" ? nil : host, vantage: vantage, family: family, parts: parts)
    }

    private mutating func name(_ what: String) throws(TopologyMistake) -> Topology.NodeReference {
        guard case .name(let name) = next.token else {
            throw TopologyMistake("A name is missing", at: next.position, expected: what)
        }
        defer { advance() }
        return Topology.NodeReference(name: name, position: next.position)
    }

    private mutating func take(_ sign: Character, _ what: String) throws(TopologyMistake) {
        guard next.token == .sign(sign) else {
            throw TopologyMistake("There is no \(sign) here", at: next.position, expected: what)
        }
        advance()
    }

    private mutating func sequence() throws(TopologyMistake) -> [Topology.Path.Part] {
        var parts: [Topology.Path.Part] = []
        while true {
            switch next.token {
            case .name: parts.append(.node(try name("a node")))
            case .sign("("): parts.append(.alternatives(try alternatives()))
            case .sign("["):
                parts.append(.loop(try loop()))
                switch next.token {
                case .end, .sign("|"), .sign(")"): return parts
                default:
                    throw TopologyMistake(
                        "Nothing comes after a loop", at: next.position, expected: "the end of this way")
                }
            default: return parts
            }
        }
    }

    private mutating func alternatives() throws(TopologyMistake) -> [Topology.Path.Branch] {
        let start = next.position
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.mostDepth else {
            throw TopologyMistake(
                "Parentheses are nested more than \(Self.mostDepth) deep", at: start, expected: "a node")
        }
        advance()
        var branches = [try branch()]
        while next.token == .sign("|") {
            advance()
            branches.append(try branch())
        }
        guard next.token == .sign(")") else {
            throw TopologyMistake(
                "The parenthesis of column \(start.column) is not closed", at: next.position,
                expected: "a node, | or )")
        }
        advance()
        return branches
    }

    /// One of several ways, perhaps with its weight: `3* b c`.
    private mutating func branch() throws(TopologyMistake) -> Topology.Path.Branch {
        var ahead = line
        if case .name(let text) = next.token, ahead.pathToken().token == .sign("*") {
            guard let weight = UInt16(text), weight > 0 else {
                throw TopologyMistake(
                    "\"\(UntrustedText(text))\" is no weight", at: next.position,
                    expected: "a number from 1 to 65535")
            }
            advance()
            advance()
            return Topology.Path.Branch(weight: Double(weight), parts: try sequence())
        }
        return Topology.Path.Branch(weight: 1, parts: try sequence())
    }

    private mutating func loop() throws(TopologyMistake) -> [Topology.NodeReference] {
        advance()
        var nodes = [try name("the nodes of the loop")]
        while case .name = next.token { nodes.append(try name("a node")) }
        try take("]", "a node, or the bracket that closes the loop")
        return nodes
    }
}
