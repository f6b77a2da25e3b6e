import Foundation

/// One of our programs against one of others: what is run, and how what they say is understood.
struct Duel {
    let ours: Programs.Entry
    let ourArguments: [String]
    let peer: Programs.Entry
    let peerArguments: [String]

    /// What is run of it: whoever is there.
    var commands: [InsidePlan.Command] {
        [(ours, ourArguments), (peer, peerArguments)].compactMap { entry, arguments in
            entry.path.map { InsidePlan.Command(name: Self.name(of: entry), words: [$0] + arguments) }
        }
    }

    /// What its runs are called: our `ping` and theirs have the same name.
    static func name(of entry: Programs.Entry) -> String { (entry.isOurs ? "our " : "") + entry.name }

    /// The peer's name and arguments, as the table has them.
    var peerCommand: String { "`\(([peer.name] + peerArguments).joined(separator: " "))`" }
    var ourCommand: String { "`\(([ours.name] + ourArguments).joined(separator: " "))`" }

    /// How one side did: the median of its times, or why there is none.
    enum Side {
        case time(Double)
        case nothing(String)

        var milliseconds: Double? { if case .time(let time) = self { time } else { nil } }
        var text: String {
            switch self {
            case .time(let time): "\(time.short) ms"
            case .nothing(let reason): reason
            }
        }
    }

    func ourSide(_ result: Laboratory.Result?) -> Side { Self.side(ours, result) }
    func peerSide(_ result: Laboratory.Result?) -> Side { Self.side(peer, result) }

    private static func side(_ entry: Programs.Entry, _ result: Laboratory.Result?) -> Side {
        guard entry.path != nil else { return .nothing("\(entry.name): \(entry.reason)") }
        let runs = result?.runs(of: name(of: entry)) ?? []
        if let failure = runs.compactMap(\.failure).first {
            return .nothing((entry.isOurs ? "not yet: " : "failed: ") + failure)
        }
        return runs.map(\.wallMs).median.map { .time($0) } ?? .nothing("not run")
    }
}

extension InsideRun {
    /// Why the run did not do what it should, or nil; that a host is not reached is what some runs should find.
    var failure: String? {
        if isOverdue { return "still running after its time" }
        guard status > 1 else { return nil }
        let line = errors.split(separator: "\n").last.map(String.init) ?? "exit code \(status)"
        return line.replacingOccurrences(of: "|", with: "/")
    }
}
