import TraceCoreCommandLine
import Glibc
import Testing

// Each in a process of its own: signals belong to the whole process.
@Suite struct SignalsTests {
    @Test func `signals arrive in order`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            var signals = Signals(.interrupt, .quit, .resize).makeAsyncIterator()
            for signal in [Signal.resize, .quit, .resize, .interrupt] {
                kill(getpid(), signal.rawValue)
                guard await signals.next() == signal else { exit(1) }
            }
            exit(42)
        }
    }

    @Test(arguments: [Signal.interrupt, .terminate])
    func `the first request to end leaves time for the summary and the second ends at once`(signal: Signal)
        async
    {
        let number = signal.rawValue
        let result = await #expect(
            processExitsWith: .exitCode(128 + number), observing: [\.standardOutputContent]
        ) { [number = number as Int32] in
            let signals = Signals(.interrupt, .terminate) {
                Output.standard.print("the terminal is given back")
                Output.standard.flush()
            }
            kill(getpid(), number)
            for await signal in signals where signal.isRequestToEnd {
                Output.standard.print("the summary")
                // The reader stays in this loop, as a program does which is slow to end.
                kill(getpid(), number)
            }
        }
        let text = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(text.contains("the summary\nthe terminal is given back\n"))
    }

    @Test(arguments: [(Signal.terminate, true), (.terminate, false), (.interrupt, true)])
    func `the exit code tells who wanted the end, whether the work had a result or failed for that`(
        signal: Signal, hasResult: Bool
    ) async {
        await #expect(processExitsWith: .exitCode(signal == .terminate ? 143 : 1)) {
            [number = signal.rawValue as Int32, hasResult = hasResult as Bool] in
            let interruption = try await untilInterrupted {
                kill(getpid(), number)
                // Until the work is cancelled, and no longer.
                let (stream, continuation) = AsyncStream<Never>.makeStream()
                for await _ in stream {}
                continuation.finish()
                if !hasResult { try Task.checkCancellation() }
            }
            exit(interruption.exitCode(of: 1))
        }
    }

    @Test func `a signal ends the program as ever once nobody listens`() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            let task = Task { for await _ in Signals(.terminate) {} }
            task.cancel()
            await task.value
            // To this thread, so that it takes effect before the next line; the pool's threads block signals.
            var unblocked = sigset_t()
            sigemptyset(&unblocked)
            sigaddset(&unblocked, SIGTERM)
            pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
            raise(SIGTERM)
            exit(1)
        }
    }
}
