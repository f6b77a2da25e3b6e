@testable import TraceCore

/// A prober whose names are found by somebody else.
struct NamedProber<Base: Prober>: Prober {
    let base: Base
    let resolver: any NameResolver

    func open(_ settings: ChannelSettings) async throws(ProbeError) -> any ProbeChannel {
        try await base.open(settings)
    }
}

/// Is asked and never answers, nor listens when its task is cancelled.
final class DeafResolver: NameResolver {
    private struct State {
        var waiters: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    func known(_ address: IPAddress) -> KnownName { .unknown }

    func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        await withCheckedContinuation { waiter in
            let watchers = state.withLock { state in
                defer { state.watchers = [] }
                state.waiters.append(waiter)
                return state.watchers
            }
            for watcher in watchers { watcher.resume() }
        }
        return []
    }

    func name(of address: IPAddress) async -> UntrustedText? { nil }

    /// Waits until somebody has asked.
    func asked() async {
        await withCheckedContinuation { watcher in
            let isAsked = state.withLock { state in
                if state.waiters.isEmpty { state.watchers.append(watcher) }
                return !state.waiters.isEmpty
            }
            if isAsked { watcher.resume() }
        }
    }

    func wake() {
        for waiter in state.withLock({ $0.waiters }) { waiter.resume() }
    }
}
