internal import Glibc
internal import Synchronization
internal import TraceCore

/// Where signals become ordinary calls: the handler writes a byte, a thread of its own reads it.
///
/// A handler may call next to nothing (signal-safety(7)); a thread may, and it is not one of the
/// cooperative pool, so a second Ctrl-C is heard even while the program is stuck.
final class SignalPipe: Sendable {
    typealias Body = @Sendable (Signal) -> Void

    static let shared = SignalPipe()

    private struct Listener {
        let id: Int
        let signals: [Signal]
        let body: Body
    }

    private struct State {
        var listeners: [Listener] = []
        var nextID = 0
    }

    private let state = Lock(State())
    private let readEnd: Int32

    private init() {
        var ends: [Int32] = [-1, -1]
        // The handler must not wait, so a full pipe drops a signal: 65,536 of them are unread by then.
        guard pipe(&ends) == 0, fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0 else {
            Output.error.print(
                "There is no pipe for signals: \(String(cString: strerror(errno))). Raise the limit with ulimit -n")
            exit(Output.failureExitCode.withLock { $0 })
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .releasing)
    }

    /// Calls the body, on the thread of this pipe, for each signal from now on.
    func listen(to signals: [Signal], _ body: @escaping Body) -> Int {
        startThread
        return state.withLock { state in
            state.nextID += 1
            state.listeners.append(Listener(id: state.nextID, signals: signals, body: body))
            for signal in signals {
                var action = sigaction()
                action.__sigaction_handler.sa_handler = note
                // A read or write that the signal interrupts goes on by itself.
                action.sa_flags = SA_RESTART
                sigaction(signal.rawValue, &action, nil)
            }
            return state.nextID
        }
    }

    /// Stops calling, and restores the default action of signals without listeners.
    func remove(_ id: Int) {
        state.withLock { state in
            guard let index = state.listeners.firstIndex(where: { $0.id == id }) else { return }
            let removed = state.listeners.remove(at: index)
            for signal in removed.signals
            where !state.listeners.contains(where: { $0.signals.contains(signal) }) {
                var action = sigaction()
                action.__sigaction_handler.sa_handler = SIG_DFL
                sigaction(signal.rawValue, &action, nil)
            }
        }
    }

    /// Hands signals on until the program ends.
    fileprivate func run() {
        var number: UInt8 = 0
        while true {
            guard read(readEnd, &number, 1) == 1, let signal = Signal(rawValue: Int32(number)) else {
                continue
            }
            let bodies = state.withLock { state in
                state.listeners.filter { $0.signals.contains(signal) }.map(\.body)
            }
            for body in bodies { body(signal) }
        }
    }
}

/// The end that the handler writes to; set before any handler is.
private let writeEnd = Atomic<Int32>(-1)

/// The handler. It keeps `errno`, which the interrupted code may be about to read.
private func note(_ number: Int32) {
    let code = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
    errno = code
}

/// The thread, started by the first one to look.
private let startThread: Void = {
    var thread = pthread_t()
    let result = pthread_create(
        &thread, nil,
        { _ in
            // Threads of the cooperative pool block signals, and this one inherits it: here they get through.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            SignalPipe.shared.run()
            return nil
        }, nil)
    precondition(result == 0, "no thread for signals: \(String(cString: strerror(result)))")
    pthread_detach(thread)
}()
