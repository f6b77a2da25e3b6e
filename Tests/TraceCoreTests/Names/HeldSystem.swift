import Dispatch

@testable import TraceCore

/// A system whose look-ups come back when the test says so, and with what it says.
final class HeldSystem: Sendable {
    private struct State {
        var held: [LookupQuestion: (turn: DispatchSemaphore, answer: LookupAnswer)] = [:]
        var running = 0
        var mostRunning = 0
        var asked: [LookupQuestion] = []
    }

    private let state = Lock(State())
    private let questions: AsyncStream<LookupQuestion>
    private let continuation: AsyncStream<LookupQuestion>.Continuation

    init() { (questions, continuation) = AsyncStream.makeStream() }

    /// The questions that have reached the system, in their order.
    var asked: [LookupQuestion] { state.withLock { $0.asked } }
    /// The most look-ups that there were at the same time.
    var mostRunning: Int { state.withLock { $0.mostRunning } }

    /// What the resolver calls, in a thread of its own.
    func ask(_ question: LookupQuestion) -> LookupAnswer {
        let turn = state.withLock { state in
            state.asked.append(question)
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
            let turn = state.held[question]?.turn ?? DispatchSemaphore(value: 0)
            if state.held[question] == nil { state.held[question] = (turn, .none) }
            return turn
        }
        continuation.yield(question)
        turn.wait()
        return state.withLock { state in
            state.running -= 1
            return state.held.removeValue(forKey: question)?.answer ?? .none
        }
    }

    /// Waits until so many more questions have reached the system, and gives them.
    func next(_ count: Int) async -> Set<LookupQuestion> {
        var next: Set<LookupQuestion> = []
        for await question in questions {
            next.insert(question)
            if next.count == count { break }
        }
        return next
    }

    /// Lets a look-up come back.
    func answer(_ question: LookupQuestion, _ answer: LookupAnswer) {
        let turn = state.withLock { state in
            let turn = state.held[question]?.turn ?? DispatchSemaphore(value: 0)
            state.held[question] = (turn, answer)
            return turn
        }
        turn.signal()
    }
}
