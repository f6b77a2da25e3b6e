internal import TraceCore
package import TraceCorePathStore
package import TraceCoreReceivers

/// Brings messages to their receivers: to each in the order of what was decided of an alert, and to none more slowly because
/// another one hangs. It knows no store: what became of messages is taken from it, and kept with whatever else happened.
final class Outbox: Sendable {
    typealias Message = TraceCoreReceivers.Delivery

    /// What became of a message.
    typealias Settlement = (state: StoredDelivery.State, words: String)

    fileprivate struct Waiting {
        var message: Message
        var due: ContinuousClock.Instant
    }

    /// What waits for a receiver.
    fileprivate struct Queue {
        /// The messages about each alert, the oldest first.
        var waiting: [String: [Waiting]] = [:]
        /// The alerts, in the order of their oldest messages.
        var order: [String] = []
        /// Those whose oldest message is on its way.
        var onTheirWay: Set<String> = []
        var count = 0
    }

    fileprivate struct State {
        var receivers: [String: Receiver] = [:]
        var courier: Courier
        /// Those who want nothing any more.
        var gone: Set<String> = []
        var queues: [String: Queue] = [:]
        var settled: [String: Settlement] = [:]
    }

    /// So many messages wait for one receiver; for more, the oldest are given up.
    fileprivate static let most = 10_000
    /// So many are on their way to one receiver.
    fileprivate static let mostAtOnce = 8
    /// The longest pause between two tries, whatever the clock says.
    fileprivate static let longestPause = Duration.seconds(86_400)

    fileprivate static let isGoneWords = "it wants no more of them (status 410)"
    fileprivate static let isMissingWords = "there is no such receiver any more"

    private let state: Lock<State>
    private let news = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// That something became of a message.
    let outcomes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(_ receivers: [Receiver], _ courier: Courier) {
        state = Lock(State(courier: courier))
        follow(receivers, courier)
    }

    /// Takes other receivers. One that wanted nothing any more is asked again.
    func follow(_ receivers: [Receiver], _ courier: Courier) {
        state.withLock { state in
            state.receivers = Dictionary(receivers.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            state.courier = courier
            state.gone = []
        }
        wake()
    }

    /// Takes messages, the oldest first.
    func add(_ messages: [Message]) {
        guard !messages.isEmpty else { return }
        let (now, clock) = (UTCTime.now, ContinuousClock.now)
        state.withLock { state in
            for message in messages {
                let pause = min(max(.zero, message.dueAt - now), Self.longestPause)
                state.add(Waiting(message: message, due: clock + pause))
            }
        }
        wake()
    }

    /// What became of messages since this was asked.
    func takeSettlements() -> [String: Settlement] {
        state.withLock { state in
            defer { state.settled = [:] }
            return state.settled
        }
    }

    /// Takes back what could not be kept.
    func giveBack(_ settlements: [String: Settlement]) {
        state.withLock { $0.settled.merge(settlements) { newer, _ in newer } }
    }

    /// Looks for what is due.
    func wake() { news.continuation.yield() }

    /// Whether a receiver wants nothing any more.
    func isGone(_ receiver: String) -> Bool { state.withLock { $0.gone.contains(receiver) } }

    /// Brings what is due until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await _ in news.stream {
                let (due, courier) = state.withLock { ($0.takeDue(at: .now), $0.courier) }
                for (message, receiver) in due {
                    group.addTask {
                        let outcome = await courier.deliver(message, to: receiver)
                        self.state.withLock { $0.settle(message, outcome) }
                        self.outcomes.continuation.yield()
                        self.wake()
                    }
                }
            }
        }
    }
}

extension TraceCoreReceivers.Delivery {
    /// What it keeps its place in: messages about one alert follow each other.
    fileprivate var queueKey: String { alert.isEmpty ? id : alert }
}

extension Outbox.State {
    fileprivate mutating func add(_ entry: Outbox.Waiting) {
        let message = entry.message
        guard let receiver = receivers[message.receiver] else {
            return giveUp(message, Outbox.isMissingWords)
        }
        guard !gone.contains(receiver.name) else { return giveUp(message, Outbox.isGoneWords) }
        var queue = queues[receiver.name] ?? Outbox.Queue()
        let key = message.queueKey
        if queue.waiting[key] == nil { queue.order.append(key) }
        let first = queue.onTheirWay.contains(key) ? 1 : 0
        if receiver.wantsNewestOnly, let old = queue.waiting[key], old.count > first {
            for entry in old[first...] { giveUp(entry.message, "a newer message took its place") }
            queue.waiting[key]?.removeSubrange(first...)
            queue.count -= old.count - first
        }
        queue.waiting[key, default: []].append(entry)
        queue.count += 1
        if queue.count > Outbox.most, let oldest = queue.order.first(where: { !queue.onTheirWay.contains($0) }),
            let entry = queue.removeFirst(of: oldest)
        {
            giveUp(entry.message, "too many newer messages wait")
        }
        queues[receiver.name] = queue
    }

    private mutating func giveUp(_ message: Outbox.Message, _ words: String) {
        settled[message.id] = (.givenUp, words)
    }

    fileprivate mutating func takeDue(at now: ContinuousClock.Instant) -> [(Outbox.Message, Receiver)] {
        var due: [(Outbox.Message, Receiver)] = []
        for (name, var queue) in queues {
            guard let receiver = receivers[name] else {
                for message in queue.waiting.values.joined().map(\.message) {
                    giveUp(message, Outbox.isMissingWords)
                }
                queues[name] = nil
                continue
            }
            for key in queue.order where queue.onTheirWay.count < Outbox.mostAtOnce {
                guard !queue.onTheirWay.contains(key), let first = queue.waiting[key]?.first, first.due <= now else {
                    continue
                }
                queue.onTheirWay.insert(key)
                due.append((first.message, receiver))
            }
            queues[name] = queue
        }
        return due
    }

    fileprivate mutating func settle(_ message: Outbox.Message, _ outcome: Outcome) {
        settled[message.id] = outcome.settled
        guard var queue = queues[message.receiver] else { return }
        let key = message.queueKey
        queue.onTheirWay.remove(key)
        switch outcome {
        case .again(let time, _):
            let pause = min(max(.zero, time - .now), Outbox.longestPause)
            queue.waiting[key]?[0].due = .now + pause
            queue.waiting[key]?[0].message.tries += 1
            // A state that is not true any more is worth no second try; nor is one that is told again soon anyhow.
            if message.alert.isEmpty {
                _ = queue.removeFirst(of: key)
                giveUp(message, "the next one says the same")
            } else if receivers[message.receiver]?.wantsNewestOnly == true, queue.waiting[key]?.count ?? 0 > 1 {
                _ = queue.removeFirst(of: key)
                giveUp(message, "a newer message took its place")
            }
        case .taken, .givenUp: _ = queue.removeFirst(of: key)
        case .receiverGone:
            _ = queue.removeFirst(of: key)
            gone.insert(message.receiver)
            for entry in queue.waiting.values.joined() {
                giveUp(entry.message, Outbox.isGoneWords)
            }
            queue = Outbox.Queue()
        }
        queues[message.receiver] = queue
    }
}

extension Outbox.Queue {
    /// Takes the oldest message about an alert away.
    fileprivate mutating func removeFirst(of key: String) -> Outbox.Waiting? {
        guard var entries = waiting[key], !entries.isEmpty else { return nil }
        let first = entries.removeFirst()
        count -= 1
        waiting[key] = entries.isEmpty ? nil : entries
        if entries.isEmpty, let index = order.firstIndex(of: key) { order.remove(at: index) }
        return first
    }
}

/// A message as receivers get it, and as the store keeps it.
extension StoredDelivery {
    /// A message that is to be kept.
    package init(_ message: TraceCoreReceivers.Delivery) throws {
        self.init(
            id: message.id, alert: nil, receiver: message.receiver, body: try JSON.encode(message), made: message.madeAt
        )
    }

    /// The message that was kept, with how often it was tried and when it is next.
    package var message: TraceCoreReceivers.Delivery? {
        guard var message = try? JSON.decode(TraceCoreReceivers.Delivery.self, from: body) else { return nil }
        message.tries = tries
        if case .waiting(let until) = state { message.dueAt = until }
        return message
    }
}

extension Outcome {
    /// What the store keeps of it.
    package var settled: (state: StoredDelivery.State, words: String) {
        switch self {
        case .taken(let words): (.taken, words)
        case .again(let time, let words): (.waiting(until: time), words)
        case .givenUp(let words), .receiverGone(let words): (.givenUp, words)
        }
    }
}
