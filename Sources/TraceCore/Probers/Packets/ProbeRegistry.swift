/// Which probe an identity in a packet belongs to.
///
/// Packets have room for 16 bits that survive everywhere, so a token is the low half of a probe's serial number.
/// The target tells apart probes with the same token: a sweep may have many more than 65,536 out at once. A number
/// that would make a probe look like another one that is out is passed over. The book is a ring that grows while its
/// oldest probe is still of interest, up to a bound.
struct ProbeRegistry: Sendable {
    /// What has become of a probe.
    enum Fate: UInt8, Sendable {
        /// It may still be answered.
        case out
        /// A router has told that it came no farther.
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
        /// What became of it; once it is not out any more, another probe may get its identity.
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

    /// How many probes are looked at for an answer without a number: more than a trace has out.
    private static let reach = 256
    /// How many nanoseconds an answer without a number may take where later probes are out that it may be for.
    private static let longestTrip: Int64 = 1_000_000_000

    /// The most probes that are ever remembered.
    static let limit = 1 << 20

    private var records: [Record]
    private var mask: Int
    /// After how many numbers probes to one target look alike.
    private let modulus: Int
    /// For how many nanoseconds an identity is not given to another probe.
    var memory: Int64
    private(set) var last: Int
    private var chains: TargetChains?

    /// - Parameters:
    ///   - capacity: how many probes will be out at once.
    ///   - memory: for how many nanoseconds an identity is not given to another probe.
    ///   - firstSerial: the number that counting starts after.
    ///   - modulus: after how many numbers probes to one target look alike.
    ///   - findsUnnumbered: whether answers may come that carry no number at all.
    init(
        capacity: Int, memory: Int64, firstSerial: Int = 0, modulus: Int = 0x1_0000, findsUnnumbered: Bool = false
    ) {
        var size = 256
        while size < capacity, size < Self.limit { size *= 2 }
        records = Array(repeating: Record(), count: size)
        mask = size - 1
        self.memory = memory
        self.modulus = modulus
        if findsUnnumbered { chains = TargetChains(size: size) }
        last = max(0, firstSerial)
    }

    /// The serial number that the next probe to a target gets, or nil while all that the target can be asked by are out.
    ///
    /// That is nearly always the number after the last one. What it is compared with lies at fixed distances in the
    /// ring, so that looking there is walking along a few rows, however many targets there are.
    func nextSerial(to target: IPAddress, at now: Int64) -> Int? {
        var serial = last
        for _ in 0..<modulus {
            serial = Self.successor(of: serial)
            if !isOut(like: serial, to: target, at: now) { return serial }
        }
        return nil
    }

    /// The number after another. Tokens 0 and 65,535 are no UDP checksums, so they are left out.
    private static func successor(of serial: Int) -> Int {
        let serial = serial &+ 1
        switch serial & 0xFFFF {
        case 0: return serial &+ 1
        case 0xFFFF: return serial &+ 2
        default: return serial
        }
    }

    /// Whether a probe that looks like one with a number is still waiting for its answer.
    private func isOut(like serial: Int, to target: IPAddress, at now: Int64) -> Bool {
        var earlier = serial &- modulus
        while earlier >= 0, last &- earlier <= mask {
            let record = records[earlier & mask]
            if record.serial == earlier {
                // Those before it are older still.
                guard isYoung(record, at: now) else { return false }
                if record.fate == .out, record.target == target { return true }
            }
            earlier &-= modulus
        }
        return false
    }

    /// Enters a probe under a number from `nextSerial(to:at:)`; false if there is no room.
    mutating func add(_ record: Record) -> Bool {
        // Also the places of numbers that were passed over: whoever has them could not be found any more.
        var serial = last &+ 1
        while serial <= record.serial {
            if isYoung(records[serial & mask], at: record.sentAt) {
                guard records.count < Self.limit else { return false }
                grow()
            } else {
                serial &+= 1
            }
        }
        records[record.serial & mask] = record
        chains?.enter(record.serial, to: record.target)
        last = record.serial
        return true
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
        guard records[serial & mask].serial == serial else { return }
        records[serial & mask].fate = kind == .timeExceeded ? .expired : .answered
    }

    /// Takes back a probe that could not be sent: nobody can answer it, and its place and number are free.
    mutating func withdraw(_ serial: Int) {
        guard records[serial & mask].serial == serial else { return }
        records[serial & mask].fate = .withdrawn
        records[serial & mask].sentAt = .min
    }

    private func isYoung(_ record: Record, at now: Int64) -> Bool {
        record.serial >= 0 && now &- record.sentAt < memory
    }

    private mutating func grow() {
        var larger = Array(repeating: Record(), count: records.count * 2)
        let mask = larger.count - 1
        for record in records where record.serial >= 0 { larger[record.serial & mask] = record }
        records = larger
        self.mask = mask
        guard chains != nil else { return }
        var longer = TargetChains(size: larger.count)
        for serial in max(0, last - larger.count / 2)...last where larger[serial & mask].serial == serial {
            longer.enter(serial, to: larger[serial & mask].target)
        }
        chains = longer
    }

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
            guard record.serial == serial, record.fate == .withdrawn || isYoung(record, at: now) else { break }
            serial = chains.before(serial)
            if record.fate == .withdrawn { continue }
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
    ///   - modulus: What it was divided by.
    ///   - target: nil for any, where a NAT may have changed it.
    ///   - checksum: What it was sent with, where the remainder alone does not tell.
    func find(
        _ remainder: Int, modulo modulus: Int = 0x1_0000, target: IPAddress?, checksum: UInt16? = nil
    ) -> Record? {
        var distance = (last &- remainder) % modulus
        if distance < 0 { distance &+= modulus }
        var serial = last &- distance
        while serial >= 0, last &- serial <= mask {
            let record = records[serial & mask]
            if record.serial == serial, target == nil || record.target == target,
                checksum == nil || record.checksum == checksum
            {
                return record
            }
            serial &-= modulus
        }
        return nil
    }
}
