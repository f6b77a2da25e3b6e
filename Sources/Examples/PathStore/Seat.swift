internal import TraceCore

/// Where a connection is used: on a thread of its own, by one after the other.
actor Seat<Session: StoreReader> {
    // What waits for a disk must not hold up a thread that all tasks share.
    private let thread: WorkThreads
    nonisolated let unownedExecutor: UnownedSerialExecutor
    private let path: String
    private var session: Session?

    /// - Parameter isPatient: Whether what is done there gives way to everything else.
    init(_ path: String, isPatient: Bool = false) throws(StoreError) {
        do { thread = try WorkThreads.one(givesWay: isPatient) } catch {
            throw StoreError(.other, path, error.message, remedy: error.remedy)
        }
        unownedExecutor = thread.asUnownedSerialExecutor()
        self.path = path
    }

    /// Begins to use a connection.
    func open(_ make: @Sendable () throws(StoreError) -> Session) throws(StoreError) { session = try make() }

    /// Calls the body with the connection, on the thread.
    func perform<Value: Sendable>(_ body: @Sendable (Session) throws(StoreError) -> Value) throws(StoreError) -> Value {
        guard let session else { throw StoreError(.closed, path, "The store is closed") }
        return try body(session)
    }

    /// Calls the body with the connection, on the thread, and with all that it reads as it is at one moment.
    func read<Value: Sendable>(_ body: @Sendable (Session) throws(StoreError) -> Value) throws(StoreError) -> Value {
        try perform { (session) throws(StoreError) in
            try session.snapshot { () throws(StoreError) in try body(session) }
        }
    }

    /// The same with the connection of another seat. The caller goes on by way of this thread, and not of that one, which may
    /// give way: a thread that it wakes for the caller would give way like it.
    func read<Value: Sendable>(
        on other: Seat, _ body: @Sendable (Session) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value { try await other.read(body) }

    /// Closes the connection.
    func close() { session = nil }
}
