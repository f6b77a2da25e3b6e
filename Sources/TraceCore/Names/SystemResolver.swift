/// Finds addresses and names as the system does for every program: by its hosts file, DNS, and whatever else it is set up
/// to ask.
///
/// Look-ups run in a few threads of their own, which are there only while something is looked up. Answers are known
/// for a while, and equal questions at the same time share one look-up. No caller waits longer than the settings say,
/// and none waits on when its task is cancelled, even where the system's own look-up hangs.
public final class SystemResolver: NameResolver {
    private typealias Waiter = CheckedContinuation<LookupAnswer, Never>

    /// The resolver that live probers share, with the usual settings.
    public static let shared = SystemResolver()

    /// How many look-ups are made at a time, and how long the answers hold.
    public let settings: SystemResolver.Settings

    private struct State {
        var desk: LookupDesk<Waiter>
        var lastNumber = 0
    }

    private let ask: @Sendable (LookupQuestion) -> LookupAnswer
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state: Lock<State>

    /// A resolver with threads and answers of its own.
    public convenience init(_ settings: SystemResolver.Settings = SystemResolver.Settings()) {
        self.init(settings, clock: ContinuousClock(), ask: SystemLookup.answer)
    }

    /// A resolver with another source of answers and another clock.
    ///
    /// - Parameter ask: Called in a thread of its own, and may take as long as it likes.
    init<C: Clock>(
        _ settings: SystemResolver.Settings, clock: C, ask: @escaping @Sendable (LookupQuestion) -> LookupAnswer
    ) where C.Duration == Duration {
        self.settings = settings
        self.ask = ask
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        state = Lock(State(desk: LookupDesk(settings: settings)))
    }

    /// The addresses of a host in the order of RFC 6724, link-local ones without an interface last; of an address,
    /// also one with an interface (`fe80::1%eth0`), the address itself.
    public func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        switch try HostText(name, zone: SystemLookup.interfaceIndex) {
        case .address(let address): return [address]
        case .name(let name):
            switch await answer(to: .addresses(of: name.lowercased())) {
            case .addresses(let addresses): return addresses
            case .failed(let error): throw error
            case .name, .none:
                throw ProbeError(
                    .unknownHost, "There is no host \(UntrustedText(name).debugDescription), or it has no address",
                    remedy: "See whether the name is spelled right")
            }
        }
    }

    /// The name of an address, or nil if it has none or none came in time.
    public func name(of address: IPAddress) async -> UntrustedText? {
        if case .name(let name) = await answer(to: .name(of: address)) { name } else { nil }
    }

    /// What is known about an address's name without a look-up.
    public func known(_ address: IPAddress) -> KnownName {
        switch state.withLock({ $0.desk.known(.name(of: address), at: now()) }) {
        case .name(let name): .name(name)
        case .some: .none
        case nil: .unknown
        }
    }

    /// The look-ups that are under way, and so the threads that there are.
    var running: Int { state.withLock { $0.desk.running } }
    /// The look-ups that wait for a thread.
    var queued: Int { state.withLock { $0.desk.queued } }

    private func answer(to question: LookupQuestion) async -> LookupAnswer {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        var alarm: Task<Void, Never>?
        defer { alarm?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                switch admit(waiter, number, question) {
                case .answered(let answer): waiter.resume(returning: answer)
                case .waits(let start):
                    alarm = Task { [weak self, sleep, limit = settings.timeLimit] in
                        guard (try? await sleep(limit)) != nil, let self else { return }
                        self.leave(question, number, because: self.tooLate(question))
                    }
                    if let start { begin(start) }
                }
            }
        } onCancel: {
            leave(question, number, because: Self.cancelled(question))
        }
    }

    private func admit(
        _ waiter: Waiter, _ number: Int, _ question: LookupQuestion
    ) -> LookupDesk<Waiter>.Admission {
        state.withLock { state in
            // Cancelled before the waiter was there.
            if Task.isCancelled { return .answered(.failed(Self.cancelled(question))) }
            return state.desk.ask(question, for: waiter, number: number, at: now())
        }
    }

    private func leave(_ question: LookupQuestion, _ number: Int, because error: ProbeError) {
        let waiter = state.withLock { $0.desk.leave(question, number: number) }
        waiter?.resume(returning: .failed(error))
    }

    /// Starts a thread that makes this look-up, and then those that wait.
    private func begin(_ question: LookupQuestion) {
        var next: LookupQuestion? = question
        while let question = next {
            do throws(ProbeError) {
                try LookupThread.start { [self] in work(question) }
                return
            } catch {
                next = finish(question, with: .failed(error))
            }
        }
    }

    private func work(_ question: LookupQuestion) {
        var next: LookupQuestion? = question
        while let question = next { next = finish(question, with: ask(question)) }
    }

    /// Gives the waiters their answer, and returns what the thread does next.
    private func finish(_ question: LookupQuestion, with answer: LookupAnswer) -> LookupQuestion? {
        let (waiters, next) = state.withLock { $0.desk.finish(question, with: answer, at: now()) }
        for waiter in waiters { waiter.resume(returning: answer) }
        return next
    }
}

extension SystemResolver {
    private func tooLate(_ question: LookupQuestion) -> ProbeError {
        ProbeError(
            .lookupFailed,
            "Looking up \(Self.text(question)) took more than \(settings.timeLimit.secondsText(decimals: 1)) s",
            remedy: "See whether this host is online and its name servers answer, or give an address")
    }

    private static func cancelled(_ question: LookupQuestion) -> ProbeError {
        ProbeError(.cancelled, "Looking up \(text(question)) was cancelled")
    }

    private static func text(_ question: LookupQuestion) -> String {
        switch question {
        case .addresses(let name): UntrustedText(name).debugDescription
        case .name(let address): "\(address)"
        }
    }
}
