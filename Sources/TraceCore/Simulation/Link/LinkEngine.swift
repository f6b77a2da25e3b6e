#if os(Linux)
import Synchronization

/// What carries packets between an interface and a simulated internet; all of it happens on one thread.
final class LinkEngine {
    /// What the thread shares with whoever started it.
    final class Shared: Sendable {
        let device: TunnelDevice
        let bell: TunnelBell
        let isStopped = Atomic(false)
        /// How it ended.
        let result = Mutex<Result<LinkCounts, ProbeError>>(.success(LinkCounts()))

        init(_ device: consuming TunnelDevice) throws(ProbeError) {
            self.device = device
            bell = try TunnelBell()
        }
    }

    /// How long before its time an answer is waited for awake, in nanoseconds, where that is asked for: longer than a
    /// processor takes to wake up.
    private static let lead: Int64 = 80_000
    /// How many packets may be on their way: more than any tool has out, and a bound for memory.
    private static let room = 1 << 21
    /// How many answers may be written before the next packet is read: a packet that waits looks as if it had been
    /// sent later, while the lateness of an answer is known.
    private static let burst = 4
    /// How often the wall clock is looked at, in nanoseconds.
    private static let wallInterval: Int64 = 1_000_000_000

    private let shared: Shared
    private let isExact: Bool
    private let recorder: LinkRecorder?
    private var network: SimulatedNetwork
    private var queue = ArrivalQueue()
    private var onTheirWay = 0
    private var counts = LinkCounts()

    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var packet: [UInt8] = []
    /// The records of packets that are on their way, by the slots of their answers.
    private var open: [LinkRecord?] = []
    private var records: [LinkRecord] = []

    private var origin: Int64 = 0
    private var wallOffset: Int64 = 0
    private var wallUntil = Int64.min

    init(_ shared: Shared, _ network: SimulatedNetwork, isExact: Bool, recorder: LinkRecorder?) {
        self.shared = shared
        self.network = network
        self.isExact = isExact
        self.recorder = recorder
    }

    /// Carries packets until somebody stops it or the interface is gone.
    func run() -> Result<LinkCounts, ProbeError> {
        TunnelThread.becomePunctual()
        origin = TunnelClock.now
        defer {
            recordUnfinished()
            recorder?.finish()
        }
        do throws(ProbeError) {
            while !shared.isStopped.load(ordering: .relaxed) {
                let size = try shared.device.read(into: &buffer)
                let now = TunnelClock.now
                if size > 0 { take(size, at: now) }
                writeDue(by: now)
                if size == 0 { wait() }
            }
            return .success(counts)
        } catch {
            return .failure(error)
        }
    }

    private func wait() {
        guard let next = queue.next else { return shared.device.wait(atMost: nil, or: shared.bell) }
        let left = next &+ origin &- TunnelClock.now &- (isExact ? Self.lead : 0)
        if left > 0 { shared.device.wait(atMost: left, or: shared.bell) }
    }

    // MARK: - Into the internet

    private func take(_ size: Int, at now: Int64) {
        packet.removeAll(keepingCapacity: true)
        packet.append(contentsOf: buffer[0..<size])
        guard LinkFilter.isForSomebody(packet.span) else {
            counts.ignored &+= 1
            return
        }
        counts.carried &+= 1
        if recorder != nil, now >= wallUntil {
            wallOffset = TunnelClock.wallOffset
            wallUntil = now &+ Self.wallInterval
        }
        guard onTheirWay < Self.room else {
            counts.dropped &+= 1
            return recordAtOnce(.dropped, at: now)
        }
        let (slot, outcome) = queue.fill { answer in
            network.carry(packet, at: now &- origin, answer: &answer)
        }
        switch outcome {
        case .lost:
            queue.release(slot)
            counts.lost &+= 1
            recordAtOnce(.lost, at: now)
        case .noRoute:
            queue.release(slot)
            counts.withoutRoute &+= 1
            recordAtOnce(.noRoute, at: now)
        case .answered(let at):
            push(slot, due: at, readAt: now, .answered)
        case .answeredTwice(let first, let second):
            push(slot, due: first, readAt: now, .answered)
            let copy = queue.copy(slot)
            push(copy, due: second, readAt: now, .again)
        }
    }

    private func push(_ slot: Int, due: Int64, readAt now: Int64, _ outcome: LinkRecord.Outcome) {
        queue.push(slot, at: due)
        onTheirWay &+= 1
        guard recorder != nil else { return }
        while open.count <= slot { open.append(nil) }
        open[slot] = LinkRecord(packet, readNs: now, wallOffsetNs: wallOffset, outcome: outcome)
        open[slot]?.answer = LinkRecord.Answer(queue.packets[slot], dueNs: due &+ origin)
    }

    // MARK: - Out of it

    private func writeDue(by now: Int64) {
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

    private func recordAtOnce(_ outcome: LinkRecord.Outcome, at now: Int64) {
        guard recorder != nil else { return }
        let record = LinkRecord(packet, readNs: now, wallOffsetNs: wallOffset, outcome: outcome)
        if let record { add(record) }
    }

    private func close(_ slot: Int, _ written: Int64?) {
        guard var record = open[slot] else { return }
        record.writtenNs = written
        if written == nil { record.outcome = .refused }
        add(record)
        open[slot] = nil
    }

    private func add(_ record: LinkRecord) {
        records.append(record)
        if records.count >= LinkRecorder.batch, let recorder { counts.unrecorded &+= recorder.take(&records) }
    }

    /// Notes the packets whose answers have not come back by the end.
    private func recordUnfinished() {
        for record in open {
            if var record {
                record.outcome = .unfinished
                add(record)
            }
        }
        if let recorder { counts.unrecorded &+= recorder.take(&records) }
    }
}
#endif
