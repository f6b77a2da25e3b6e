internal import GeoKit
package import TraceCore
package import TraceCorePathStore

/// Takes jobs, runs one after the other, and keeps what they came to. What waits is kept, too: after a restart it goes on.
package final class CloudDesk: Sendable {
    /// A benchmark that somebody asked for.
    package struct Job: Sendable, Hashable, Codable {
        package let id: String
        package let asked: UTCTime
        /// Codes; none for all.
        package var providers: [String]
        package var continents: [String]
        package var rounds: Int
        /// How many of the best are traced; nil for all.
        package var paths: Int?
        /// The vantage points, `here` being this machine; nil for this machine alone.
        package var from: [String]?

        package init(
            id: String? = nil, asked: UTCTime, providers: [String] = [], continents: [String] = [], rounds: Int = 10,
            paths: Int? = 10, from: [String]? = nil
        ) {
            self.id = id ?? StoredRun.newName()
            (self.asked, self.providers, self.continents) = (asked, providers, continents)
            (self.rounds, self.paths, self.from) = (rounds, paths, from)
        }

        /// What is asked, in words.
        package var text: String {
            let who = providers.isEmpty ? "all providers" : providers.joined(separator: ", ")
            let place = from.map { " from \($0.joined(separator: ", "))" } ?? ""
            return
                "\(who)\(continents.isEmpty ? "" : " in \(continents.joined(separator: ", "))")\(place), \(rounds) rounds"
        }
    }

    /// The run that goes on.
    package struct Current: Sendable {
        package let job: Job
        package var fold = CloudMatrix.Fold()
        /// What happened last, newest first.
        package var log: [String] = []
    }

    private struct State {
        var queue: [Job] = []
        var current: Current?
        var cancelled: Set<String> = []
        var cancel: (@Sendable () -> Void)?
        /// Results that could not be kept.
        var unkept: [StoredRun] = []
    }

    /// How many may wait.
    package static let most = 20

    package let store: PathStore
    package let catalogue: CloudCatalogue
    private let makeRuns: @Sendable (Job) -> CloudRuns
    private let say: @Sendable (String) -> Void
    private let state = Lock(State())
    private let wake: AsyncStream<Void>.Continuation
    private let wakes: AsyncStream<Void>

    /// A desk.
    ///
    /// - Parameters:
    ///   - runs: Makes the run of a job, from each of its vantage points.
    ///   - say: Takes what the operator has to know.
    package init(
        store: PathStore, catalogue: CloudCatalogue, runs: @escaping @Sendable (Job) -> CloudRuns,
        say: @escaping @Sendable (String) -> Void
    ) {
        (self.store, self.catalogue, makeRuns, self.say) = (store, catalogue, runs, say)
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    private static let key = "cloud.queue"

    /// Reads what waited when the program ended.
    package func begin() async throws {
        guard let bytes = try await store.read({ (reader) throws(StoreError) in try reader.state(Self.key) }) else {
            return
        }
        guard let queue = try? JSON.decode([Job].self, from: bytes) else {
            return say("what waited cannot be read, and is left out")
        }
        state.withLock { $0.queue = queue }
        if !queue.isEmpty { say("\(queue.count) \(queue.count == 1 ? "run" : "runs") waited, and go on") }
        wake.yield()
    }

    /// The run that goes on, and the jobs that wait, the first one being that run's.
    package var present: (current: Current?, waiting: [Job]) { state.withLock { ($0.current, $0.queue) } }
    /// Results that could not be kept, the newest last.
    package var unkept: [StoredRun] { state.withLock { $0.unkept } }

    /// Lets a job wait in line; whether there is room. It is acknowledged when it is kept.
    package func ask(_ job: Job) async throws -> Bool {
        let queue: [Job]? = state.withLock { state in
            guard state.queue.count < Self.most else { return nil }
            state.queue.append(job)
            return state.queue
        }
        guard let queue else { return false }
        do {
            try await keep(queue)
        } catch {
            state.withLock { $0.queue.removeAll { $0.id == job.id } }
            throw error
        }
        wake.yield()
        return true
    }

    private func keep(_ queue: [Job]) async throws {
        let bytes = try JSON.encode(queue)
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.setState(Self.key, to: bytes) }
    }

    /// Ends a run, which keeps what it knows, or takes it out of the line; whether it was there.
    package func cancel(_ id: String) async throws -> Bool {
        let (isThere, queue): (Bool, [Job]?) = state.withLock { state in
            guard state.queue.contains(where: { $0.id == id }) else { return (false, nil) }
            state.cancelled.insert(id)
            if state.current?.job.id == id {
                state.cancel?()
                return (true, nil)
            }
            state.queue.removeAll { $0.id == id }
            return (true, state.queue)
        }
        if let queue { try await keep(queue) }
        return isThere
    }

    /// Runs what waits, until the task is cancelled. A run that goes on then waits again when the program starts anew.
    package func work() async {
        for await _ in wakes {
            while !Task.isCancelled, let job = state.withLock({ $0.queue.first }) { await run(job) }
        }
    }

    private func run(_ job: Job) async {
        let events = makeRuns(job).events()
        state.withLock { $0.current = Current(job: job) }
        let reading = Task {
            for await event in events { self.take(event) }
        }
        state.withLock { state in
            state.cancel = { reading.cancel() }
            if state.cancelled.contains(job.id) { reading.cancel() }
        }
        await withTaskCancellationHandler {
            await reading.value
        } onCancel: {
            reading.cancel()
        }
        // The end of the program is not the end of the job.
        if Task.isCancelled { return }
        let (matrix, queue) = state.withLock { state -> (CloudMatrix?, [Job]) in
            state.current?.fold.end("cancelled")
            state.queue.removeAll { $0.id == job.id }
            return (state.current?.fold.matrix(), state.queue)
        }
        await keep(matrix, of: job, queue)
        state.withLock { state in
            state.current = nil
            state.cancel = nil
            state.cancelled.remove(job.id)
        }
    }

    private func take(_ event: CloudEvent) {
        state.withLock { state in
            state.current?.fold.apply(event)
            guard let line = event.line else { return }
            state.current?.log.insert(line, at: 0)
            if state.current?.log.count ?? 0 > 40 { state.current?.log.removeLast() }
        }
    }

    private func keep(_ matrix: CloudMatrix?, of job: Job, _ queue: [Job]) async {
        guard let matrix, let text = try? matrix.json(), let line = try? JSON.encode(queue) else { return }
        let ranked = matrix.all
        let best = ranked.first.map { "; best is \($0.id) with \(CloudText.number($0.medianMs)) ms" }
        let run = StoredRun(
            id: job.id, verb: "cloud", target: "\(job.text): \(ranked.count) ranked\(best ?? "")", method: "icmp, tcp",
            created: matrix.reports.first?.run.startedAt ?? job.asked, report: Array(text.utf8))
        let runs = state.withLock { $0.unkept } + [run]
        do throws(StoreError) {
            try await store.write(.promised) { (writer) throws(StoreError) in
                for run in runs { try writer.insert(run) }
                try writer.setState(Self.key, to: line)
            }
            state.withLock { $0.unkept = [] }
        } catch {
            say("what run \(job.id) came to cannot be kept: \(error)")
            // It can be seen until the program ends, and is kept with the next one.
            state.withLock { $0.unkept = runs.suffix(5) }
        }
    }
}

extension CloudEvent {
    /// What is worth a line in a log; round trips are not.
    fileprivate var line: String? {
        let text: String? =
            switch fact {
            case .began(let run): "begins with \(run.regions.count) regions"
            case .step(let step): step.words
            case .obstacle(_, .noHost, _): nil
            case .obstacle(let id, _, let reason): "\(id): \(reason)"
            case .traced(let id, let path): "\(id): \(path.trace.hops.count) hops"
            case .ended(let reason): reason.map { "ended: \($0)" } ?? "done"
            case .resolved, .method, .round: nil
            }
        return text.map { text in from.map { "\($0): \(text)" } ?? text }
    }
}
