import Foundation
import Testing
import TraceCore
import TraceCoreFuzzChecks

@testable import TraceCorePathStore

/// A folder of a test's own, gone with it.
final class Folder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/pathstore-\(UUID().uuidString.prefix(8))"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var store: String { path + "/store.sqlite" }
}

/// A time of day, one that is a whole number of days.
let start = UTCTime("2026-03-02T00:00:00Z") ?? .epoch

/// A path with jitter and loss as networks have them.
struct SimulatedPath {
    let target: Int64
    var hops = 15
    var loss = 0.005
    /// The spread of the round trips, as a share of them.
    var jitter = 0.05
    var generator: SeededGenerator

    init(target: Int64, hops: Int = 15, seed: UInt64 = 1) {
        (self.target, self.hops) = (target, hops)
        generator = SeededGenerator(seed: seed &* 7_919 &+ UInt64(target))
    }

    /// From a normal distribution.
    private mutating func normal() -> Double {
        let (a, b) = (Double.random(in: 1e-12..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
        return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
    }

    mutating func round(at time: UTCTime, flow: UInt8 = 0) -> Round {
        var answers: [Round.Answer] = []
        for ttl in 1...hops {
            if Double.random(in: 0..<1, using: &generator) < loss {
                answers.append(Round.Answer(lost: UInt8(ttl)))
                continue
            }
            let middle = 200.0 + Double((Int(target) * 31 + ttl * 97) % 50 + ttl * ttl) * 400
            let isTarget = ttl == hops
            let address = IPAddress(
                v4: 0x0A00_0000 | UInt32(isTarget ? 0x80_0000 + Int(target) : ttl * 256 + Int(target) % 7))
            answers.append(
                Round.Answer(
                    ttl: UInt8(ttl), from: address, after: .microseconds(Int64(middle * exp(jitter * normal()))),
                    isTarget: isTarget))
        }
        let late = Int64(abs(normal()) * 300)
        return Round(target: target, at: time + .microseconds(late), flow: flow, answers: answers)
    }
}

extension PathStore {
    /// Makes targets with the numbers from 1 on.
    func makeTargets(_ count: Int) async throws {
        try await write { (writer) throws(StoreError) in
            for number in 1...count { _ = try writer.target("target \(number)") }
        }
    }

    /// Appends rounds of paths second by second, and gives back what was appended.
    @discardableResult
    func append(_ paths: inout [SimulatedPath], from: UTCTime, seconds: Int) async throws -> [Round] {
        var all: [Round] = []
        for second in 0..<seconds {
            var rounds: [Round] = []
            for index in paths.indices { rounds.append(paths[index].round(at: from + .seconds(second))) }
            all += rounds
            let appended = rounds
            try await write { (writer) throws(StoreError) in try writer.append(appended) }
        }
        return all
    }

    /// Folds and trims until there is nothing more to do.
    func maintainAll(now: UTCTime) async throws { while try await maintain(now: now) {} }
}

/// What a history of raw rounds must be.
func expectedHops(_ rounds: some Sequence<Round>) -> [Int: HopTally] {
    var hops: [Int: HopTally] = [:]
    func add(_ ttl: Int, _ roundTrip: Duration?) {
        hops[ttl, default: HopTally()].sent += 1
        if let roundTrip {
            hops[ttl]?.roundTrips.add(roundTrip)
        } else {
            hops[ttl]?.lost += 1
        }
    }
    for round in rounds {
        for answer in round.answers { add(Int(answer.ttl), answer.address == nil ? nil : answer.roundTrip) }
        add(0, round.answers.first { $0.isTarget }?.roundTrip)
    }
    return hops
}

extension PathHistory {
    /// All slots as one.
    var total: [Int: HopTally] {
        var hops: [Int: HopTally] = [:]
        for slot in slots {
            for hop in slot.hops + [slot.end].compactMap({ $0 }) {
                hops[hop.ttl, default: HopTally()].sent += hop.sent
                hops[hop.ttl]?.lost += hop.lost
                hops[hop.ttl]?.roundTrips.merge(hop.roundTrips)
            }
        }
        return hops
    }
}
