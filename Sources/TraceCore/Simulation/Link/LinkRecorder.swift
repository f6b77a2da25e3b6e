/// Takes the records of a link off its hands: what is done with them happens on a thread of its own.
final class LinkRecorder: Sendable {
    private struct State {
        var pending: [[SimulatedLink.Record]] = []
        var isOver = false
    }

    /// So many records are handed over at once that it hardly costs the link anything.
    static let batch = 4096
    // A quarter of a million records, some 30 MB: seconds of the densest traffic there is.
    private static let limit = 64

    private let state = Lock(State())
    private let bell: TunnelBell
    private let body: @Sendable ([SimulatedLink.Record]) -> Void

    init(_ body: @escaping @Sendable ([SimulatedLink.Record]) -> Void) throws(ProbeError) {
        self.body = body
        bell = try TunnelBell()
    }

    /// Hands records over, and leaves an empty array; says how many had to be dropped.
    func take(_ records: inout [SimulatedLink.Record]) -> Int {
        guard !records.isEmpty else { return 0 }
        let dropped = state.withLock { state in
            guard state.pending.count < Self.limit else { return records.count }
            var batch: [SimulatedLink.Record] = []
            batch.reserveCapacity(Self.batch)
            swap(&batch, &records)
            state.pending.append(batch)
            return 0
        }
        records.removeAll(keepingCapacity: true)
        bell.ring()
        return dropped
    }

    /// Lets `run` come to its end once everything is done.
    func finish() {
        state.withLock { $0.isOver = true }
        bell.ring()
    }

    /// Hands all records on until there will be no more.
    func run() {
        while true {
            let (batches, isOver) = state.withLock { state in
                defer { state.pending.removeAll() }
                return (state.pending, state.isOver)
            }
            for batch in batches { body(batch) }
            if isOver { return }
            bell.wait()
        }
    }
}
