/// The rounds of a flow, hop by hop.
struct RoundColumns {
    /// What stands for who answered in a round that did not ask the hop.
    static let notAsked: Int64 = -1

    let flow: UInt8
    var times: [Int64] = []
    /// The hops.
    var ttls: [UInt8] = []
    /// For each hop as many as there are times: who answered, 0 for nobody, or `notAsked`.
    var who: [Int64] = []
    var microseconds: [UInt32] = []

    /// The rounds of each flow, in the order of time.
    static func flows(of rounds: some Collection<RoundRecord>) -> [RoundColumns] {
        Set(rounds.map(\.flow)).sorted().map { flow in
            let rounds = rounds.filter { $0.flow == flow }.sorted { $0.at < $1.at }
            var columns = RoundColumns(flow: flow)
            columns.times = rounds.map(\.at)
            columns.ttls = Set(rounds.flatMap { $0.answers.map(\.ttl) }).sorted()
            let cells = columns.ttls.count * rounds.count
            columns.who = Array(repeating: notAsked, count: cells)
            columns.microseconds = Array(repeating: 0, count: cells)
            for (index, round) in rounds.enumerated() {
                var hop = 0
                for answer in round.answers {
                    while columns.ttls[hop] != answer.ttl { hop += 1 }
                    columns.who[hop * rounds.count + index] = answer.who
                    columns.microseconds[hop * rounds.count + index] = answer.microseconds
                }
            }
            return columns
        }
    }

    /// The same, round by round.
    var rounds: [RoundRecord] {
        var rounds = times.map { RoundRecord(at: $0, flow: flow, answers: []) }
        for (hop, ttl) in ttls.enumerated() {
            for index in times.indices {
                let cell = hop * times.count + index
                guard who[cell] >= 0 else { continue }
                rounds[index].answers.append(
                    RoundRecord.Answer(ttl: ttl, who: who[cell], microseconds: microseconds[cell]))
            }
        }
        return rounds
    }
}
