/// How many packets were sent in a direction, as far as it is known what became of them, and how many of these arrived.
package struct MeshCount: Sendable, Hashable {
    package var sent: UInt64 = 0
    package var received: UInt64 = 0

    /// The share that was lost, in percent; nil where nothing is known. One that arrived late may be counted a minute after it was sent.
    package var lossPercent: Double? {
        sent == 0 ? nil : Double(sent - min(sent, received)) / Double(sent) * 100
    }

    static func + (one: Self, other: Self) -> Self {
        Self(sent: one.sent + other.sent, received: one.received + other.received)
    }

    static func - (one: Self, other: Self) -> Self {
        Self(
            sent: one.sent - min(one.sent, other.sent), received: one.received - min(one.received, other.received))
    }
}

/// What came of the packets of a session, each counted once however often and in whatever order it came.
struct MeshArrivals: Sendable, Hashable {
    /// So many behind the highest are told apart; what is later counts as lost.
    private static let window: UInt64 = 256

    let session: UInt64
    let first: UInt64
    private(set) var highest: UInt64
    private(set) var received: UInt64 = 1
    /// A bit for each of the last ones: whether it came.
    private var seen = [UInt64](repeating: 0, count: Int(window) / 64)

    init(session: UInt64, first: UInt64) {
        (self.session, self.first, highest) = (session, first, first)
        seen[Int(first % Self.window / 64)] |= 1 << (first % 64)
    }

    var count: MeshCount { MeshCount(sent: highest - first + 1, received: received) }
    var receipt: MeshPacket.Receipt {
        MeshPacket.Receipt(session: session, first: first, highest: highest, count: received)
    }

    /// Takes note that a packet came; whether it is the first time.
    mutating func take(_ sequence: UInt64) -> Bool {
        // What was sent before the first that came is not counted as sent either.
        guard sequence >= first else { return false }
        if sequence > highest {
            // What was skipped has not come.
            for skipped in (highest + 1)...(highest + min(sequence - highest, Self.window)) {
                seen[Int(skipped % Self.window / 64)] &= ~(1 << (skipped % 64))
            }
            highest = sequence
        } else if highest - sequence >= Self.window {
            return false
        }
        let (word, bit) = (Int(sequence % Self.window / 64), UInt64(1) << (sequence % 64))
        guard seen[word] & bit == 0 else { return false }
        seen[word] |= bit
        received += 1
        return true
    }
}

/// What the other end tells of the packets that it was sent, in one session of it.
struct MeshReceipts: Sendable, Hashable {
    /// So many packets may be on the way, or what is told of them: those are not judged yet.
    static let underway: UInt64 = 5

    let session: UInt64
    /// The number of the first packet that it is to have received: from its first own packet on, it listened.
    private var first: UInt64
    /// The number behind the last packet that is judged.
    private var end: UInt64
    private var received: UInt64 = 0

    init(session: UInt64, next: UInt64) { (self.session, first, end) = (session, next, next) }

    var count: MeshCount { MeshCount(sent: end - first, received: received) }

    /// Takes what a packet tells.
    ///
    /// - Parameters:
    ///   - receipt: What has come there, if anything has.
    ///   - next: The number of the next packet that is sent there.
    /// - Returns: Whether it can be so.
    mutating func take(_ receipt: MeshPacket.Receipt?, next: UInt64) -> Bool {
        if let receipt {
            guard receipt.first <= receipt.highest, receipt.highest <= next, receipt.count > 0,
                receipt.count <= receipt.highest - receipt.first + 1
            else { return false }
            first = min(first, receipt.first)
            end = max(end, receipt.highest + 1)
            received = max(received, receipt.count)
        }
        // Whoever tells of nothing newer has received nothing newer.
        if next > Self.underway { end = max(end, next - Self.underway) }
        return true
    }
}
