/// Does the work until it is done or the person asks for the end; then the work is cancelled and may still say what
/// it knows. A second request ends the program at once.
@MainActor public func untilInterrupted(
    _ work: @escaping @MainActor () async throws -> Void
) async throws {
    let task = Task { @MainActor in try await work() }
    let signals = Signals(.interrupt, .terminate)
    let watch = Task {
        for await _ in signals { task.cancel() }
    }
    defer { watch.cancel() }
    try await task.value
}
