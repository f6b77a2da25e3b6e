internal import TraceCore
public import TraceCoreHTTP
public import TraceCorePages

extension HTTPAnswer {
    /// A page, which nobody keeps.
    ///
    /// - Parameter sites: The sites that may show it within theirs, as in CSP.
    public init(_ page: WebPage, framedBy sites: String, _ status: HTTPStatus = .ok) {
        self.init(
            status,
            HTTPFields([
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
                "Content-Security-Policy": WebPage.securityPolicy(framedBy: sites),
            ]), body: .bytes(page.bytes))
    }

    /// A file that pages need.
    public init(asset name: String, for call: HTTPCall) {
        guard let asset = Asset.all.first(where: { $0.name == name }) else {
            self.init(.notFound, text: "There is nothing here.")
            return
        }
        let isKnown = call.request.fields.first("if-none-match") == "\"\(name)\""
        self.init(
            isKnown ? HTTPStatus(304) : .ok,
            HTTPFields([
                "Content-Type": asset.type, "Cache-Control": "public, max-age=31536000, immutable",
                "ETag": "\"\(name)\"",
            ]), body: .bytes(isKnown ? [] : asset.bytes))
    }

    /// Patches for a page, a line each.
    public init(patches: [Patch]) { self.init(.ok, Self.patchFields, body: .bytes(Self.lines(patches))) }

    /// Patches for a page while something happens: a few pictures a second, however much changes.
    ///
    /// - Parameters:
    ///   - first: What the page shows before it begins.
    ///   - patches: What has changed since it was asked the last time.
    ///   - work: What happens. It calls its argument whenever something has changed, and ends when the client leaves.
    public init(
        first: [Patch], patches: @escaping @Sendable () -> [Patch],
        while work: @escaping @Sendable (_ onChange: @escaping @Sendable () -> Void) async -> Void
    ) {
        self.init(
            .ok, Self.patchFields,
            body: .stream { writer in
                let (changes, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                @Sendable func show() async throws {
                    let patches = patches()
                    if !patches.isEmpty { try await writer.write(Self.lines(patches)) }
                }
                try await writer.write(Self.lines(first))
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        await work { signal.yield() }
                        signal.finish()
                    }
                    for await _ in changes {
                        try await show()
                        try await Task.sleep(for: .milliseconds(120))
                    }
                    try await show()
                    try await group.waitForAll()
                }
            })
    }

    fileprivate static let patchFields = HTTPFields([
        "Content-Type": "application/x-ndjson", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
    ])

    fileprivate static func lines(_ patches: [Patch]) -> [UInt8] {
        patches.flatMap { ((try? JSON.encode($0)) ?? []) + [0x0A] }
    }
}

/// Answers for pages that show what goes on: they have no end of their own.
package final class LivePages: Sendable {
    private struct State {
        var isOver = false
        var tasks: [Int: Task<Void, any Error>] = [:]
        var last = 0
    }

    private let state = Lock(State())

    /// No page is shown yet.
    package init() {}

    /// Ends all of them at once, as whole answers.
    ///
    /// - Parameter forGood: Whether those that are asked for later end at once, too.
    package func end(forGood: Bool = true) {
        let tasks = state.withLock { state in
            state.isOver = forGood
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    /// Patches for a page: a tree of parts that is made anew every while, of which what differs is sent.
    package func answer(every period: Duration, _ tree: @escaping @Sendable () async -> [Part]) -> HTTPAnswer {
        HTTPAnswer(
            .ok, HTTPAnswer.patchFields,
            body: .stream { writer in
                let task = Task {
                    var last: [String: Part] = [:]
                    while !Task.isCancelled {
                        var patches: [Patch] = []
                        for part in await tree() {
                            patches += part.patches(since: last[part.id])
                            last[part.id] = part
                        }
                        // An empty line says that the server is there.
                        try await writer.write(patches.isEmpty ? [0x0A] : HTTPAnswer.lines(patches))
                        try await Task.sleep(for: period)
                    }
                }
                let id = self.add(task)
                defer { self.remove(id) }
                do {
                    try await withTaskCancellationHandler {
                        try await task.value
                    } onCancel: {
                        task.cancel()
                    }
                } catch is CancellationError {
                    // The end of the server is the end of the page. The client that leaves has gone already.
                }
            })
    }

    private func add(_ task: Task<Void, any Error>) -> Int {
        let (id, isOver) = state.withLock { state in
            state.last += 1
            state.tasks[state.last] = task
            return (state.last, state.isOver)
        }
        if isOver { task.cancel() }
        return id
    }

    private func remove(_ id: Int) { state.withLock { $0.tasks[id] = nil } }
}

extension HTTPCall {
    /// Whether a browser sends it for a page of another site. What is no browser does not say where it comes from.
    ///
    /// - Parameter address: Where this server is found, if that is known.
    package func isFromElsewhere(orFrom address: String? = nil) -> Bool {
        let fields = request.fields
        if let site = fields.first("sec-fetch-site") { return site != "same-origin" && site != "none" }
        guard let origin = fields.first("origin") else { return false }
        let own = ["http://\(request.host)", "https://\(request.host)"]
        return !own.contains(origin) && !(address.map { $0 == origin || $0.hasPrefix(origin + "/") } ?? false)
    }
}
