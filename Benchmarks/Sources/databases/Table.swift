import AllocationCounter
import Foundation
import GeoKit
import MaxMindPeer
import TraceCore

/// The measurements on one database.
final class Table {
    static let noPeer = "peer: none. libmaxminddb.so.0 is not installed (Debian: libmaxminddb0); there are no ratios"

    private let path: String
    private let rounds: Int
    private let database: MMDBDatabase
    private let peer: OpaquePointer?
    private(set) var hasMissed = false

    init(path: String, rounds: Int) throws {
        self.path = path
        self.rounds = rounds
        database = try MMDBDatabase(contentsOf: path)
        peer = maxmind_open(path)
        if peer == nil, maxmind_version() != nil { throw Failure("the peer cannot open \(path)") }
    }

    deinit { if let peer { maxmind_close(peer) } }

    func show() throws {
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        print(
            """

            \(URL(filePath: path).lastPathComponent): \(database.metadata.databaseType), \(size / 1_000_000) MB, \
            \(database.metadata.nodeCount) nodes

            | case | addresses | target | ours | peer | ratio | verdict |
            | --- | --- | --- | --- | --- | --- | --- |
            """)
        var generator = SeededGenerator(state: 1)
        let v4 = Addresses.v4(200_000, &generator)
        try compare(.v4("IPv4 look-up"), v4)
        let v6 = database.metadata.ipVersion == 6 ? try Addresses.v6(200_000, in: database, &generator) : Addresses([])
        if v6.ours.isEmpty {
            print("| IPv6 look-up | | | | | | there are no IPv6 networks |")
        } else {
            try compare(.v6("IPv6 look-up"), v6)
        }
        let known = try Addresses.v4WithRecord(100_000, in: database, &generator)
        guard !known.ours.isEmpty else { return print("| records | | | | | | no random IPv4 address has one |") }
        try compare(.country, known)
        try compare(.pathCity, known)
        try compare(.city, known)
        try compare(.value, known)
        try showOpening()
        try showThreads(v4)
        try showAllocations(v4)
    }

    /// Many addresses, and 16 of them over and over.
    private func compare(_ reading: Reading, _ addresses: Addresses) throws {
        let few = addresses.first(16)
        try compare(reading, addresses, times: 1, target: reading.target.cold, "\(addresses.ours.count)")
        try compare(
            reading, few, times: max(1, addresses.ours.count / 16), target: reading.target.hot, "\(few.ours.count)")
    }

    private func compare(
        _ reading: Reading, _ addresses: Addresses, times: Int, target: Double, _ count: String
    ) throws {
        var (ours, peers) = ([Double](), [Double]())
        let operations = Double(addresses.ours.count * times)
        // The first round is for the caches.
        for round in 0...rounds {
            var (sum, peerSum): (UInt64, UInt64) = (0, 0)
            let own = try Self.seconds { sum = try reading.ours(database, addresses.ours, times) }
            if round > 0 { ours.append(own / operations) }
            guard let peer else { continue }
            let other = Self.seconds { peerSum = reading.peers(peer, addresses.peers, times) }
            if round > 0 { peers.append(other / operations) }
            guard !reading.hasSameSum || sum == peerSum else {
                throw Failure("\(reading.name): ours and the peer's results differ, \(sum) and \(peerSum)")
            }
        }
        let (own, other) = (Self.median(ours), peers.isEmpty ? nil : Self.median(peers))
        let ratio = other.map { own / $0 }
        row(
            reading.name, count, Self.text(target, digits: 2), Self.nanoseconds(own),
            other.map(Self.nanoseconds) ?? "not installed", ratio.map { Self.text($0, digits: 2) } ?? "",
            isMet: ratio.map { $0 <= target })
    }

    private func showOpening() throws {
        var (ours, peers) = ([Double](), [Double]())
        for _ in 0..<rounds {
            ours.append(try Self.seconds { _ = try MMDBDatabase(contentsOf: path) })
            if maxmind_version() != nil {
                peers.append(Self.seconds { if let other = maxmind_open(path) { maxmind_close(other) } })
            }
        }
        let own = Self.median(ours)
        row(
            "opening", "", "15 ms", Self.text(own * 1e3, digits: 2) + " ms",
            peers.isEmpty ? "not installed" : Self.text(Self.median(peers) * 1e3, digits: 2) + " ms", "",
            isMet: own <= 0.015)
    }

    /// How much more two threads do than one in the same time.
    private func showThreads(_ addresses: Addresses) throws {
        guard ProcessInfo.processInfo.activeProcessorCount > 1 else {
            return print("| two threads | | | | | | one core |")
        }
        var ratios: [Double] = []
        let database = database
        let list = addresses.ours
        for _ in 0..<rounds {
            let one = try Self.seconds { _ = try Reading.lookups(database, list, 10) }
            let two = Self.seconds {
                DispatchQueue.concurrentPerform(iterations: 2) { _ in _ = try? Reading.lookups(database, list, 10) }
            }
            ratios.append(2 * one / two)
        }
        let ratio = Self.median(ratios)
        row(
            "two threads, IPv4 look-up", "\(list.count)", "1.8 times one", Self.text(ratio, digits: 2), "", "",
            isMet: ratio >= 1.8)
    }

    private func showAllocations(_ addresses: Addresses) throws {
        guard allocation_counter_available() else { return print("| allocations | | | | | | cannot be counted here |") }
        allocation_counter_start()
        _ = try Reading.lookups(database, addresses.ours, 1)
        let count = allocation_counter_stop()
        row("allocations of \(addresses.ours.count) look-ups", "", "0", "\(count)", "", "", isMet: count == 0)
    }

    private func row(
        _ name: String, _ count: String, _ target: String, _ ours: String, _ peer: String, _ ratio: String,
        isMet: Bool?
    ) {
        let verdict = isMet.map { $0 ? "met" : "**missed**" } ?? "open"
        print("| \(name) | \(count) | \(target) | \(ours) | \(peer) | \(ratio) | \(verdict) |")
        hasMissed = hasMissed || isMet == false
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func nanoseconds(_ seconds: Double) -> String { text(seconds * 1e9, digits: 1) + " ns" }

    private static func text(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
