/// Which probe an identity in a packet belongs to.
///
/// Packets have room for 16 bits that survive everywhere, so a token is the low half of a probe's serial number.
/// The target tells apart probes with the same token: a sweep may have many more than 65,536 out at once. The book
/// is a ring that grows while its oldest probe is still of interest, up to a bound.
struct ProbeRegistry: Sendable {
    /// What is known of a probe that was sent.
    struct Record: Sendable {
        var serial = -1
        var probe: Probe.ID = 0
        /// Whose probe it is, where several channels share one book.
        var channel: UInt32 = 0
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

    /// The most probes that are ever remembered.
    static let limit = 1 << 20

    private var records: [Record]
    private var mask: Int
    /// For how many nanoseconds an identity is not given to another probe.
    var memory: Int64
    private(set) var last: Int

    /// - Parameters:
    ///   - capacity: how many probes will be out at once.
    ///   - memory: for how many nanoseconds an identity is not given to another probe.
    ///   - firstSerial: the number that counting starts after.
    init(capacity: Int, memory: Int64, firstSerial: Int = 0) {
        var size = 256
        while size < capacity, size < Self.limit { size *= 2 }
        records = Array(repeating: Record(), count: size)
        mask = size - 1
        self.memory = memory
        last = max(0, firstSerial)
    }

    /// The serial number that the next probe gets. Tokens 0 and 65,535 are no UDP checksums, so they are left out.
    var nextSerial: Int {
        let serial = last &+ 1
        switch serial & 0xFFFF {
        case 0: return serial &+ 1
        case 0xFFFF: return serial &+ 2
        default: return serial
        }
    }

    /// Enters a probe under the next serial number; false if all identities are in use.
    mutating func add(_ record: Record) -> Bool {
        if isYoung(records[record.serial & mask], at: record.sentAt) {
            guard records.count < Self.limit else { return false }
            grow()
        }
        records[record.serial & mask] = record
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

    private func isYoung(_ record: Record, at now: Int64) -> Bool {
        record.serial >= 0 && now &- record.sentAt < memory
    }

    private mutating func grow() {
        var larger = Array(repeating: Record(), count: records.count * 2)
        let mask = larger.count - 1
        for record in records where record.serial >= 0 { larger[record.serial & mask] = record }
        records = larger
        self.mask = mask
    }

    /// The newest probe whose serial number leaves a remainder, and that went to a target.
    ///
    /// - Parameter target: nil for any, where a NAT may have changed it.
    func find(_ remainder: Int, modulo modulus: Int = 0x1_0000, target: IPAddress?) -> Record? {
        var distance = (last &- remainder) % modulus
        if distance < 0 { distance &+= modulus }
        var serial = last &- distance
        while serial >= 0, last &- serial <= mask {
            let record = records[serial & mask]
            if record.serial == serial, target == nil || record.target == target { return record }
            serial &-= modulus
        }
        return nil
    }
}
