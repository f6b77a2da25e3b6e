/// Finds the probe that an identity in a packet belongs to.
///
/// Packets have room for 16 bits that survive everywhere, so a token is the low half of a probe's serial number.
/// The target tells apart probes with the same token: a sweep may have many more than 65,536 out at once. A number
/// that would make a probe look like another one that is out is passed over.
///
/// The book is a ring that grows, up to a limit, while most of its places are held. How long a probe holds its place and
/// its identity depends on its own channel alone: until it is answered, until its late answer is of no interest any
/// more, or until the channel is closed. Where numbers or places are short, a probe that its run has given up gives
/// them back before a send fails.
struct ProbeRegistry: Sendable {
    /// What has become of a probe.
    enum Fate: UInt8, Sendable {
        /// It may still be answered.
        case out
        /// A router reported that its TTL ran out there.
        case expired
        /// It was answered in another way.
        case answered
        /// It could not be sent.
        case withdrawn
    }

    /// What is known of a probe that was sent.
    struct Record: Sendable {
        var serial = -1
        var probe: Probe.ID = 0
        /// Whose probe it is, where several channels share one book.
        var channel: UInt32 = 0
        /// What became of it; another probe may get the identity of one that is not out any more.
        var fate = Fate.out
        /// How far it was to go.
        var ttl: UInt8 = 0
        /// Where it was sent, without a zone: packets carry none.
        var target = IPAddress(v4: 0)
        /// When it was sent, in the channel's nanoseconds.
        var sentAt: Int64 = 0
        var sourcePort: UInt16 = 0
        var destinationPort: UInt16 = 0
        /// The checksum that it was sent with, where it was chosen.
        var checksum: UInt16 = 0
        /// The bytes after its transport header.
        var payloadSize: UInt16 = 0

        var token: UInt16 { UInt16(truncatingIfNeeded: serial) }
    }

    /// How much a place or an identity is still needed by the probe that has it.
    private enum Need: UInt8, Comparable {
        case none
        /// A late or a second answer is of interest, unless others are short of places or identities.
        case some
        /// The run waits for the answer.
        case full

        @inline(__always) static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }
    }

    /// All that a target can be asked by is in use.
    private struct Exhaustion {
        /// When the next identity becomes free by time.
        var until: Int64
        /// Numbers that have become free since.
        var freed: [Int] = []
    }

    /// How many probes are looked at for an answer without a number: more than a trace has out.
    private static let reach = 256
    /// How many nanoseconds an answer without a number may take where later probes are out that it may be for.
    private static let longestTrip: Int64 = 1_000_000_000
    /// For how many nanoseconds after it was sent an answered probe keeps its place, so that duplicates are recognised.
    private static let grace: Int64 = 1_000_000_000
    /// How many numbers are looked at for one that is quite free, where another could be taken back.
    private static let patience = 64
    /// For how many nanoseconds at least it is not searched again where nothing was found, unless an answer frees a number.
    private static let pause: Int64 = 20_000_000

    /// The most probes that are ever remembered.
    static let limit = 1 << 20

    private var records: [Record]
    private var mask: Int
    private let limit: Int
    /// After how many numbers probes to one target look alike: a power of two.
    private let modulus: Int
    private var seats = ChannelSeats()
    private(set) var last: Int
    private var chains: TargetChains?
    /// The targets that cannot be asked for now. Only some can be exhausted at the same time: each fills a good part of the book.
    private var exhausted: [IPAddress: Exhaustion] = [:]
    /// Until when there is no place at all.
    private var fullUntil = Int64.min

    /// - Parameters:
    ///   - capacity: How many probes will be out at once.
    ///   - hold: How long the probes of channel 0 hold their identities, where one channel has the book for itself.
    ///   - firstSerial: The number that counting starts after.
    ///   - modulus: After how many numbers probes to one target look alike: a power of two.
    ///   - findsUnnumbered: Whether answers may come that carry no number at all.
    ///   - limit: The most probes that are remembered: a power of two.
    init(
        capacity: Int, hold: Hold? = nil, firstSerial: Int = 0, modulus: Int = 0x1_0000, findsUnnumbered: Bool = false,
        limit: Int = Self.limit
    ) {
        var size = min(256, limit)
        while size < capacity, size < limit { size *= 2 }
        records = Array(repeating: Record(), count: size)
        mask = size - 1
        self.limit = limit
        self.modulus = modulus
        if let hold { seats.open(0, hold) }
        if findsUnnumbered { chains = TargetChains(size: size) }
        last = max(0, firstSerial)
    }

    // MARK: - Channels

    /// Opens a channel, and gives the number that its probes are entered under.
    mutating func open(_ hold: Hold) -> UInt32 { seats.open(hold) }

    /// Closes a channel: its probes need neither places nor identities any more.
    mutating func close(_ channel: UInt32) {
        seats.close(channel)
        exhausted.removeAll()
        fullUntil = .min
    }

    // MARK: - Entering probes

    /// The serial number that the next probe to a target gets, or nil while all that the target can be asked by are out.
    ///
    /// That is nearly always the number after the last one. What it is compared with lies at fixed distances in the
    /// ring, so that looking there is walking along a few rows, however many targets there are. A failure is remembered:
    /// a run that sends faster than identities become free must not search the whole ring for each probe.
    mutating func nextSerial(to target: IPAddress, at now: Int64) -> Int? {
        let serial = Self.successor(of: last)
        var until = Int64.max
        if exhausted.isEmpty, need(at: serial & mask, now) == .none,
            needOfAlike(serial, to: target, at: now, &until) == .none
        {
            return serial
        }
        return search(for: target, at: now)
    }

    /// The same where the next number is not free, or has not been free before.
    @inline(never) private mutating func search(for target: IPAddress, at now: Int64) -> Int? {
        if now < fullUntil { return nil }
        if let exhaustion = exhausted[target] {
            if let serial = takeFreed(target, at: now) { return serial }
            if now < exhaustion.until { return nil }
            exhausted[target] = nil
        }
        var serial = last
        var second: Int?
        var passed = 0
        var alike = 0
        var until = Int64.max
        var steps = 0
        while alike < modulus, steps < max(modulus, records.count) {
            steps += 1
            serial = Self.successor(of: serial)
            var need = need(at: serial & mask, now)
            if need != .none, records.count < limit {
                passed += 1
                // A book that is mostly held grows. A few probes that are out for long are passed over.
                if passed == 8, isCrowded(from: serial, at: now) {
                    grow()
                    (serial, passed) = (last, 0)
                }
                continue
            }
            if need < .full {
                let other = needOfAlike(serial, to: target, at: now, &until)
                if other == .full { alike += 1 }
                need = max(need, other)
            }
            if need == .none { return serial }
            if need == .some, second == nil { second = serial }
            if let second, steps >= Self.patience { return second }
        }
        if let second { return second }
        if alike >= modulus {
            exhausted[target] = Exhaustion(until: max(until, now &+ Self.pause))
        } else {
            fullUntil = now &+ Self.pause
        }
        return nil
    }

    /// A number to an exhausted target that has become free.
    private mutating func takeFreed(_ target: IPAddress, at now: Int64) -> Int? {
        while let freed = exhausted[target]?.freed.popLast() {
            var serial = last &+ 1 &+ (freed &- last &- 1) & (modulus &- 1)
            while !Self.isToken(serial) { serial &+= modulus }
            var until = Int64.max
            if need(at: serial & mask, now) < .full,
                needOfAlike(serial, to: target, at: now, &until) < .full
            {
                return serial
            }
        }
        return nil
    }

    /// The number after another, of those that are tokens.
    private static func successor(of serial: Int) -> Int {
        var serial = serial &+ 1
        while !isToken(serial) { serial &+= 1 }
        return serial
    }

    /// Whether a number can be a token: 0 and 65,535 are no UDP checksums.
    @inline(__always) private static func isToken(_ serial: Int) -> Bool {
        let token = serial & 0xFFFF
        return token != 0 && token != 0xFFFF
    }

    /// How much the probe at a place still needs it.
    @inline(__always) private func need(at place: Int, _ now: Int64) -> Need {
        guard records[place].serial >= 0, records[place].fate != .withdrawn,
            let hold = seats[records[place].channel]
        else { return .none }
        let age = now &- records[place].sentAt
        guard records[place].fate == .out else { return age < min(hold.memory, Self.grace) ? .some : .none }
        return age < hold.timeout ? .full : age < hold.memory ? .some : .none
    }

    /// How much the probes that would look like one with a number still need their identity.
    ///
    /// - Parameter until: Lowered to when the first of them does not any more.
    @inline(__always) private func needOfAlike(
        _ serial: Int, to target: IPAddress, at now: Int64, _ until: inout Int64
    ) -> Need {
        var found = Need.none
        var earlier = serial &- modulus
        // All numbers that leave the same remainder lie in these rows, however long ago they were given.
        for _ in 1..<max(1, records.count / modulus) {
            let place = earlier & mask
            if records[place].serial == earlier, now &- records[place].sentAt >= seats.longestMemory {
                // Those before it are older still.
                break
            }
            if records[place].fate == .out, records[place].target == target, records[place].serial >= 0,
                (records[place].serial &- serial) & (modulus &- 1) == 0
            {
                let need = need(at: place, now)
                if need == .full, let hold = seats[records[place].channel] {
                    let (end, isBeyond) = records[place].sentAt.addingReportingOverflow(hold.timeout)
                    if !isBeyond { until = min(until, end) }
                }
                found = max(found, need)
            }
            earlier &-= modulus
        }
        return found
    }

    /// Whether a good part of the ring is held, by a sample of it.
    private func isCrowded(from serial: Int, at now: Int64) -> Bool {
        let stride = max(1, records.count / 16)
        return (0..<16).count { need(at: (serial &+ $0 &* stride) & mask, now) != .none } >= 4
    }

    /// Enters a probe under a number from `nextSerial(to:at:)`.
    mutating func add(_ record: Record) {
        records[record.serial & mask] = record
        chains?.enter(record.serial, to: record.target)
        last = record.serial
    }

    /// Takes note of when a probe really left, by the low half of its serial number.
    mutating func stamp(_ number: UInt32, at time: Int64) {
        let index = Int(number) & mask
        let record = records[index]
        // The program looked at its clock just before; a stamp that says otherwise is of something else.
        guard record.serial >= 0, UInt32(truncatingIfNeeded: record.serial) == number, time >= record.sentAt
        else { return }
        records[index].sentAt = time
    }

    /// Takes note of how a probe was answered.
    mutating func settle(_ serial: Int, as kind: ReplyKind) {
        end(serial, as: kind == .timeExceeded ? .expired : .answered)
    }

    /// Takes back a probe that could not be sent: no answer can come, and its place and number are free.
    mutating func withdraw(_ serial: Int) { end(serial, as: .withdrawn) }

    private mutating func end(_ serial: Int, as fate: Fate) {
        let place = serial & mask
        guard records[place].serial == serial else { return }
        records[place].fate = fate
        if !exhausted.isEmpty { exhausted[records[place].target]?.freed.append(serial) }
    }

    private mutating func grow() {
        let size = records.count
        var larger = Array(repeating: Record(), count: size * 2)
        let mask = larger.count - 1
        for record in records where record.serial >= 0 { larger[record.serial & mask] = record }
        if chains != nil {
            var longer = TargetChains(size: larger.count)
            // Those that were passed over first: they are the oldest.
            let kept = records.filter { $0.serial >= 0 && $0.serial <= last &- size }.sorted { $0.serial < $1.serial }
            for record in kept { longer.enter(record.serial, to: record.target) }
            for serial in max(0, last &- size &+ 1)...last where larger[serial & mask].serial == serial {
                longer.enter(serial, to: larger[serial & mask].target)
            }
            chains = longer
        }
        records = larger
        self.mask = mask
    }

    // MARK: - Finding probes

    /// The probe that an answer without a number is taken for, by the ports of the probe.
    ///
    /// Of those that were not answered the one with the highest TTL got there, if any did, and of several the oldest first:
    /// no path is told shorter than it is. Its time counts from the oldest that might be meant as well: no round trip is
    /// told shorter than it was. What is out for a second while later probes are is taken for lost. If probes of two
    /// channels might be meant, none is.
    func findUnnumbered(target: IPAddress, port: UInt16, from sourcePort: UInt16) -> Record? {
        guard let chains else { return nil }
        let now = records[last & mask].sentAt
        var found: Record?
        var oldest = Int64.max
        var serial = chains.newest(to: target)
        for _ in 0..<Self.reach where serial >= 0 {
            let record = records[serial & mask]
            guard record.serial == serial else { break }
            serial = chains.before(serial)
            if record.fate == .withdrawn { continue }
            // A probe may be answered although its channel is closed.
            guard now &- record.sentAt < seats[record.channel]?.memory ?? Self.longestTrip else { break }
            guard record.target == target, record.destinationPort == port, record.sourcePort == sourcePort else {
                continue
            }
            // Those before it had to go less far.
            if record.fate == .expired { break }
            guard let best = found else {
                if record.fate == .out { (found, oldest) = (record, record.sentAt) }
                continue
            }
            if record.fate == .answered || now &- record.sentAt > Self.longestTrip { break }
            if record.channel != best.channel { return nil }
            if record.ttl >= best.ttl { found = record }
            oldest = record.sentAt
        }
        found?.sentAt = oldest
        return found
    }

    /// The newest probe whose serial number leaves a remainder, and that went to a target.
    ///
    /// - Parameters:
    ///   - remainder: What is left of the number.
    ///   - modulus: What it was divided by: a power of two.
    ///   - target: nil for any, where a NAT may have changed it.
    ///   - checksum: What it was sent with, where the remainder alone does not tell.
    func find(
        _ remainder: Int, modulo modulus: Int = 0x1_0000, target: IPAddress?, checksum: UInt16? = nil
    ) -> Record? {
        let newest = last &- (last &- remainder) & (modulus &- 1)
        var serial = newest
        var older: Record?
        repeat {
            let record = records[serial & mask]
            if record.serial >= 0, record.fate != .withdrawn, (record.serial &- remainder) & (modulus &- 1) == 0,
                target == nil || record.target == target, checksum == nil || record.checksum == checksum
            {
                if record.serial == serial { return record }
                // It is out for so long that the ring has gone around since. A newer one may still follow.
                if older.map({ $0.serial < record.serial }) ?? true { older = record }
            }
            serial &-= modulus
        } while newest &- serial <= mask
        return older
    }
}
