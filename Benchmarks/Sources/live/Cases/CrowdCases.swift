import TraceCore

// Many destinations at once.
extension Case {
    static let many = Case("many", "1,024 destinations traced at once") { laboratory, name in
        let duel = Duel(
            ours: laboratory.programs.our("trace"),
            ourArguments: ["-I", "-n", "-q", "1", "--rate", "0", "--targets", "FOLDER/targets"],
            peer: laboratory.programs.peer("scamper"),
            peerArguments: ["-p", "10000", "-O", "json", "-c", "trace -P icmp-paris", "-f", "FOLDER/targets"])
        let result = try laboratory.run(
            duel.commands, in: Topologies.many, isExact: false,
            files: ["targets": Topologies.manyTargets.joined(separator: "\n") + "\n"])
        let ours = result.runs(of: Duel.name(of: duel.ours)).filter { $0.failure == nil }.map { reached($0.output) }
        let peer = result.runs(of: Duel.name(of: duel.peer)).filter { $0.failure == nil }.map {
            $0.output.split(separator: "\n").count { $0.contains("\"stop_reason\":\"COMPLETED\"") }
        }
        var row = duel.row(name, target: 0.35, result)
        row.addToOurs(ours.min().map { ", \($0) reached" })
        row.addToPeer(peer.min().map { ", \($0) reached" })
        if let count = ours.min(), count < Topologies.manyTargets.count { row.verdict = .missed }
        return [row]
    }

    static let sweep = Case("sweep", "65,534 targets swept, all alive") { laboratory, name in
        let duel = laboratory.sweep(["-q", "-s", "-i", "0", "-g", "10.0.0.0/16"])
        let result = try laboratory.run(duel.commands, in: Topologies.crowd, isExact: false)
        var row = duel.row(name, target: 0.75, result)
        row.add(alive(duel.ours, result), alive(duel.peer, result), of: 65_534)
        return [row]
    }

    static let largeSweep = Case("large-sweep", "262,144 targets swept, all alive") { laboratory, name in
        let duel = laboratory.sweep(["-q", "-s", "-i", "0", "-f", "FOLDER/targets"])
        let targets = (0..<262_144).map { "10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
        let result = try laboratory.run(
            duel.commands, in: Topologies.crowd, isExact: false,
            files: ["targets": targets.joined(separator: "\n") + "\n"])
        let (ours, peer) = (duel.ourSide(result), duel.peerSide(result))
        var row = Row(
            name: name, target: "all found, where fping stops", ours: "\(duel.ourCommand) \(ours.text)",
            peer: "\(duel.peerCommand) \(peer.text)", ratio: Row.ratio(ours, peer),
            verdict: ours.milliseconds == nil ? nil : true)
        row.add(alive(duel.ours, result), alive(duel.peer, result), of: targets.count)
        return [row]
    }

    /// How many of the destinations a run of ours has reached: those that answered at the end of their lines.
    private static func reached(_ text: String) -> Int {
        let targets = Set(Topologies.manyTargets)
        let lines = text.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count > 3, Int(words[0]) != nil else { return nil }
            return words.dropFirst().first { targets.contains(String($0)) }.map(String.init)
        }
        return Set(lines).count
    }

    /// The fewest that any run found alive.
    private static func alive(_ entry: Programs.Entry, _ result: Laboratory.Result) -> Int? {
        result.runs(of: Duel.name(of: entry)).compactMap { SweepOutput(summary: $0.output + $0.errors)?.alive }.min()
    }
}

extension Laboratory {
    /// Our `sweep` against fping, both with the same arguments.
    fileprivate func sweep(_ arguments: [String]) -> Duel {
        Duel(
            ours: programs.our("sweep"), ourArguments: arguments, peer: programs.peer("fping"),
            peerArguments: arguments)
    }
}

extension Row {
    /// Says how many each side found; ours has to have found all.
    fileprivate mutating func add(_ ours: Int?, _ peer: Int?, of count: Int) {
        addToOurs(ours.map { ", \($0) found" })
        addToPeer(peer.map { ", \($0) found" })
        if verdict == .met, ours != count { verdict = .missed }
    }
}
