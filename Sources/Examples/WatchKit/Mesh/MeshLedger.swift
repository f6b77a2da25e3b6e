internal import TraceCore

/// What an agent of a mesh knows of the packets between it and each other one: a machine without sockets and clocks.
///
/// Each agent sends each other one packet a second, and nobody answers. The numbers of those that come say how many were sent, so
/// what was lost on the way here is counted; what was lost on the way there is told by the other end.
struct MeshLedger: Sendable {
    /// A packet that is to be sent.
    struct Sending: Sendable, Hashable {
        let peer: String
        let address: IPAddress
        let bytes: [UInt8]
    }

    /// How it stood when a minute began.
    private struct Mark: Sendable {
        let minute: Int64
        let there: MeshCount
        let back: MeshCount
    }

    private struct Peer: Sendable {
        let number: UInt32
        let began: UTCTime
        var addresses: [IPAddress] = []
        /// The number of the next packet.
        var next: UInt64 = 0
        var arrivals: MeshArrivals?
        var receipts: MeshReceipts?
        /// The sum of what ended when the other end began anew.
        var earlier = (there: MeshCount(), back: MeshCount())
        /// The sessions that are over.
        var former: [UInt64] = []
        var lastArrival: UTCTime?
        var marks: [Mark] = []
        /// Why packets of its address do not count, and when the last such came.
        var refusal: (why: MeshFinding.Refusal, at: UTCTime)?
        /// Why the last packet did not leave.
        var failure: String?
        /// How many came in a second.
        var rate = (second: Int64(0), count: 0)

        var there: MeshCount { earlier.there + (receipts?.count ?? MeshCount()) }
        var back: MeshCount { earlier.back + (arrivals?.count ?? MeshCount()) }
    }

    /// So many packets of an address are read in a second: a flood must not cost more than that.
    private static let mostPerSecond = 100
    private static let kept = 60

    private let name: String
    private let number: UInt32
    private let session: UInt64
    private let key: [UInt8]?
    private var peers: [String: Peer] = [:]
    private var owners: [IPAddress: [String]] = [:]
    /// How many packets were read and do not count.
    private(set) var refused: UInt64 = 0

    /// - Parameters:
    ///   - session: When it began, by its own clock, in microseconds: larger than in the session before.
    ///   - key: What all agents share, if they sign.
    init(name: String, session: UInt64, key: [UInt8]?) {
        (self.name, self.session, self.key) = (name, max(1, session), key)
        number = MeshPacket.number(of: name)
    }

    /// Counts for these agents from now on, and forgets the others.
    mutating func follow(_ names: Set<String>, at now: UTCTime) {
        peers = peers.filter { names.contains($0.key) }
        for name in names where peers[name] == nil {
            peers[name] = Peer(number: MeshPacket.number(of: name), began: now)
        }
        own()
    }

    /// Takes the addresses that a peer has, the one that is sent to first.
    mutating func place(_ name: String, at addresses: [IPAddress]) {
        peers[name]?.addresses = addresses
        own()
    }

    private mutating func own() {
        owners = [:]
        for (name, peer) in peers { for address in peer.addresses { owners[address, default: []].append(name) } }
    }

    // MARK: Sending

    /// The packets of a second.
    mutating func packets(at now: UTCTime) -> [Sending] {
        roll(to: now)
        return peers.sorted { $0.key < $1.key }.compactMap { name, peer in
            guard let address = peer.addresses.first else { return nil }
            let packet = MeshPacket(
                session: session, sequence: peer.next, from: number, to: peer.number, receipt: peer.arrivals?.receipt)
            return Sending(peer: name, address: address, bytes: packet.bytes(key: key))
        }
    }

    /// Takes note that a packet has left or, with the reason, has not.
    mutating func sent(to name: String, failure: String? = nil) {
        // What never left was not lost on the way, and its number is given to the next.
        if failure == nil { peers[name]?.next += 1 }
        peers[name]?.failure = failure
    }

    private mutating func roll(to now: UTCTime) {
        let minute = now.minute
        for (name, peer) in peers where peer.marks.last?.minute != minute {
            peers[name]?.marks.append(Mark(minute: minute, there: peer.there, back: peer.back))
            if peer.marks.count >= Self.kept { peers[name]?.marks.removeFirst() }
        }
    }

    // MARK: Receiving

    /// Takes bytes that came from an address.
    mutating func take(_ bytes: Span<UInt8>, from address: IPAddress, at now: UTCTime) {
        guard let names = owners[address], let first = names.first, isWithinRate(first, at: now) else {
            refused += 1
            return
        }
        do throws(MeshPacket.Refusal) {
            let packet = try MeshPacket(reading: bytes, key: key)
            guard packet.to == number, let name = names.first(where: { peers[$0]?.number == packet.from }) else {
                return refuse(.misdirected, of: first, at: now)
            }
            take(packet, of: name, at: now)
        } catch {
            refuse(.bytes(error), of: first, at: now)
        }
    }

    private mutating func isWithinRate(_ name: String, at now: UTCTime) -> Bool {
        guard let rate = peers[name]?.rate else { return false }
        let second = now.microsecondsSince1970 / 1_000_000
        let count = rate.second == second ? rate.count + 1 : 1
        peers[name]?.rate = (second, count)
        return count <= Self.mostPerSecond
    }

    private mutating func refuse(_ why: MeshFinding.Refusal, of name: String, at now: UTCTime) {
        refused += 1
        peers[name]?.refusal = (why, now)
    }

    private mutating func take(_ packet: MeshPacket, of name: String, at now: UTCTime) {
        guard var peer = peers[name] else { return }
        let told = packet.receipt.flatMap { $0.session == session ? $0 : nil }
        if let known = peer.arrivals, known.session == packet.session {
            // Nobody is further than a packet a second allows, with room for one who is hurried.
            let quiet = peer.lastArrival.map { max(.zero, now - $0) } ?? .zero
            guard packet.sequence <= known.highest || packet.sequence - known.highest <= 60 + 2 * quiet.wholeSeconds
            else { return refuse(.implausible, of: name, at: now) }
            guard peer.arrivals?.take(packet.sequence) ?? false else { return }
        } else {
            let isLater = peer.arrivals.map { packet.session > $0.session } ?? true
            let isQuiet = peer.lastArrival.map { now - $0 > .seconds(60) } ?? true
            // An older session is a packet that comes late, or the clock there was set back: then it knows of this session.
            guard !peer.former.contains(packet.session), isLater || isQuiet || told != nil else {
                return refuse(.bytes(.garbage), of: name, at: now)
            }
            peer.earlier = (peer.there, peer.back)
            if let old = peer.arrivals?.session { peer.former = (peer.former + [old]).suffix(8) }
            peer.arrivals = MeshArrivals(session: packet.session, first: packet.sequence)
            peer.receipts = MeshReceipts(session: packet.session, next: peer.next)
        }
        peer.lastArrival = now
        let isSo = peer.receipts?.take(told, next: peer.next) ?? true
        peers[name] = peer
        if !isSo { refuse(.implausible, of: name, at: now) }
    }

    // MARK: What is known

    /// What is known of a peer.
    func finding(_ name: String, at now: UTCTime) -> MeshFinding? {
        guard let peer = peers[name] else { return nil }
        let marks = peer.marks + [Mark(minute: now.minute + 1, there: peer.there, back: peer.back)]
        let minutes = zip(marks, marks.dropFirst()).map { mark, next in
            MeshFinding.Minute(
                minute: mark.minute, there: next.there - mark.there, back: next.back - mark.back)
        }
        let quiet = now - (peer.lastArrival ?? peer.began)
        let recent = peer.refusal.flatMap { now - $0.at < .seconds(120) ? $0.why : nil }
        return MeshFinding(
            name: name, here: self.name, total: (peer.there, peer.back), minutes: minutes,
            lastArrival: peer.lastArrival, isSilent: quiet > MeshFinding.patience,
            refusal: recent, failure: peer.failure, hasAddress: !peer.addresses.isEmpty)
    }

    /// What is known of all peers, by their names.
    func findings(at now: UTCTime) -> [MeshFinding] {
        peers.keys.sorted().compactMap { finding($0, at: now) }
    }
}

extension UTCTime {
    /// The minute that it is in, counted since 1970.
    fileprivate var minute: Int64 { microsecondsSince1970 / 60_000_000 }
}

extension Duration {
    fileprivate var wholeSeconds: UInt64 { UInt64(max(0, components.seconds)) }
}
