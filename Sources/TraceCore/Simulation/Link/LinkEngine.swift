import Synchronization

/// What carries packets between an interface and a simulated internet; all of it happens on one thread.
///
/// A struct that one function owns: each access to a stored property of a class is checked for exclusivity at run time.
struct LinkEngine: ~Copyable {
    /// What the thread shares with the link that started it.
    final class Shared: Sendable {
        let device: TunnelDevice
        let bell: TunnelBell
        let isStopped = Atomic(false)
        /// How it ended.
        let result = Lock<Result<SimulatedLink.Counts, ProbeError>>(.success(SimulatedLink.Counts()))

        /// The tap that knows when packets were sent, where times must be exact.
        let tap: TunnelTap?

        init(_ device: consuming TunnelDevice, isExact: Bool) throws(ProbeError) {
            tap = isExact ? try TunnelTap(on: device) : nil
            self.device = device
            bell = try TunnelBell()
        }
    }

    /// How long before its time an answer is waited for awake, in nanoseconds, where that is asked for: longer than a
    /// processor of a virtual machine takes to wake up, which is 190 µs at the 99th percentile.
    private static let lead: Int64 = 250_000
    /// How many packets may be on their way: more than any tool has out, and a bound for memory.
    private static let room = 1 << 21
    /// How many answers may be written before the next packet is read: a packet that waits looks as if it had been
    /// sent later, while the lateness of an answer is known.
    private static let burst = 4
    /// Where wakes follow one another faster than this, in nanoseconds, packets are taken in batches: to be woken for
    /// each costs more than to carry it, and the sender waits meanwhile if it has the same processor.
    private static let crowded: Int64 = 30_000
    /// How long a batch is gathered, in nanoseconds.
    private static let nap: Int64 = 50_000
    /// How often the wall clock is looked at, in nanoseconds.
    private static let wallInterval: Int64 = 1_000_000_000

    private let shared: Shared
    private var departures: DepartureTimes?
    private let recorder: LinkRecorder?
    private var network: SimulatedNetwork
    private var queue = ArrivalQueue()
    private var onTheirWay = 0
    private var counts = SimulatedLink.Counts()

    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var packet: [UInt8] = []
    /// The records of packets that are on their way, by the slots of their answers.
    private var open: [SimulatedLink.Record?] = []
    private var records: [SimulatedLink.Record] = []

    /// When the simulation began.
    private let origin: Int64
    private var lastWake: Int64 = 0
    private var wallOffset: Int64 = 0
    private var wallUntil = Int64.min

    init(_ shared: Shared, _ network: SimulatedNetwork, since origin: Int64, recorder: LinkRecorder?) {
        self.origin = origin
        self.shared = shared
        self.network = network
        departures = shared.tap.map { DepartureTimes($0) }
        self.recorder = recorder
    }

    /// Carries packets until it is stopped or the interface is gone.
    mutating func run() -> Result<SimulatedLink.Counts, ProbeError> {
        TunnelThread.becomePunctual()
        defer { recorder?.finish() }
        let result = carry()
        recordUnfinished()
        return result.map { counts }
    }

    private mutating func carry() -> Result<Void, ProbeError> {
        do throws(ProbeError) {
            while !shared.isStopped.load(ordering: .relaxed) {
                let size = try shared.device.read(into: &buffer)
                let now = TunnelClock.now
                if size > 0 { take(size, at: now) }
                writeDue(by: now)
                if size == 0 { wait() }
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private mutating func wait() {
        let now = TunnelClock.now
        let isCrowded = now &- lastWake < Self.crowded
        defer { lastWake = TunnelClock.now }
        guard let next = queue.next else {
            if isCrowded { shared.device.nap(Self.nap, or: shared.bell) }
            return shared.device.wait(atMost: nil, or: shared.bell)
        }
        let left = next &+ origin &- now &- (departures == nil ? 0 : Self.lead)
        if isCrowded, departures == nil || left > Self.nap {
            shared.device.nap(Self.nap, or: shared.bell)
        } else if left > 0 {
            shared.device.wait(atMost: left, or: shared.bell)
        }
    }

    // MARK: - Into the internet

    private mutating func take(_ size: Int, at now: Int64) {
        packet.removeAll(keepingCapacity: true)
        packet.append(contentsOf: buffer[0..<size])
        if now >= wallUntil {
            wallOffset = TunnelClock.wallOffset
            wallUntil = now &+ Self.wallInterval
        }
        let sent = departures?.departure(of: packet, readAt: now, wallOffset: wallOffset) ?? now
        guard LinkFilter.isForSomebody(packet.span) else {
            counts.ignored &+= 1
            return
        }
        counts.carried &+= 1
        guard onTheirWay < Self.room else {
            counts.dropped &+= 1
            return recordAtOnce(.dropped, sentAt: sent, readAt: now)
        }
        let (slot, outcome) = queue.fill { answer in
            network.carry(packet, at: max(sent &- origin, 0), answer: &answer)
        }
        switch outcome {
        case .lost, .tooLarge:
            queue.release(slot)
            counts.lost &+= 1
            recordAtOnce(.lost, sentAt: sent, readAt: now)
        case .noRoute:
            queue.release(slot)
            counts.withoutRoute &+= 1
            recordAtOnce(.noRoute, sentAt: sent, readAt: now)
        case .answered(let due):
            push(slot, due: due)
            recordOpen(slot, .answered, due: due, sentAt: sent, readAt: now)
        case .answeredTwice(let first, let second):
            let copy = queue.copy(slot)
            push(slot, due: first)
            recordOpen(slot, .answered, due: first, sentAt: sent, readAt: now)
            push(copy, due: second)
            recordOpen(copy, .again, due: second, sentAt: sent, readAt: now)
        }
    }

    private mutating func push(_ slot: Int, due: Int64) {
        queue.push(slot, at: due)
        onTheirWay &+= 1
    }

    // MARK: - Out of it

    private mutating func writeDue(by now: Int64) {
        var now = now
        var left = Self.burst
        while left > 0, let next = queue.next, next &+ origin <= now, let slot = queue.pop() {
            let isTaken = shared.device.write(queue.packets[slot])
            onTheirWay &-= 1
            if isTaken { counts.answered &+= 1 } else { counts.refused &+= 1 }
            if recorder != nil { close(slot, isTaken ? now : nil) }
            queue.release(slot)
            left &-= 1
            now = TunnelClock.now
        }
    }

    // MARK: - The record

    private mutating func recordAtOnce(_ outcome: SimulatedLink.Record.Outcome, sentAt sent: Int64, readAt read: Int64)
    {
        guard recorder != nil else { return }
        let record = SimulatedLink.Record(
            packet, sentNs: sent, readNs: read, wallOffsetNs: wallOffset, outcome: outcome)
        if let record { add(record) }
    }

    /// Begins the record of a packet whose answer is on its way.
    private mutating func recordOpen(
        _ slot: Int, _ outcome: SimulatedLink.Record.Outcome, due: Int64, sentAt sent: Int64, readAt read: Int64
    ) {
        guard recorder != nil else { return }
        while open.count <= slot { open.append(nil) }
        open[slot] = SimulatedLink.Record(
            packet, sentNs: sent, readNs: read, wallOffsetNs: wallOffset, outcome: outcome)
        open[slot]?.answer = SimulatedLink.Record.Answer(queue.packets[slot], dueNs: due &+ origin)
    }

    private mutating func close(_ slot: Int, _ written: Int64?) {
        guard var record = open[slot] else { return }
        record.writtenNs = written
        if written == nil { record.outcome = .refused }
        add(record)
        open[slot] = nil
    }

    private mutating func add(_ record: SimulatedLink.Record) {
        records.append(record)
        if records.count >= LinkRecorder.batch, let recorder { counts.unrecorded &+= recorder.take(&records) }
    }

    /// Notes the packets whose answers have not come back by the end.
    private mutating func recordUnfinished() {
        for record in open {
            if var record {
                record.outcome = .unfinished
                add(record)
            }
        }
        if let recorder { counts.unrecorded &+= recorder.take(&records) }
    }
}

/// Knows when packets that are read from a device were sent.
///
/// Both the device and the tap see packets in the order in which they were sent, and the tap sees each first. Either
/// may have dropped some, so a packet's beginning must fit too.
struct DepartureTimes {
    /// How long a packet can have waited, in nanoseconds: what is older is not believed, for the wall clock was set.
    private static let oldest: Int64 = 10_000_000_000

    private let tap: TunnelTap
    private var buffer = [UInt8](repeating: 0, count: TunnelTap.size)

    init(_ tap: TunnelTap) { self.tap = tap }

    /// When a packet was sent that has just been read, on the monotonic clock; the time of reading if that is not known.
    ///
    /// - Parameters:
    ///   - packet: The packet.
    ///   - now: When it was read.
    ///   - wallOffset: How far the wall clock is ahead.
    mutating func departure(of packet: [UInt8], readAt now: Int64, wallOffset: Int64) -> Int64 {
        while true {
            let (size, wall) = tap.read(into: &buffer)
            guard size > 0 else { return now }
            guard size == min(packet.count, TunnelTap.size), (0..<size).allSatisfy({ buffer[$0] == packet[$0] })
            else { continue }
            let sent = wall &- wallOffset
            return wall > 0 && sent <= now && now &- sent < Self.oldest ? sent : now
        }
    }
}

/// Separates packets for distant hosts from what a system sends to its neighbours by itself.
enum LinkFilter {
    /// Whether a packet goes from one host to another: multicast, broadcast and link-local ones do not.
    ///
    /// A system looks for routers and reports its groups on any interface with IPv6 (RFC 4861, RFC 3810); a network of
    /// routers neither forwards that nor complains about it.
    static func isForSomebody(_ packet: Span<UInt8>) -> Bool {
        guard packet.count >= IPv4Header.minimumLength else { return false }
        switch packet[0] >> 4 {
        case 4:
            // 0.0.0.0/8 is no host; 224.0.0.0 and above are groups and broadcasts.
            return packet[12] != 0 && packet[16] < 224
        case 6:
            guard packet.count >= IPv6Header.length else { return false }
            let isFromNobody = packet.uint32(at: 8) | packet.uint32(at: 12) | packet.uint32(at: 16) == 0
            return !isFromNobody && packet[24] != 0xFF && !isLinkLocal(packet, at: 8)
                && !isLinkLocal(packet, at: 24)
        default: return false
        }
    }

    /// Whether an address is of fe80::/10.
    private static func isLinkLocal(_ packet: Span<UInt8>, at offset: Int) -> Bool {
        packet[offset] == 0xFE && packet[offset + 1] & 0xC0 == 0x80
    }
}
