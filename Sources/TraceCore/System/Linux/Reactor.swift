#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// The one thread that waits for all sockets and all times.
    ///
    /// It never waits for a task and does little itself: it reads what is there, hands it to the run that it is for, and wakes
    /// that. So nothing blocks the cooperative pool, and thousands of runs cost one thread.
    final class Reactor: Sendable {
        private struct State {
            /// The descriptors, or -1 once the thread has ended: whoever keeps a closed channel keeps no descriptor.
            var epoll: Int32
            var timer: Int32
            var sources: [Handle: any ReactorSource] = [:]
            var timers: [Handle: Timer] = [:]
            var agenda = TimerAgenda()
            var lastHandle: Handle = 0
            /// What the timer of the system is set to.
            var alarm = Int64.max
            /// Until when the thread stays although nobody has needed it since.
            var idleUntil = Int64.max

            mutating func newHandle() -> Handle {
                repeat {
                    lastHandle &+= 1
                } while lastHandle == 0 || sources[lastHandle] != nil || timers[lastHandle] != nil
                return lastHandle
            }
        }

        private struct Timer {
            let target: any ReactorTimer
            /// When the target is called next; what the agenda holds for other times is out of date.
            var at = Int64.max
        }

        /// The one that runs, and how many have it.
        private static let running = Lock<(reactor: Reactor?, users: Int)>((nil, 0))

        /// For how many nanoseconds the thread stays when nobody needs it: the next run often begins at once.
        private static let linger: Int64 = 200_000_000

        /// The reactor, started when it is first needed. Whoever acquires it releases it.
        static func acquire() throws(SystemError) -> Reactor {
            try running.withLock { running throws(SystemError) in
                if let reactor = running.reactor {
                    running.users += 1
                    return reactor
                }
                let reactor = try Reactor()
                try reactor.start()
                running = (reactor, 1)
                return reactor
            }
        }

        /// Gives the reactor back. A while after the last user has done so, its thread ends and its descriptors are closed.
        func release() {
            let isLast = Self.running.withLock { running in
                running.users -= 1
                return running.users == 0
            }
            guard isLast else { return }
            state.withLock { state in
                state.idleUntil = SystemClock.monotonic &+ Self.linger
                // No timer has this handle: all that it does is to ring.
                state.agenda.push(state.idleUntil, 0)
                setAlarm(&state)
            }
        }

        /// Whether the thread is to end; the next one who needs a reactor starts another.
        private func ends(at now: Int64) -> Bool {
            guard state.withLock({ now >= $0.idleUntil }) else { return false }
            // Asked and decided under the same lock as in `acquire`: nobody gets a reactor that is about to end.
            return Self.running.withLock { running in
                guard running.users == 0 else { return false }
                running.reactor = nil
                return true
            }
        }

        /// Whether there is a thread.
        static var isRunning: Bool { running.withLock { $0.reactor != nil } }

        private let state: Lock<State>

        private init() throws(SystemError) {
            let epoll = try Descriptor(tracecore_epoll())
            let timer = try Descriptor(tracecore_timer())
            try SystemError.check(tracecore_watch(epoll.number, timer.number, 0, 0))
            state = Lock(State(epoll: epoll.take(), timer: timer.take()))
        }

        deinit { closeDescriptors() }

        private func closeDescriptors() {
            state.withLock { state in
                for number in [state.epoll, state.timer] where number >= 0 { _ = tracecore_close(number) }
                (state.epoll, state.timer) = (-1, -1)
            }
        }

        private func start() throws(SystemError) {
            // Retained for the thread, until that ends.
            let reactor = unsafe Unmanaged.passRetained(self)
            let result = unsafe tracecore_start_thread(
                { argument in
                    if let argument = unsafe argument {
                        unsafe Unmanaged<Reactor>.fromOpaque(argument).takeRetainedValue().loop()
                    }
                    return nil
                }, reactor.toOpaque())
            // Threads tell why there is none with the number itself, and not with its negation.
            guard result == 0 else {
                unsafe reactor.release()
                throw SystemError(number: result)
            }
        }

        var load: Load { state.withLock { Load(sources: $0.sources.count, timers: $0.timers.count) } }

        // MARK: - Sockets

        /// Takes in a source, whose sockets can be watched from then on.
        func add(_ source: any ReactorSource) -> Handle {
            state.withLock { state in
                let handle = state.newHandle()
                state.sources[handle] = source
                return handle
            }
        }

        /// Forgets a source; its sockets are forgotten by being closed.
        func remove(_ handle: Handle) { state.withLock { _ = $0.sources.removeValue(forKey: handle) } }

        /// Watches a socket until it is closed.
        func watch(
            _ socket: SystemSocket, for handle: Handle, slot: UInt32, isConnecting: Bool = false
        ) throws(SystemError) {
            try state.withLock { state throws(SystemError) in
                guard state.epoll >= 0 else { throw .invalid }
                try SystemError.check(
                    tracecore_watch(
                        state.epoll, socket.descriptor.number, UInt64(handle) << 32 | UInt64(slot),
                        isConnecting ? 1 : 0))
            }
        }

        /// Watches a descriptor until it is closed, and tells each change once.
        func watchChanges(_ number: Int32, for handle: Handle) throws(SystemError) {
            try state.withLock { state throws(SystemError) in
                guard state.epoll >= 0 else { throw .invalid }
                try SystemError.check(tracecore_watch_changes(state.epoll, number, UInt64(handle) << 32))
            }
        }

        // MARK: - Times

        /// Takes in a timer, which can be set from then on.
        func add(_ timer: any ReactorTimer) -> Handle {
            state.withLock { state in
                let handle = state.newHandle()
                state.timers[handle] = Timer(target: timer)
                return handle
            }
        }

        /// Forgets a timer.
        func remove(timer handle: Handle) { state.withLock { _ = $0.timers.removeValue(forKey: handle) } }

        /// Makes sure that a timer is called at a time; it may be called earlier too, if it was set so before.
        func call(_ handle: Handle, at time: Int64) {
            state.withLock { state in
                guard let set = state.timers[handle]?.at, time < set else { return }
                state.timers[handle]?.at = time
                state.agenda.push(time, handle)
                if state.agenda.count > 64 + 4 * state.timers.count {
                    let timers = state.timers
                    state.agenda.keep { timers[$0.handle]?.at == $0.at }
                }
                setAlarm(&state)
            }
        }

        private func setAlarm(_ state: inout State) {
            guard let first = state.agenda.first, first < state.alarm, state.timer >= 0 else { return }
            state.alarm = first
            // With many runs there is always somebody to wake. A millisecond later it is several at once.
            _ = tracecore_set_timer(state.timer, state.timers.count > 64 ? first &+ 1_000_000 : first)
        }

        private func ring(at now: Int64) {
            let due = state.withLock { state in
                tracecore_clear_timer(state.timer)
                var due: [any ReactorTimer] = []
                while let entry = state.agenda.pop(notAfter: now) {
                    guard let timer = state.timers[entry.handle], timer.at == entry.at else { continue }
                    state.timers[entry.handle]?.at = .max
                    due.append(timer.target)
                }
                state.alarm = .max
                setAlarm(&state)
                return due
            }
            for target in due { target.timeCame(now) }
        }

        // MARK: - The thread

        private func loop() {
            unsafe tracecore_name_thread("tracecore")
            defer { closeDescriptors() }
            let epoll = state.withLock { $0.epoll }
            let buffer = ReceiveBuffer()
            var events = Array(repeating: tracecore_event(), count: Int(TRACECORE_EVENTS))
            while true {
                let count = unsafe tracecore_wait(epoll, &events)
                // Nothing but a broken descriptor makes it fail, and no descriptor here is ever broken.
                precondition(count >= 0, "epoll_wait failed with \(-count)")
                for event in events.prefix(Int(count)) {
                    if event.key == 0 {
                        let now = SystemClock.monotonic
                        ring(at: now)
                        if ends(at: now) { return }
                        continue
                    }
                    let handle = Handle(truncatingIfNeeded: event.key >> 32)
                    guard let source = state.withLock({ $0.sources[handle] }) else { continue }
                    source.ready(
                        Event(
                            slot: UInt32(truncatingIfNeeded: event.key), isReadable: event.is_readable != 0,
                            isWritable: event.is_writable != 0, isError: event.is_error != 0), buffer)
                }
            }
        }
    }
#endif
