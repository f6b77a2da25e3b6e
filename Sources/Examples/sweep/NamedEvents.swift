import TraceCore

/// Passes events on in their order, each after the name of its target.
///
/// Many names are looked up at the same time, and the run goes on meanwhile; only so far that memory stays bounded.
@MainActor final class NamedEvents {
    private let resolver: any NameResolver
    private let isNeeded: ((ProbeEvent) -> Bool)?
    private let body: ([ProbeEvent]) throws -> Void
    private var waiting: [ProbeEvent] = []
    private var lookups: [IPAddress: Task<Void, Never>] = [:]
    private var found: [IPAddress: UntrustedText] = [:]
    private var asked: Set<IPAddress> = []
    private var failure: (any Error)?

    private static let lookupLimit = 64
    private static let eventLimit = 65536

    /// - Parameters:
    ///   - resolver: Finds addresses by name.
    ///   - isNeeded: Whether the name of its target is wanted for an event, or nil where no names are wanted.
    ///   - body: Takes the events and, before the first that needs it, each name.
    init(
        _ resolver: any NameResolver, isNeeded: ((ProbeEvent) -> Bool)?,
        _ body: @escaping ([ProbeEvent]) throws -> Void
    ) {
        self.resolver = resolver
        self.isNeeded = isNeeded
        self.body = body
    }

    /// Takes in the next events, and hands on what can be handed on now.
    func add(_ events: [ProbeEvent]) async throws {
        guard let isNeeded else { return try body(events) }
        for event in events {
            waiting.append(event)
            guard let target = event.probe?.target, isNeeded(event), asked.insert(target).inserted else { continue }
            switch resolver.known(target) {
            case .name(let name): found[target] = name
            case .none: break
            case .unknown:
                while lookups.count >= Self.lookupLimit, let first = lookups.first?.value { await first.value }
                lookUp(target)
            }
        }
        while waiting.count > Self.eventLimit, let target = waiting.first?.probe?.target {
            await lookups[target]?.value
            handOn()
        }
        handOn()
        if let failure { throw failure }
    }

    /// Hands on all that is left, once its names are there or the task is cancelled.
    func finish() async throws {
        while !Task.isCancelled, let lookup = lookups.first?.value { await lookup.value }
        for lookup in lookups.values { lookup.cancel() }
        lookups = [:]
        handOn()
        if let failure { throw failure }
    }

    private func lookUp(_ target: IPAddress) {
        lookups[target] = Task {
            let name = await resolver.name(of: target)
            guard lookups.removeValue(forKey: target) != nil else { return }
            found[target] = name
            handOn()
        }
    }

    private func handOn() {
        guard let isNeeded else { return }
        let count = waiting.firstIndex { event in
            guard let target = event.probe?.target, isNeeded(event) else { return false }
            return lookups[target] != nil
        }
        var ready: [ProbeEvent] = []
        for event in waiting[..<(count ?? waiting.count)] {
            if let target = event.probe?.target, isNeeded(event), let name = found.removeValue(forKey: target) {
                ready.append(ProbeEvent(at: event.at, .named(target, name)))
            }
            ready.append(event)
        }
        waiting.removeFirst(count ?? waiting.count)
        guard !ready.isEmpty, failure == nil else { return }
        do { try body(ready) } catch { failure = error }
    }
}
