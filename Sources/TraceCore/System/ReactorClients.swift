/// The owner of sockets that the reactor watches; called on the reactor's thread.
protocol ReactorSource: AnyObject, Sendable {
    /// Something happened to the socket that was watched under a slot.
    func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer)
}

/// The owner of a timer; called on the reactor's thread.
protocol ReactorTimer: AnyObject, Sendable {
    /// The time has come, or may have: the timer looks at the clock.
    func timeCame(_ now: Int64)
}

extension Reactor {
    /// Names a source or a timer to the reactor.
    typealias Handle = UInt32

    /// What happened to a socket.
    struct Event {
        /// What the socket was watched under.
        let slot: UInt32
        let isReadable: Bool
        let isWritable: Bool
        let isError: Bool
    }

    /// How much is being waited for.
    struct Load: Hashable {
        var sources: Int
        var timers: Int
    }
}

/// The place of a source in the reactor, taken when its first socket is to be watched.
final class ReactorSeat: Sendable {
    let reactor: Reactor
    private let handle = Lock<Reactor.Handle>(0)

    init(in reactor: Reactor) { self.reactor = reactor }

    /// Whether it is taken.
    var isTaken: Bool { handle.withLock { $0 != 0 } }

    /// Watches a socket of a source until it is closed.
    func watch(_ socket: SystemSocket, of source: some ReactorSource, slot: UInt32) throws(SystemError) {
        let handle = handle.withLock { handle in
            if handle == 0 { handle = reactor.add(source) }
            return handle
        }
        try reactor.watch(socket, for: handle, slot: slot)
    }

    /// Leaves the reactor.
    func leave() { reactor.remove(handle.withLock { $0 }) }
}
