internal import Glibc

/// Whether a program's work was ended by a signal.
public struct Interruption: Sendable, Hashable {
    /// The request, or nil if the work came to its own end.
    public let signal: Signal?

    /// An end by a request, or by itself.
    public init(_ signal: Signal? = nil) { self.signal = signal }

    /// The exit code of the program. After `SIGTERM` it is 128 and the signal's number, for the program that supervises
    /// this one. After Ctrl-C it is that of the result: the person knows who ended it.
    public func exitCode(of result: Int32) -> Int32 {
        signal == .terminate ? 128 + Signal.terminate.rawValue : result
    }
}

/// Does the work until it is done or the person asks for the end; then the work is cancelled and may still say what
/// it knows. A second request ends the program at once, and so does what fails after the system asked for the end.
///
/// - Parameters:
///   - onQuit: What is done when the person asks how it goes (`SIGQUIT`), or nil if the signal is not taken over.
///   - work: The work.
/// - Returns: Whether a signal ended it.
@discardableResult @MainActor public func untilInterrupted(
    onQuit: (@MainActor () -> Void)? = nil, _ work: @escaping @MainActor () async throws -> Void
) async throws -> Interruption {
    let task = Task { @MainActor in try await work() }
    let signals = onQuit == nil ? Signals(.interrupt, .terminate) : Signals(.interrupt, .terminate, .quit)
    var interruption = Interruption()
    let watch = Task { @MainActor in
        for await signal in signals {
            if signal == .quit {
                onQuit?()
            } else {
                interruption = Interruption(signal)
                task.cancel()
            }
        }
    }
    defer { watch.cancel() }
    do {
        try await task.value
    } catch  where interruption.signal == .terminate {
        // What fails once it was asked to end had no result yet, and the request is the reason.
        Output.standard.flush()
        Output.error.print("\(programName): \(error)")
        exit(interruption.exitCode(of: 2))
    }
    return interruption
}
