/// Reads the text of a topology, line by line.
struct TopologyParser {
    private var topology = Topology()
    private var names: Set<String> = []
    private var register = TopologyRegister()
    private var time: Int64 = 0

    static func parse(_ text: String, name: String) throws(ProbeError) -> Topology {
        do throws(TopologyMistake) {
            return try parse(text)
        } catch {
            throw error.error(in: name)
        }
    }

    private static func parse(_ text: String) throws(TopologyMistake) -> Topology {
        var parser = TopologyParser()
        var number = 0
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = TopologyLine(Array(bytes), number: number)
            try parser.read(&line)
        }
        guard !parser.topology.vantages.isEmpty else {
            throw TopologyMistake(
                "Nothing is sent from anywhere", at: TopologyPosition(line: number, column: 1),
                expected: "a line such as: vantage here 192.0.2.10 2001:db8::10")
        }
        return parser.topology
    }

    private static let statements =
        "seed, start, vantage, router, host, link, path, or at with a time before set, link or path"

    private mutating func read(_ line: inout TopologyLine) throws(TopologyMistake) {
        guard let first = try line.word() else { return }
        if first.text == "seed" || first.text == "start" {
            try register.note([first.text], "\"\(first.text)\"", at: first.position)
        }
        switch first.text {
        case "seed": topology.seed = try value(of: try line.name("a number")).number(0...UInt64.max)
        case "start":
            let word = try line.name("a time such as 2026-01-01T00:00:00Z")
            topology.start = word.key
            topology.startPosition = word.position
        case "vantage": try readVantage(&line)
        case "router": try readNode(&line, isHost: false)
        case "host": try readNode(&line, isHost: true)
        case "at": try readChange(&line)
        case "link", "path": try readStatement(first, &line, at: 0)
        default:
            throw TopologyMistake(
                "No line begins with \"\(UntrustedText(first.text))\"", at: first.position,
                expected: Self.statements)
        }
        guard line.isAtEnd else {
            throw TopologyMistake("The line should end here", at: line.position, expected: "nothing more")
        }
    }

    private func value(of word: TopologyLine.Word) -> TopologyValue {
        TopologyValue(text: word.value ?? word.key, position: word.valuePosition)
    }

    private mutating func declare(_ line: inout TopologyLine) throws(TopologyMistake) -> TopologyLine.Word {
        let word = try line.name("a name")
        guard Self.isName(word.key) else {
            throw TopologyMistake(
                "\"\(UntrustedText(word.key))\" is no name", at: word.position,
                expected: "letters, digits, points, dashes and underscores")
        }
        guard names.insert(word.key).inserted else {
            throw TopologyMistake(
                "There already is a \"\(word.key)\"", at: word.position, expected: "another name")
        }
        return word
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text != "default"
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private mutating func readVantage(_ line: inout TopologyLine) throws(TopologyMistake) {
        let name = try declare(&line)
        var addresses = AddressPair()
        while let word = try line.word() {
            let value = value(of: word)
            guard word.value == nil, addresses.set(try value.address()) else {
                throw value.mistake(expected: "one address of each family")
            }
        }
        guard addresses != AddressPair() else {
            throw TopologyMistake("A vantage needs an address", at: line.position, expected: "an address")
        }
        topology.vantages.append(Topology.Vantage(name: name.key, addresses: addresses))
    }

    private mutating func readNode(
        _ line: inout TopologyLine, isHost: Bool
    ) throws(TopologyMistake) {
        let name = try declare(&line)
        var node = Topology.Node(name: name.key, isHost: isHost, position: name.position)
        while let word = try line.word() {
            if word.value == nil, Self.beginsAddress(word.key) {
                try readAddress(value(of: word), &node)
            } else {
                try Self.apply(word, to: &node.traits)
                try register.note(word, of: ["node", name.key])
            }
        }
        if isHost, node.addresses == AddressPair() {
            throw TopologyMistake("A host needs an address", at: line.position, expected: "an address")
        }
        topology.nodes.append(node)
    }

    private static func beginsAddress(_ text: String) -> Bool {
        !NodeTraits.flagKeys.contains(text)
            && (text.utf8.first.map { (0x30...0x39).contains($0) } ?? false || text.contains(":"))
    }

    /// An address, for a host perhaps with the length of a prefix within which it answers everywhere.
    private func readAddress(
        _ value: TopologyValue, _ node: inout Topology.Node
    ) throws(TopologyMistake) {
        let parts = value.split("/")
        let address = try parts[0].address()
        guard parts.count <= (node.isHost ? 2 : 1), node.addresses.set(address) else {
            throw value.mistake(
                expected: "one address of each family, for a host perhaps with a prefix length")
        }
        if address.isV6, node.addresses.v4 == nil { node.prefersV6 = true }
        guard parts.count == 2 else { return }
        if address.isV4 {
            node.prefixLength.v4 = try parts[1].number(0...32)
        } else {
            node.prefixLength.v6 = try parts[1].number(0...128)
        }
    }

    /// Applies an attribute of a node, or says which there are.
    static func apply(_ word: TopologyLine.Word, to traits: inout NodeTraits) throws(TopologyMistake) {
        if let text = word.value {
            let value = TopologyValue(text: text, position: word.valuePosition)
            if try traits.apply(word.key, value) { return }
        } else if traits.apply(flag: word.key) {
            return
        }
        throw unknown(word, flags: NodeTraits.flagKeys, keys: NodeTraits.valueKeys)
    }

    /// Applies an attribute of a link.
    static func apply(_ word: TopologyLine.Word, to link: inout LinkTraits) throws(TopologyMistake) {
        switch (word.key, word.value) {
        case ("down", nil): link.isDown = true
        case ("up", nil): link.isDown = false
        case (_, let text?):
            let value = TopologyValue(text: text, position: word.valuePosition)
            if try !link.apply(word.key, value) { fallthrough }
        default:
            throw unknown(
                word, flags: ["down", "up"], keys: LinkTraits.keys.filter { $0 != "down" && $0 != "up" })
        }
    }

    private static func unknown(
        _ word: TopologyLine.Word, flags: [String], keys: [String]
    ) -> TopologyMistake {
        if word.value == nil, keys.contains(word.key) {
            return TopologyMistake(
                "\"\(word.key)\" needs a value", at: word.position, expected: "\(word.key)=…")
        }
        if word.value != nil, flags.contains(word.key) {
            return TopologyMistake(
                "\"\(word.key)\" takes no value", at: word.position, expected: word.key)
        }
        return TopologyMistake(
            "There is no attribute \"\(UntrustedText(word.key))\"", at: word.position,
            expected: "an address or one of \((flags + keys.map { $0 + "=" }).joined(separator: " "))")
    }

    private mutating func readChange(_ line: inout TopologyLine) throws(TopologyMistake) {
        let at = try line.name("a time such as 10s")
        let time = try value(of: at).nanoseconds()
        guard time >= self.time else {
            throw TopologyMistake(
                "This is earlier than what stands above", at: at.position, expected: "changes in their order")
        }
        self.time = time
        try readStatement(try line.name("path, set or link"), &line, at: time)
    }

    private mutating func readStatement(
        _ verb: TopologyLine.Word, _ line: inout TopologyLine, at time: Int64
    ) throws(TopologyMistake) {
        let change: Topology.Change
        switch verb.key {
        case "path":
            let path = try TopologyPathParser.parse(&line)
            let subject = ["path", path.host?.name, path.vantage?.name, path.family.map { "\($0)" }, "\(time)"]
            try register.note(
                subject.map { $0 ?? "" },
                "The path of \(path.host.map { "\"\(UntrustedText($0.name))\"" } ?? "all others")", at: verb.position)
            change = .path(path)
        case "link":
            let from = try reference(&line)
            let to = try reference(&line)
            change = .link(from, to, try words(&line, of: ["link", from.name, to.name, "\(time)"]))
        case "set" where time > 0:
            let node = try reference(&line)
            change = .set(node, try words(&line, of: ["set", node.name, "\(time)"]))
        default:
            throw TopologyMistake(
                "\"\(verb.key)\" cannot stand here", at: verb.position, expected: "path, set or link")
        }
        topology.statements.append(Topology.Statement(time: time, change: change))
    }

    private func reference(_ line: inout TopologyLine) throws(TopologyMistake) -> Topology.NodeReference {
        let word = try line.name("a node's name")
        return Topology.NodeReference(name: word.key, position: word.position)
    }

    /// The attributes that a change gives to a node or a link.
    private mutating func words(
        _ line: inout TopologyLine, of owner: [String]
    ) throws(TopologyMistake) -> [TopologyLine.Word] {
        var words: [TopologyLine.Word] = []
        while let word = try line.word() {
            try register.note(word, of: owner)
            words.append(word)
        }
        return words
    }
}
