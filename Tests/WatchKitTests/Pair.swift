import TraceCore

@testable import TraceCoreWatch

/// Two agents and what is between them, second by second.
struct Pair {
    static let places = [IPAddress(192, 0, 2, 1), IPAddress(192, 0, 2, 2)]

    var now = UTCTime(microsecondsSince1970: 1_790_000_040 * 1_000_000)
    var ends: [MeshLedger]
    private let keys: [[UInt8]?]
    private var underway: [(bytes: [UInt8], to: Int, at: UTCTime)] = []
    private var starts = 0

    init(keys: [[UInt8]?] = [nil, nil]) {
        self.keys = keys
        ends = []
        ends = [Self.end(0, 1_000, keys[0], now), Self.end(1, 1_000_000, keys[1], now)]
    }

    /// Clocks need not agree: the sessions of the two are far apart.
    private static func end(_ index: Int, _ session: UInt64, _ key: [UInt8]?, _ now: UTCTime) -> MeshLedger {
        var end = MeshLedger(name: index == 0 ? "a" : "b", session: session, key: key)
        let other = index == 0 ? "b" : "a"
        end.follow([other], at: now)
        end.place(other, at: [places[1 - index]])
        return end
    }

    /// - Parameter clock: What the machine's clock is set forward by, or back.
    mutating func restart(_ index: Int, clock: Int64 = 1) {
        starts += 1
        let session = UInt64((index == 0 ? 1_000 : 1_000_000) + clock * Int64(starts))
        ends[index] = Self.end(index, session, keys[index], now)
    }

    /// Lets seconds go by.
    ///
    /// - Parameters:
    ///   - delay: How long a packet is on the way.
    ///   - way: What becomes of a packet: how often it arrives, and how much later than others.
    mutating func run(
        _ seconds: Int, delay: Duration = .milliseconds(40), stopped: Int? = nil,
        way: (_ from: Int, _ second: Int) -> [Duration] = { _, _ in [.zero] }
    ) {
        for second in 0..<seconds {
            for index in 0..<2 where index != stopped {
                for packet in ends[index].packets(at: now) {
                    for later in way(index, second) {
                        underway.append((packet.bytes, 1 - index, now + delay + later))
                    }
                    ends[index].sent(to: packet.peer)
                }
            }
            now = now + .seconds(1)
            for (bytes, index, time) in underway.filter({ $0.at <= now }).sorted(by: { $0.at < $1.at })
            where index != stopped {
                ends[index].take(bytes.span, from: Self.places[1 - index], at: time)
            }
            underway.removeAll { $0.at <= now }
        }
    }

    func finding(_ index: Int) -> MeshFinding { ends[index].finding(index == 0 ? "b" : "a", at: now)! }

    /// What is lost from an end to the other, as each of them knows it: the sender, and the receiver.
    func lost(from index: Int) -> [Int] {
        [finding(index).total.there, finding(1 - index).total.back].map { Int($0.sent) - Int($0.received) }
    }
}
