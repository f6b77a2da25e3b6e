#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// A connection that bytes are read from and written to, on the reactor: nobody blocks a thread for it.
    ///
    /// One task reads at a time, and one writes.
    package final class ByteStream: ReactorSource, ReactorTimer, Sendable {
        /// Why nothing was read or written.
        package enum Failure: Error, Sendable, Hashable {
            /// The time was over.
            case late
            /// The other side has gone, or the stream was closed.
            case gone
        }

        private enum Direction { case reading, writing, leaving }

        private struct Waiter {
            let id: Int
            let until: Int64
            let continuation: CheckedContinuation<Bool, Never>
        }

        private struct State: ~Copyable {
            var descriptor: Descriptor?
            var handle: Reactor.Handle = 0
            var timer: Reactor.Handle = 0
            var isReadable = true
            var isWritable = true
            /// Whether the other side has sent its last byte.
            var hasLeft = false
            var waiters: [Direction: Waiter] = [:]
            var lastID = 0
        }

        private let state: Lock<State>
        private let reactor: Reactor

        init(_ descriptor: consuming Descriptor) throws(SystemError) {
            // The thread stays as long as there is a connection, whoever else has ended.
            reactor = try Reactor.acquire()
            state = Lock(State(descriptor: consume descriptor))
            let (handle, timer) = (reactor.add(self as any ReactorSource), reactor.add(self as any ReactorTimer))
            do throws(SystemError) {
                try state.withLock { state throws(SystemError) in
                    (state.handle, state.timer) = (handle, timer)
                    guard let number = state.descriptor?.number else { return }
                    try reactor.watchChanges(number, for: handle)
                }
            } catch {
                close()
                throw error
            }
        }

        /// The next bytes, as many as have come and at most so many; none at the end.
        ///
        /// - Throws: That they did not come in time, or that the connection has broken.
        package func read(atMost count: Int, until deadline: ContinuousClock.Instant? = nil) async throws(Failure)
            -> [UInt8]
        {
            while true {
                let result: (count: Int, bytes: [UInt8]) = state.withLock { state in
                    guard let number = state.descriptor?.number else { return (-1, []) }
                    state.isReadable = false
                    var got = 0
                    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                        got = unsafe tracecore_read_stream(number, buffer.baseAddress, count)
                        initialized = max(0, got)
                    }
                    if got > 0 { state.isReadable = true }
                    return (got, bytes)
                }
                if result.count >= 0 { return result.bytes }
                switch SystemError(number: Int32(-result.count)) {
                case .again: try await wait(.reading, until: deadline)
                case .interrupted: continue
                default: throw .gone
                }
            }
        }

        /// Writes all bytes.
        ///
        /// - Parameter patience: How long the other side may take none of them.
        /// - Throws: That it took none for so long, or that it has gone.
        package func write(_ bytes: [UInt8], patience: Duration? = nil) async throws(Failure) {
            var sent = 0
            while sent < bytes.count {
                let result = state.withLock { state -> Int in
                    guard let number = state.descriptor?.number else { return -1 }
                    state.isWritable = false
                    let count = unsafe bytes.withUnsafeBytes { buffer in
                        unsafe tracecore_write_stream(
                            number, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
                    }
                    if count > 0 { state.isWritable = true }
                    return count
                }
                if result > 0 {
                    sent += result
                    continue
                }
                switch SystemError(number: Int32(-result)) {
                case .again: try await wait(.writing, until: patience.map { .now + $0 })
                case .interrupted: continue
                default: throw .gone
                }
            }
        }

        /// Waits until the other side has gone, the stream is closed or the task cancelled.
        package func untilLeft() async {
            while !Task.isCancelled {
                let hasLeft = state.withLock { state in
                    guard let number = state.descriptor?.number else { return true }
                    // The end may have come with the last bytes, when these were not read yet.
                    if tracecore_has_left(number) != 0 { state.hasLeft = true }
                    return state.hasLeft
                }
                if hasLeft { return }
                try? await wait(.leaving, until: nil)
            }
        }

        /// Says that nothing more will be written; the other side then reads the end.
        package func finishWriting() {
            state.withLock { state in
                if let number = state.descriptor?.number { tracecore_finish_writing(number) }
            }
        }

        /// Closes the connection; who reads or writes finds it gone.
        package func close() {
            let waiting: [Waiter]? = state.withLock { state in
                guard state.descriptor != nil else { return nil }
                reactor.remove(state.handle)
                reactor.remove(timer: state.timer)
                state.descriptor = nil
                defer { state.waiters = [:] }
                return Array(state.waiters.values)
            }
            guard let waiting else { return }
            for waiter in waiting { waiter.continuation.resume(returning: true) }
            reactor.release()
        }

        deinit { close() }

        // MARK: Waiting

        /// Waits until something has changed.
        private func wait(_ direction: Direction, until deadline: ContinuousClock.Instant?) async throws(Failure) {
            let left = deadline.map { ContinuousClock.now.duration(to: $0) }
            let until = left.map { SystemClock.monotonic &+ $0.clampedNanoseconds } ?? .max
            let id = state.withLock { state in
                state.lastID += 1
                return state.lastID
            }
            let hasChanged = await withTaskCancellationHandler {
                await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                    let isOver: Bool? = state.withLock { state in
                        let isReady =
                            switch direction {
                            case .reading: state.isReadable
                            case .writing: state.isWritable
                            case .leaving: state.hasLeft
                            }
                        if isReady || state.descriptor == nil { return true }
                        if Task.isCancelled || left.map({ $0 <= .zero }) ?? false { return false }
                        state.waiters[direction] = Waiter(id: id, until: until, continuation: continuation)
                        return nil
                    }
                    if let isOver {
                        continuation.resume(returning: isOver)
                    } else if until < .max {
                        reactor.call(state.withLock { $0.timer }, at: until)
                    }
                }
            } onCancel: {
                take(direction, id)?.continuation.resume(returning: false)
            }
            guard hasChanged else { throw Task.isCancelled ? .gone : .late }
        }

        private func take(_ direction: Direction, _ id: Int) -> Waiter? {
            state.withLock { state in
                guard state.waiters[direction]?.id == id else { return nil }
                return state.waiters.removeValue(forKey: direction)
            }
        }

        // MARK: On the reactor's thread

        func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) {
            let woken: [Waiter] = state.withLock { state in
                guard let number = state.descriptor?.number else { return [] }
                var woken: [Waiter?] = []
                if event.isReadable || event.isError {
                    state.isReadable = true
                    woken.append(state.waiters.removeValue(forKey: .reading))
                    if !state.hasLeft, event.isError || tracecore_has_left(number) != 0 {
                        state.hasLeft = true
                        woken.append(state.waiters.removeValue(forKey: .leaving))
                    }
                }
                if event.isWritable || event.isError {
                    state.isWritable = true
                    woken.append(state.waiters.removeValue(forKey: .writing))
                }
                return woken.compactMap { $0 }
            }
            for waiter in woken { waiter.continuation.resume(returning: true) }
        }

        func timeCame(_ now: Int64) {
            let (late, next): ([Waiter], Int64?) = state.withLock { state in
                let late = state.waiters.filter { $0.value.until <= now }
                for direction in late.keys { state.waiters[direction] = nil }
                return (Array(late.values), state.waiters.values.map(\.until).min())
            }
            for waiter in late { waiter.continuation.resume(returning: false) }
            if let next, next < .max { reactor.call(state.withLock { $0.timer }, at: next) }
        }
    }

    /// Where connections come in.
    package final class StreamListener: ReactorSource, Sendable {
        /// A connection that came in.
        package struct Arrival: Sendable {
            /// The connection.
            package let stream: ByteStream
            /// Who made it, or nil where it came by a path.
            package let peer: IPAddress?
        }

        private struct State: ~Copyable {
            var descriptor: Descriptor?
            var handle: Reactor.Handle = 0
            var isReady = true
            var waiter: CheckedContinuation<Void, Never>?
        }

        private let state: Lock<State>
        private let reactor: Reactor
        /// The port that is listened at; 0 for a path.
        package let port: UInt16

        /// How many connections wait to be taken, at most.
        private static let backlog: Int32 = 4096

        /// Listens at an address; at any port that is free for port 0.
        package convenience init(at address: IPAddress, port: UInt16) throws(ProbeError) {
            var endpoint = tracecore_endpoint(address, port: port)
            let text = address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
            try self.init(unsafe tracecore_listen(&endpoint, Self.backlog), named: text)
        }

        /// Listens at a path.
        package convenience init(atPath path: String) throws(ProbeError) {
            let name = UntrustedText(path).word
            // A NUL would end the path early.
            guard !path.utf8.contains(0) else { throw ProbeError(.badSetting, "\(name) is no path") }
            try self.init(unsafe tracecore_listen_at(path, Self.backlog), named: name)
        }

        /// Listens at a socket that was handed over.
        package convenience init(adopting descriptor: Int32) throws(ProbeError) {
            let family = tracecore_adopt_listener(descriptor)
            try self.init(family < 0 ? family : descriptor, named: "descriptor \(descriptor)")
        }

        private init(_ result: Int32, named name: String) throws(ProbeError) {
            do throws(SystemError) {
                let descriptor = try Descriptor(result)
                var endpoint = tracecore_endpoint()
                port =
                    unsafe tracecore_local_endpoint(descriptor.number, &endpoint) == 0 && endpoint.family != 0
                    ? endpoint.port : 0
                reactor = try Reactor.acquire()
                state = Lock(State(descriptor: consume descriptor))
            } catch {
                throw error.listening(at: name)
            }
            let handle = reactor.add(self as any ReactorSource)
            do throws(SystemError) {
                try state.withLock { state throws(SystemError) in
                    state.handle = handle
                    guard let number = state.descriptor?.number else { return }
                    try reactor.watchChanges(number, for: handle)
                }
            } catch {
                throw error.listening(at: name)
            }
        }

        /// The next connection, or nil once the listener is closed or the task cancelled.
        ///
        /// - Throws: That there are no descriptors left for another connection.
        package func next() async throws(ProbeError) -> Arrival? {
            while !Task.isCancelled {
                var peer = tracecore_endpoint()
                let result: Int32? = state.withLock { state in
                    guard let number = state.descriptor?.number else { return nil }
                    state.isReady = false
                    let result = unsafe tracecore_accept(number, &peer)
                    if result >= 0 { state.isReady = true }
                    return result
                }
                guard let result else { return nil }
                do throws(SystemError) {
                    return Arrival(stream: try ByteStream(try Descriptor(result)), peer: IPAddress(peer))
                } catch {
                    if error == .again {
                        await wait()
                    } else if error == .noDescriptors || error == .noDescriptorsForAnybody || error == .noBuffers {
                        throw error.opening("a connection")
                    }
                    // Else it was gone before it was taken.
                }
            }
            return nil
        }

        private func wait() async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOver = state.withLock { state in
                        if state.isReady || state.descriptor == nil || Task.isCancelled { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isOver { continuation.resume() }
                }
            } onCancel: {
                wake()
            }
        }

        private func wake(isReady: Bool = false) {
            state.withLock { state in
                if isReady { state.isReady = true }
                defer { state.waiter = nil }
                return state.waiter
            }?.resume()
        }

        func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) { wake(isReady: true) }

        /// Listens no more; connections that were taken go on.
        package func close() {
            let wasOpen = state.withLock { state in
                guard state.descriptor != nil else { return false }
                reactor.remove(state.handle)
                state.descriptor = nil
                return true
            }
            wake()
            if wasOpen { reactor.release() }
        }

        deinit { close() }
    }

    extension SystemError {
        /// The error of a place that cannot be listened at.
        fileprivate func listening(at name: String) -> ProbeError {
            let remedy: String? =
                switch number {
                case EADDRINUSE: "Another program listens there: end it, or listen at another port"
                case EACCES, EPERM: "Ports below 1024 and some folders are for privileged users: take another one"
                case EADDRNOTAVAIL: "The address is not one of this machine"
                default: nil
                }
            return ProbeError(.badSetting, "Cannot listen at \(name): \(reason)", remedy: remedy, systemError: number)
        }
    }

    extension Duration {
        /// Whole nanoseconds that a clock's number has room for.
        fileprivate var clampedNanoseconds: Int64 {
            let (seconds, attoseconds) = components
            let (product, isTooMuch) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            return isTooMuch ? seconds < 0 ? 0 : .max / 4 : min(product &+ attoseconds / 1_000_000_000, .max / 4)
        }
    }
#endif
