// One line a packet, for programs that hold their own figures against it.
extension SimulatedLink.Record {
    /// The names of the columns, as the first line of a file.
    ///
    /// Times are nanoseconds: `…_ns` of the monotonic clock, `…_wall_ns` since 1970. What there is no value for is left
    /// empty.
    public static let csvHeader =
        "sent_ns,sent_wall_ns,read_ns,due_ns,written_ns,written_wall_ns,delay_ns,outcome,protocol,source,destination,ttl,"
        + "identifier,sequence,identification,checksum,length,answer_from,answer_protocol,answer_type,answer_code"

    /// Appends the record as a line.
    public func appendCSV(to text: inout [UInt8]) {
        text.field(sentNs)
        text.field(sentNs &+ wallOffsetNs)
        text.field(readNs)
        text.field(answer?.dueNs)
        text.field(writtenNs)
        text.field(writtenNs.map { $0 &+ wallOffsetNs })
        text.field(answer.map { $0.dueNs &- sentNs })
        text.field(outcome.rawValue)
        text.field(proto.word)
        text.field(source.description)
        text.field(destination.description)
        text.field(Int64(ttl))
        text.field(Int64(identifier))
        text.field(Int64(sequence))
        text.field(Int64(identification))
        text.field(Int64(checksum))
        text.field(Int64(length))
        text.field(answer?.from.description ?? "")
        text.field(answer?.proto.word ?? "")
        text.field((answer?.type).map(Int64.init))
        text.field((answer?.code).map(Int64.init))
        text[text.count - 1] = UInt8(ascii: "\n")
    }

    /// The record of a line, or nil if that is none.
    public init?(csv line: Substring) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 21, let sent = Int64(fields[0]), let wall = Int64(fields[1]), let read = Int64(fields[2]),
            let outcome = Outcome(rawValue: fields[7]), let proto = IPProtocol(word: fields[8]),
            let source = IPAddress(fields[9]), let destination = IPAddress(fields[10]), let ttl = UInt8(fields[11]),
            let identifier = UInt16(fields[12]), let sequence = UInt16(fields[13]),
            let identification = UInt32(fields[14]), let checksum = UInt16(fields[15]), let length = Int(fields[16])
        else { return nil }
        sentNs = sent
        readNs = read
        wallOffsetNs = wall &- sent
        writtenNs = Int64(fields[4])
        self.outcome = outcome
        self.proto = proto
        self.source = source
        self.destination = destination
        self.ttl = ttl
        self.identifier = identifier
        self.sequence = sequence
        self.identification = identification
        self.checksum = checksum
        self.length = length
        guard let due = Int64(fields[3]) else { return }
        guard let from = IPAddress(fields[17]), let answerProto = IPProtocol(word: fields[18]),
            let type = UInt8(fields[19]), let code = UInt8(fields[20])
        else { return nil }
        answer = Answer(from: from, proto: answerProto, type: type, code: code, dueNs: due)
    }
}

extension IPProtocol {
    /// The word for the protocols that are asked with, and the number of any other.
    fileprivate var word: String {
        switch self {
        case .icmp: "icmp"
        case .icmpv6: "icmpv6"
        case .udp: "udp"
        case .tcp: "tcp"
        default: "\(rawValue)"
        }
    }

    fileprivate init?(word: String) {
        switch word {
        case "icmp": self = .icmp
        case "icmpv6": self = .icmpv6
        case "udp": self = .udp
        case "tcp": self = .tcp
        default:
            guard let number = UInt8(word) else { return nil }
            self.init(rawValue: number)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func field(_ text: String) {
        append(contentsOf: text.utf8)
        append(UInt8(ascii: ","))
    }

    fileprivate mutating func field(_ number: Int64?) {
        if let number { field(String(number)) } else { append(UInt8(ascii: ",")) }
    }
}
