package import TraceCorePathStore
package import TraceCoreReceivers
internal import TraceCore

/// A message as receivers get it, and as the store keeps it.
extension TraceCorePathStore.Delivery {
    /// A message that is to be kept.
    package init(_ message: TraceCoreReceivers.Delivery) throws {
        self.init(
            id: message.id, alert: nil, receiver: message.receiver, body: try JSON.encode(message), made: message.madeAt
        )
    }

    /// The message that was kept, with how often it was tried.
    package var message: TraceCoreReceivers.Delivery? {
        guard var message = try? JSON.decode(TraceCoreReceivers.Delivery.self, from: body) else { return nil }
        message.tries = tries
        return message
    }
}

extension Outcome {
    /// What the store keeps of it.
    package var settled: (state: TraceCorePathStore.Delivery.State, words: String) {
        switch self {
        case .taken(let words): (.taken, words)
        case .again(let time, let words): (.waiting(until: time), words)
        case .givenUp(let words), .receiverGone(let words): (.givenUp, words)
        }
    }
}
