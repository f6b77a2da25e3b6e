internal import TraceCore
internal import TraceCoreReceivers

/// What the agents of a mesh send each other: the number of a packet, and what the sender has received of the other's packets.
///
/// It has 64 bytes, numbers with their highest byte first: `TCmh`; the version; 1 if it is signed, and two zeros; the session and
/// the number of the packet (8 each); sender and receiver, by the first bytes of the hash of their names (4 each); and of the
/// receiver's packets their session, or 0 where none came, the number of the first, the highest, and how many came (8 each).
/// Where agents share a key, HMAC-SHA256 of these bytes follows.
struct MeshPacket: Sendable, Hashable {
    /// What came of the other's packets.
    struct Receipt: Sendable, Hashable {
        /// The session of those packets.
        var session: UInt64
        /// The number of the first that came, and the highest.
        var first: UInt64
        var highest: UInt64
        /// How many came, none counted twice.
        var count: UInt64
    }

    /// Why bytes are no packet that counts.
    enum Refusal: Error, Sendable, Hashable {
        /// They are something else.
        case garbage
        /// They are of another version.
        case version(UInt8)
        /// They are not signed, and here is a key.
        case unsigned
        /// They are signed, and here is no key.
        case signed
        /// They are signed with another key.
        case otherKey
    }

    static let version: UInt8 = 1
    private static let magic = Array("TCmh".utf8)
    private static let size = 64, codeSize = 32

    /// The sender's session: when it began by its own clock, in microseconds.
    var session: UInt64
    var sequence: UInt64
    var from: UInt32
    var to: UInt32
    var receipt: Receipt?

    /// What an agent is called in packets.
    static func number(of name: String) -> UInt32 {
        SHA256.hash(Array(name.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The bytes, signed if there is a key.
    func bytes(key: [UInt8]?) -> [UInt8] {
        var bytes = Self.magic + [Self.version, key == nil ? 0 : 1, 0, 0]
        func append(_ number: some FixedWidthInteger) {
            for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        for number in [session, sequence] { append(number) }
        for number in [from, to] { append(number) }
        for number in [receipt?.session, receipt?.first, receipt?.highest, receipt?.count] { append(number ?? 0) }
        return bytes + (key.map { SHA256.authenticationCode(of: bytes, key: $0) } ?? [])
    }

    init(session: UInt64, sequence: UInt64, from: UInt32, to: UInt32, receipt: Receipt? = nil) {
        (self.session, self.sequence, self.from, self.to, self.receipt) = (session, sequence, from, to, receipt)
    }

    /// Reads a packet.
    ///
    /// - Throws: Why it does not count.
    init(reading bytes: Span<UInt8>, key: [UInt8]?) throws(Refusal) {
        guard bytes.count >= 8, Self.magic.indices.allSatisfy({ bytes[$0] == Self.magic[$0] }) else { throw .garbage }
        guard bytes[4] == Self.version else { throw .version(bytes[4]) }
        let isSigned = bytes[5] & 1 != 0
        guard bytes.count == Self.size + (isSigned ? Self.codeSize : 0) else { throw .garbage }
        if let key {
            guard isSigned else { throw .unsigned }
            let code = SHA256.authenticationCode(of: (0..<Self.size).map { bytes[$0] }, key: key)
            // All of it, so that the time does not tell how much was right.
            let difference = code.indices.reduce(UInt8(0)) { $0 | code[$1] ^ bytes[Self.size + $1] }
            guard difference == 0 else { throw .otherKey }
        } else if isSigned {
            throw .signed
        }
        func number(_ place: Int, _ count: Int = 8) -> UInt64 {
            (place..<place + count).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
        }
        (session, sequence) = (number(8), number(16))
        (from, to) = (UInt32(number(24, 4)), UInt32(number(28, 4)))
        receipt =
            number(32) == 0
            ? nil : Receipt(session: number(32), first: number(40), highest: number(48), count: number(56))
        guard session != 0 else { throw .garbage }
    }
}
