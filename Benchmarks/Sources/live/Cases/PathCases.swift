// One path at a time: how long a trace takes, and whether it finds what is there.
extension Case {
    static let answering = Case("answering", "ten answering hops, 80 ms at the end, 3 probes a hop") {
        laboratory, name in
        let duel = laboratory.trace(["-I", "-n", Topologies.target], against: ["-I", "-n", Topologies.target])
        let result = try laboratory.run(duel.commands, in: Topologies.tenHops())
        let ours = duel.ourSide(result)
        let limit = 1.08 * 80 + 5
        let found = Found(result, duel)
        return [
            Row(
                name: name, target: "at most 1.08 × 80 ms + 5 ms = \(limit.short) ms, all found",
                ours: "\(duel.ourCommand) \(ours.text)\(found.text)", peer: "the path itself", ratio: "",
                verdict: ours.milliseconds.map { $0 <= limit && found.isSame } ?? nil),
            duel.row(name, target: 0.72, result, found),
        ]
    }

    static let silent = Case("silent", "the same with two silent hops") { laboratory, name in
        let duel = laboratory.trace(["-n", Topologies.target], against: ["-n", Topologies.target])
        let result = try laboratory.run(duel.commands, in: Topologies.tenHops([4: "silent", 7: "silent"]))
        return [duel.row(name, target: 0.45, result, Found(result, duel))]
    }

    static let slow = Case("slow", "two silent hops, and one that takes three times as long as its neighbours") {
        laboratory, name in
        // The fifth hop is 40 ms away and answers after 120 ms.
        let topology = Topologies.tenHops([4: "silent", 7: "silent", 5: "return-delay=80ms"])
        let duel = laboratory.trace(["-n", Topologies.target], against: ["-n", Topologies.target])
        let result = try laboratory.run(duel.commands, in: topology)
        let (ours, peer, found) = (duel.ourSide(result), duel.peerSide(result), Found(result, duel))
        let isFound = found.ours.map { $0.contains(5) && $0.contains(10) }
        return [
            Row(
                name: name, target: "still found", ours: "\(duel.ourCommand) \(ours.text)\(found.text)",
                peer: "\(duel.peerCommand) \(peer.text)", ratio: Row.ratio(ours, peer),
                verdict: ours.milliseconds == nil ? nil : isFound ?? false)
        ]
    }

    static let dead = Case("dead", "a destination that never answers, behind nine routers") { laboratory, name in
        let duel = laboratory.trace(["-n", Topologies.target], against: ["-n", Topologies.target])
        let result = try laboratory.run(duel.commands, in: Topologies.tenHops([10: "dead"]), warmUps: 0)
        return [duel.row(name, target: 0.05, result, Found(result, duel))]
    }
}

extension Laboratory {
    /// Our `trace` against traceroute.
    func trace(_ ours: [String], against peer: [String]) -> Duel {
        Duel(
            ours: programs.our("trace"), ourArguments: ours, peer: programs.peer("traceroute"), peerArguments: peer)
    }
}

/// The hops that both sides of a duel have found in every one of their runs.
struct Found {
    let ours: Set<Int>?
    let peer: Set<Int>?

    init(_ result: Laboratory.Result, _ duel: Duel) {
        ours = Self.hops(result.runs(of: Duel.name(of: duel.ours)))
        peer = Self.hops(result.runs(of: Duel.name(of: duel.peer)))
    }

    private static func hops(_ runs: [InsideRun]) -> Set<Int>? {
        let found = runs.filter { $0.failure == nil }.map { PathOutput(text: $0.output).answeringHops }
        return found.dropFirst().reduce(found.first) { $0?.intersection($1) }
    }

    /// Whether ours has found what the peer has found, or everything if there is no peer.
    var isSame: Bool { ours != nil && (peer == nil || ours?.isSuperset(of: peer ?? []) == true) }

    var text: String {
        guard let ours else { return "" }
        guard let peer else { return ", \(ours.count) hops" }
        return ours == peer ? ", the same \(ours.count) hops" : ", hops \(ours.sorted()) and not \(peer.sorted())"
    }
}

extension Duel {
    /// The row for a ratio of times.
    func row(_ name: String, target: Double, _ result: Laboratory.Result, _ found: Found? = nil) -> Row {
        let (ours, peer) = (ourSide(result), peerSide(result))
        var verdict: Bool?
        if let ourTime = ours.milliseconds, let peerTime = peer.milliseconds {
            verdict = ourTime / peerTime <= target && found?.isSame ?? true
        }
        return Row(
            name: name, target: "at most \(target.short) of the peer\(found == nil ? "" : ", the same hops")",
            ours: "\(ourCommand) \(ours.text)\(found?.text ?? "")", peer: "\(peerCommand) \(peer.text)",
            ratio: Row.ratio(ours, peer), verdict: verdict)
    }
}

extension Row {
    static func ratio(_ ours: Duel.Side, _ peer: Duel.Side) -> String {
        guard let ours = ours.milliseconds, let peer = peer.milliseconds, peer > 0 else { return "" }
        return (ours / peer).short
    }
}
