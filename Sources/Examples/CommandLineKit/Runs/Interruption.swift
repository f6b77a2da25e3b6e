/// Does the work until it is done or the person asks for the end; then the work is cancelled and may still say what
/// it knows. A second request ends the program at once.
///
/// - Parameters:
///   - onQuit: What is done when the person asks how it goes (`SIGQUIT`), or nil if the signal is not taken over.
///   - work: The work.
@MainActor public func untilInterrupted(
    onQuit: (@MainActor () -> Void)? = nil, _ work: @escaping @MainActor () async throws -> Void
) async throws {
    let task = Task { @MainActor in try await work() }
    let signals = onQuit == nil ? Signals(.interrupt, .terminate) : Signals(.interrupt, .terminate, .quit)
    let watch = Task { @MainActor in
        for await signal in signals {
            if signal == .quit { onQuit?() } else { task.cancel() }
        }
    }
    defer { watch.cancel() }
    try await task.value
}
