/// Asks, and waits for the answer until the time is up or the task is cancelled.
///
/// A resolver of another's may listen to neither: it is left to itself, and what it says later does not count.
///
/// - Returns: The answer and how long it took, or nil if none came in time. What is known without waiting takes no time, so a
///   simulated run is the same each time.
func promptAnswer<Answer: Sendable>(
    within limit: Duration?, _ ask: @escaping @Sendable () async -> Answer
) async -> (answer: Answer, took: Duration)? {
    let first = FirstAnswer<Answer>()
    let began = ContinuousClock.now
    let asking = Task.immediate { first.give(await ask()) }
    if let answer = first.given { return (answer, .zero) }
    let alarm = limit.map { limit in
        Task {
            try await Task.sleep(for: max(.zero, limit))
            first.give(nil)
        }
    }
    let answer = await withTaskCancellationHandler {
        await first.value
    } onCancel: {
        first.give(nil)
    }
    asking.cancel()
    alarm?.cancel()
    return answer.map { ($0, began.duration(to: .now)) }
}

/// The first answer that is given, or that there is none.
private final class FirstAnswer<Answer: Sendable>: Sendable {
    private struct State {
        var value: Answer??
        var waiter: CheckedContinuation<Answer?, Never>?
    }

    private let state = Lock(State())

    func give(_ value: Answer?) {
        let waiter = state.withLock { state in
            guard state.value == nil else { return nil as CheckedContinuation<Answer?, Never>? }
            state.value = .some(value)
            return state.waiter
        }
        waiter?.resume(returning: value)
    }

    /// The answer, if one has been given.
    var given: Answer? { state.withLock { $0.value } ?? nil }

    var value: Answer? {
        get async {
            await withCheckedContinuation { waiter in
                let value = state.withLock { state in
                    state.waiter = waiter
                    return state.value
                }
                if let value { waiter.resume(returning: value) }
            }
        }
    }
}

extension Result {
    /// What a body gives, or why it does not.
    init(catching body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
