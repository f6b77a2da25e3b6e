package import TraceCore

/// What one round of probes to a target brought.
package struct Round: Sendable, Hashable {
    /// What came of the probe to one hop.
    package struct Answer: Sendable, Hashable {
        /// The hop.
        package let ttl: UInt8
        /// Who answered; nil if nobody did.
        package let address: IPAddress?
        /// How long that took, kept in microseconds.
        package let roundTrip: Duration
        /// Whether it was the target.
        package let isTarget: Bool

        /// An answer.
        package init(ttl: UInt8, from address: IPAddress, after roundTrip: Duration, isTarget: Bool = false) {
            (self.ttl, self.address, self.roundTrip, self.isTarget) = (ttl, address, roundTrip, isTarget)
        }

        /// No answer.
        package init(lost ttl: UInt8) {
            (self.ttl, address, roundTrip, isTarget) = (ttl, nil, .zero, false)
        }
    }

    /// The target's number.
    package let target: Int64
    /// When the round began.
    package let at: UTCTime
    /// The flow of its probes.
    package let flow: UInt8
    /// What came of each hop that was asked; of two for the same hop the first is kept.
    package let answers: [Answer]

    /// A round.
    package init(target: Int64, at: UTCTime, flow: UInt8 = 0, answers: [Answer]) {
        (self.target, self.at, self.flow, self.answers) = (target, at, flow, answers)
    }
}

/// A round as it is kept: with numbers for the addresses.
struct RoundRecord: Equatable {
    struct Answer: Equatable {
        var ttl: UInt8
        /// 0 for nobody, else the address's number and, in the lowest bit, whether it was the target.
        var who: Int64
        /// At most `longest`.
        var microseconds: UInt32
    }

    /// About 35 minutes.
    static let longest: UInt32 = 1 << 31 - 1

    /// The year 3000 in microseconds since 1970: what is behind it is a mistake, and further behind it numbers end.
    static let endOfTime: Int64 = 32_503_680_000_000_000

    /// Microseconds since 1970.
    var at: Int64
    var flow: UInt8
    /// By hop, each once.
    var answers: [Answer]
}

extension StoreWriter {
    /// The round as it is kept.
    func record(of round: Round) throws(StoreError) -> RoundRecord {
        var answers: [RoundRecord.Answer] = []
        answers.reserveCapacity(round.answers.count)
        var isAscending = true
        for answer in round.answers {
            var who: Int64 = 0
            if let address = answer.address { who = try number(of: address) << 1 | (answer.isTarget ? 1 : 0) }
            let microseconds = min(max(answer.roundTrip / .microseconds(1), 0), Double(RoundRecord.longest))
            isAscending = isAscending && answers.last.map { $0.ttl < answer.ttl } ?? true
            answers.append(
                RoundRecord.Answer(ttl: answer.ttl, who: who, microseconds: who == 0 ? 0 : UInt32(microseconds)))
        }
        if !isAscending {
            var seen: Set<UInt8> = []
            answers = answers.filter { seen.insert($0.ttl).inserted }.sorted { $0.ttl < $1.ttl }
        }
        return RoundRecord(at: round.at.microsecondsSince1970, flow: round.flow, answers: answers)
    }
}

extension StoreReader {
    /// The round of a record.
    func round(_ record: RoundRecord, of target: Int64) throws(StoreError) -> Round {
        var answers: [Round.Answer] = []
        answers.reserveCapacity(record.answers.count)
        for answer in record.answers {
            answers.append(
                answer.who == 0
                    ? Round.Answer(lost: answer.ttl)
                    : Round.Answer(
                        ttl: answer.ttl, from: try address(answer.who >> 1),
                        after: .microseconds(Int64(answer.microseconds)), isTarget: answer.who & 1 == 1))
        }
        return Round(
            target: target, at: UTCTime(microsecondsSince1970: record.at), flow: record.flow, answers: answers)
    }
}
