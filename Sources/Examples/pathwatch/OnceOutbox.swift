import TraceCore
import TraceCoreCommandLine
import TraceCorePathStore
import TraceCoreReceivers
import TraceCoreWatch

/// Sends what `pathwatch once` has to tell. With a store, it is kept with the run before it is sent, and tried again by the
/// next call.
struct OnceOutbox {
    private let store: PathStore?
    private let receiver: Receiver

    init(_ store: PathStore?, _ receiver: Receiver) { (self.store, self.receiver) = (store, receiver) }

    /// Keeps a run and sends what there is to tell of it; whether it was taken.
    func send(_ delivery: TraceCoreReceivers.Delivery, with run: StoredRun) async throws -> Bool {
        let kept = try StoredDelivery(delivery)
        try await store?.write(.promised) { (writer) throws(StoreError) in
            try writer.insert(run)
            try writer.append([kept])
        }
        return await deliver(delivery)
    }

    /// Tries once more what could not be sent to this address before, until it fails again. What waits for an address that
    /// nobody has given for three days is given up.
    func deliverDue() async {
        let now = UTCTime.now
        let due = try? await store?.read { (reader) throws(StoreError) in
            try reader.dueDeliveries(now: now, limit: 1_000)
        }
        for kept in due ?? [] where kept.receiver != receiver.name && kept.made < now - .seconds(3 * 86_400) {
            _ = try? await store?.write(.promised) { (writer) throws(StoreError) in
                try writer.settle(kept.id, .givenUp, words: "its address was not given any more")
            }
        }
        for kept in due ?? [] where kept.receiver == receiver.name {
            guard let delivery = kept.message else { continue }
            // Who does not take one takes the others no better, and each try may be long.
            guard await deliver(delivery) else { return }
        }
    }

    private func deliver(_ delivery: TraceCoreReceivers.Delivery) async -> Bool {
        let outcome: Outcome
        do {
            outcome = try await courier(for: [receiver], isOnly: store == nil).deliver(delivery, to: receiver)
        } catch {
            Output.error.print("pathwatch once: \(error)")
            return false
        }
        let (state, words) = outcome.settled
        do {
            _ = try await store?.write(.promised) { (writer) throws(StoreError) in
                try writer.settle(delivery.id, state, words: words)
            }
        } catch {
            Output.error.print("pathwatch once: \(error)")
        }
        return state == .taken
    }
}
