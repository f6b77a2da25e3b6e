import TraceCore

/// A simulated path of eight hops on which packets or answers get lost, and what is true of it.
struct LossyPath {
    let name: String
    /// What is wrong with each hop, by its TTL; hop 8 is the target.
    var faults: [Int: String]
    var rounds = 240
    var interval = Duration.seconds(1)
    /// On which links packets get lost, by the hops before them, and how much of them in percent; nil where that follows
    /// from how often is asked.
    var losses: [Int: Double?] = [:]
    /// The hops that leave out answers of their own.
    var limited: Set<Int> = []

    var transport = ProbeTransport.icmp
    /// The target's hop.
    var length = 8
    /// The way at the start, if it is another, and what changes.
    var change: (first: String, later: String)?

    /// Each seed has another target, so that the order in which hops are asked is another, too.
    func topology(seed: UInt64) -> String {
        var text = "vantage here 192.0.2.100\n"
        for hop in 1..<length { text += "router r\(hop) 198.51.100.\(hop) delay=1ms \(faults[hop] ?? "")\n" }
        let target = IPAddress(203, 0, UInt8(112 + seed / 250 % 2), UInt8(1 + seed % 250))
        text += "host target \(target) delay=1ms \(faults[length] ?? "")\n"
        let way = (1..<length).map { "r\($0)" }.joined(separator: " ")
        guard let change else { return text + "path target: \(way)\n" }
        return text + "path target: \(change.first)\n\(change.later)\nat 60s path target: \(way)\n"
    }

    static let all: [LossyPath] = [
        LossyPath(name: "nothing is lost", faults: [:]),
        LossyPath(name: "5 % between 3 and 4", faults: [4: "loss=5%"], losses: [3: 5]),
        LossyPath(name: "20 % between 3 and 4", faults: [4: "loss=20%"], losses: [3: 20]),
        LossyPath(name: "20 % on the first link", faults: [1: "loss=20%"], losses: [0: 20]),
        LossyPath(name: "20 % on the last link", faults: [8: "loss=20%"], losses: [7: 20]),
        LossyPath(
            name: "15 % at 1-2 and 40 % at 4-5", faults: [2: "loss=15%", 5: "loss=40%"], losses: [1: 15, 4: 40]),
        LossyPath(
            name: "30 % at 2-3 and 10 % at 6-7", faults: [3: "loss=30%", 7: "loss=10%"], losses: [2: 30, 6: 10]),
        LossyPath(
            name: "10, 15 and 25 %", faults: [2: "loss=10%", 4: "loss=15%", 7: "loss=25%"],
            losses: [1: 10, 3: 15, 6: 25]),
        LossyPath(
            name: "30 % at 4-5, hop 4 leaves out 15 %", faults: [4: "reply-loss=15%", 5: "loss=30%"], losses: [4: 30],
            limited: [4]),
        LossyPath(name: "hop 3 leaves out half", faults: [3: "reply-loss=50%"], limited: [3]),
        LossyPath(name: "hop 3 answers 30 a minute", faults: [3: "rate=30/m burst=1"], limited: [3]),
        LossyPath(
            name: "hop 3 answers 30 a minute, 15 % at 5-6", faults: [3: "rate=30/m burst=1", 6: "loss=15%"],
            losses: [5: 15], limited: [3]),
        LossyPath(
            name: "hop 2 polices 20/s, burst 5, at 0.25 s", faults: [2: "police=20/s police-burst=5"],
            interval: .milliseconds(250), losses: [2: nil]),
        LossyPath(
            name: "the same, 60 rounds", faults: [2: "police=20/s police-burst=5"], rounds: 60,
            interval: .milliseconds(250), losses: [2: nil]),
        LossyPath(
            name: "hop 2 polices 5/s, burst 5", faults: [2: "police=5/s police-burst=5"], rounds: 60, losses: [2: nil]),
        LossyPath(
            name: "hop 2 polices 3/s, burst 2", faults: [2: "police=3/s police-burst=2"], losses: [2: nil]),
        LossyPath(
            name: "the last router polices 1 in 2 s", faults: [7: "police=30/m police-burst=1"], losses: [7: nil]),
        LossyPath(name: "the target leaves out half", faults: [8: "reply-loss=50%"], limited: [8]),
        LossyPath(
            name: "hops 7 and 8 leave out half", faults: [7: "reply-loss=50%", 8: "reply-loss=50%"], limited: [7, 8]),
        LossyPath(
            name: "all answer 1/s, asked 4 times",
            faults: Dictionary(uniqueKeysWithValues: (1...8).map { ($0, "rate=1/s burst=6") }),
            interval: .milliseconds(250), limited: Set(1...8), transport: .udp(port: 33434)),
        LossyPath(
            name: "5 % on the first link, hop 3 limited", faults: [1: "loss=5%", 3: "rate=30/m burst=1"], rounds: 60,
            losses: [0: 5], limited: [3]),
        LossyPath(
            name: "2 % on three links, hop 4 limited",
            faults: [2: "loss=2%", 3: "loss=2%", 7: "loss=2%", 4: "rate=30/m burst=1"],
            losses: [1: 2, 2: 2, 6: 2], limited: [4]),
        LossyPath(
            name: "50 % on the first link, late answers", faults: [1: "loss=50%", 8: "late=5%/20s"], rounds: 60,
            losses: [0: 50]),
        LossyPath(
            name: "30 % at 1-2 ends as the way grows", faults: [2: "loss=30%"], rounds: 120, length: 5,
            change: ("r1 r2", "at 60s set r2 loss=0%")),
        LossyPath(
            name: "the way grows by two silent hops", faults: [3: "silent", 4: "silent"], rounds: 120, limited: [3, 4],
            length: 5,
            change: ("r1 r2", "")),
        LossyPath(name: "24 routers, 30 % on the first link", faults: [1: "loss=30%"], losses: [0: 30], length: 25),
    ]
}

/// What many runs over one path said, and how much of it was true.
struct LossRow {
    /// Statements of one kind: how many were made, and how many were true.
    struct Count {
        var made = 0
        var isTrue = 0

        mutating func add(_ truth: Bool) {
            made += 1
            if truth { isTrue += 1 }
        }

        var text: String { made > 0 ? "\(percent(isTrue, of: made)) of \(made)" : "none" }
    }

    let path: LossyPath
    /// "Packets are lost in this part of the path, so many of them."
    private(set) var sections = Count()
    /// "Elsewhere at most so much is lost."
    private(set) var whole = Count()
    /// "These hops leave out answers of their own; of the path, so much is lost before them at the most."
    private(set) var limits = Count()
    /// "The target is at this hop."
    private(set) var places = Count()
    /// How many runs said where packets are lost.
    private(set) var told = 0

    /// What is claimed of each kind of statement: the intervals are those of 99 %.
    static let claimed = 0.99

    init(_ path: LossyPath, runs: Int, isVerbose: Bool) async throws {
        self.path = path
        for seed in 0..<UInt64(runs) {
            let internet = try SimulatedInternet(parsing: path.topology(seed: seed), name: path.name)
            let prober = SimulatedProber(path.transport, internet, options: SimulatedInternet.Options(seed: seed))
            let settings = MonitorSettings(interval: path.interval, rounds: path.rounds)
            var losses = LossReport.Fold()
            var monitor = MonitorReport.Fold()
            for try await event in PathMonitor(prober, settings: settings).events(for: "target") {
                losses.apply(event)
                monitor.apply(event)
            }
            guard let report = losses.report(), let shown = monitor.report() else { continue }
            let before = [sections, whole, limits, places].map { $0.made - $0.isTrue }
            judge(report)
            places.add(shown.hops.last?.ttl == path.length && report.path?.ttl == path.length)
            if isVerbose, [sections, whole, limits, places].map({ $0.made - $0.isTrue }) != before {
                print("seed \(seed): target at \(shown.hops.last?.ttl ?? 0)\n" + report.lines().joined(separator: "\n"))
            }
        }
    }

    private mutating func judge(_ report: LossReport) {
        if report.hops.contains(where: { $0.share.lost > 0 }) {
            limits.add(
                report.hops.allSatisfy { hop in
                    guard hop.verdict == .rateLimited else { return true }
                    // So much can be lost before it, and no more.
                    let before = loss(path.losses.filter { $0.key < hop.ttl })
                    return path.limited.contains(hop.ttl) && before.map { $0 <= hop.mostLostBefore ?? 0 } ?? true
                })
        }
        guard let found = report.path?.sections, !found.isEmpty else { return }
        told += 1
        for section in found { sections.add(isTrue(section)) }
        whole.add(elsewhere(than: found).map { $0 <= report.path?.elsewherePercent ?? 0 } ?? false)
    }

    /// What is lost outside of some sections, in percent of all probes; nil where nobody knows.
    private func elsewhere(than sections: [LossReport.Section]) -> Double? {
        var (passing, elsewhere) = (100.0, 0.0)
        for link in 0..<path.length {
            guard let entry = path.losses[link] else { continue }
            let isWithin = sections.contains { $0.after <= link && link < $0.upTo }
            guard let loss = entry else { return isWithin ? elsewhere : nil }
            if !isWithin { elsewhere += passing * loss / 100 }
            passing *= 1 - loss / 100
        }
        return elsewhere
    }

    /// What is lost on some links together, in percent; nil where nobody knows.
    private func loss(_ links: [Int: Double?]) -> Double? {
        var passing = 100.0
        for (_, loss) in links {
            guard let loss else { return nil }
            passing *= 1 - loss / 100
        }
        return 100 - passing
    }

    private func isTrue(_ section: LossReport.Section) -> Bool {
        // Or all hops from there on leave out answers: the report says that one end cannot tell.
        if path.limited.isSuperset(of: section.upTo...path.length) { return true }
        let within = path.losses.filter { section.after <= $0.key && $0.key < section.upTo }
        return !within.isEmpty && loss(within).map { section.percent.contains($0) } ?? true
    }

    var isKept: Bool {
        [sections, whole, limits, places].allSatisfy { isEnough($0.isTrue, of: $0.made, claimed: Self.claimed) }
    }
}

/// Whether what was counted agrees with a share that is claimed, or better: less than that is met by chance once in a
/// thousand times.
func isEnough(_ count: Int, of all: Int, claimed: Double) -> Bool {
    let chance = 3.1 * (Double(all) * claimed * (1 - claimed)).squareRoot()
    return Double(count) >= claimed * Double(all) - chance
}

func percent(_ count: Int, of all: Int) -> String { "\((Double(count) * 1000 / Double(all)).rounded() / 10) %" }
