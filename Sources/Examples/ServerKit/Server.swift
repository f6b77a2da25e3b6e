internal import Glibc
public import TraceCore
public import TraceCoreCommandLine
public import TraceCoreHTTP

/// A server from its first socket to its last request: it listens, counts, writes its log, and does what signals and
/// systemd ask for.
@MainActor public struct Server {
    /// Whether others than this machine can reach it.
    public let isReachable: Bool
    /// Takes what happens to runs: it is counted, and written to the log.
    public let observer: @Sendable (ServiceEvent) -> Void

    private let name: String
    private let manager: ServiceManager
    private let listeners: [StreamListener]
    private let operatorListeners: [StreamListener]
    /// Where it listens, for people.
    private let places: [String]
    private let socket: String?
    private let proxies: [IPNetwork]
    private let log: LogWriter?
    private let logPath: String?
    private let logDescriptor: Int32
    private let format: AccessLog
    private let meters: Meters

    /// A server that listens, and answers nothing yet.
    ///
    /// - Parameters:
    ///   - name: The name of the program, for messages.
    ///   - usual: Where it listens if no option says it, and it is not where the options say.
    /// - Throws: Why it cannot listen, or cannot write its log.
    public init(
        _ name: String, _ options: ServerOptions, in parsed: ParsedArguments,
        usual: [Endpoint] = []
    ) throws {
        LiveProber.raiseDescriptorLimit()
        self.name = name
        socket = parsed[options.socket]
        proxies = parsed[options.proxies]
        manager = try ServiceManager()
        let handedOver = try manager.listeners()
        var endpoints = parsed[options.listen]
        if endpoints.isEmpty, handedOver.isEmpty, socket == nil {
            endpoints = usual.isEmpty ? [options.usual] : usual
        }
        // Behind a proxy it listens at this machine alone, and is for everybody.
        isReachable =
            !handedOver.isEmpty || socket != nil || !proxies.isEmpty || endpoints.contains { !$0.isLoopback }
        var listeners = handedOver
        var places = socket.map { ["\(UntrustedText($0))"] } ?? []
        for endpoint in endpoints {
            let listener = try StreamListener(at: endpoint.address, port: endpoint.port)
            places.append("http://\(Endpoint(endpoint.address, listener.port))/")
            listeners.append(listener)
        }
        if let socket { listeners.append(try StreamListener(atPath: socket)) }
        (self.listeners, self.places) = (listeners, places)
        operatorListeners =
            try parsed[options.metrics].map {
                [try StreamListener(at: $0.address, port: $0.port)]
            } ?? []

        logPath = parsed[options.log].flatMap { $0 == "-" ? nil : $0 }
        logDescriptor = try logPath.map(Self.openLog) ?? STDOUT_FILENO
        let log = parsed[options.log].map { [logDescriptor] _ in
            LogWriter(descriptor: logDescriptor) { Output.error.print("\(name): \($0)") }
        }
        let (format, meters) = (parsed[options.logFormat], Meters())
        (self.log, self.format, self.meters) = (log, format, meters)
        observer = { event in
            // What a crowd has used lies about in pieces, of which the system gets none by itself.
            if meters.note(event) {
                Task {
                    // Its connections end just after it.
                    try? await Task.sleep(for: .seconds(1))
                    _ = Self.giveMemoryBack?(0)
                }
            }
            if case .began = event { return }
            log?.write(format.line(for: event))
        }
    }

    /// glibc's `malloc_trim`, where that is the allocator.
    private nonisolated static let giveMemoryBack: (@convention(c) (Int) -> Int32)? = {
        dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self) }
    }()

    private static func openLog(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw ProbeError(
                .badInput, "The log \(UntrustedText(path).word) cannot be written: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// Opens the log anew under the descriptor that it has: somebody may have moved the file away.
    private func reopenLog() throws {
        guard let logPath else { return }
        let descriptor = try Self.openLog(logPath)
        if dup2(descriptor, logDescriptor) >= 0 { _ = fcntl(logDescriptor, F_SETFD, FD_CLOEXEC) }
        close(descriptor)
    }

    // MARK: Serving

    /// Serves until the system asks for the end; gives the exit code.
    ///
    /// - Parameters:
    ///   - metrics: Adds the program's own metrics.
    ///   - reload: Reads again what can be read again, on SIGHUP, and says what that was. Where it throws, all stays as it is.
    ///   - refusal: Why a call gets no answer, also about metrics; nil if it gets one.
    ///   - ending: Is told at once that the end is asked for: nothing that would go on for ever may go on.
    ///   - isPatient: Whether the program ends by itself soon after it is asked to. Asked for a second time, it gets ten seconds
    ///     then, to keep what it knows.
    ///   - stop: Ends what still runs when the time for it is nearly over, so that its answers become whole.
    ///   - isForThisMachine: Whether only this machine may ask: other names of the server than its own are refused then, which
    ///     a web site could give itself to read what its visitor's machine answers.
    ///   - prompt: Answers what it can at once.
    ///   - handler: Answers the rest of what is not about metrics or health.
    public func serve(
        metrics: @escaping @Sendable (inout Metrics) -> Void = { _ in },
        reload: @escaping @MainActor () throws -> String,
        refusal: @escaping @Sendable (HTTPCall) -> HTTPAnswer? = { _ in nil },
        ending: @escaping @Sendable () -> Void = {}, isPatient: Bool = false,
        stop: @escaping @Sendable () -> Void,
        isForThisMachine: Bool, prompt: @escaping HTTPServer.Prompt = { _ in nil },
        handler: @escaping HTTPServer.Handler
    ) async -> Int32 {
        var settings = HTTPServer.Settings()
        settings.proxies = proxies
        settings.limits.body = 65_536
        let (meters, log, format) = (meters, log, format)
        let connections = Lock<@Sendable () -> Int>({ 0 })
        let forOperators: @Sendable (HTTPCall) -> HTTPAnswer? = { call in
            switch call.request.target.segments {
            case ["metrics"]: meters.answer(call, connections: connections.withLock { $0 }(), metrics)
            case ["-", "healthy"]: HTTPAnswer(.ok, text: "healthy")
            case ["-", "ready"]: HTTPAnswer(.ok, text: "ready")
            default: nil
            }
        }
        let isShared = operatorListeners.isEmpty
        let server = HTTPServer(
            settings,
            observer: { record in
                meters.note(record)
                log?.write(format.line(for: record, at: .now))
            },
            prompt: { call in
                guard !isForThisMachine || Self.isOwnName(call.request.host) else {
                    return Self.guarded(
                        HTTPAnswer(
                            HTTPStatus(421),
                            text:
                                "This server is for its own machine, under the name localhost. Behind a proxy, start it with --proxy."
                        ))
                }
                let isRead = call.request.method == "GET" || call.request.method == "HEAD"
                let own = isShared && isRead ? forOperators(call) : nil
                // Whoever looks after the server sees that it is well, and no more.
                if call.request.target.segments.first != "-", let refusal = refusal(call) {
                    return Self.guarded(refusal)
                }
                return (own ?? prompt(call)).map(Self.guarded)
            },
            handler: { call in
                do {
                    return Self.guarded(try await handler(call))
                } catch let fault as HTTPFault {
                    return Self.guarded(Refusal(fault).answer)
                }
            })
        connections.withLock { $0 = { server.connections } }
        let operatorServer = HTTPServer { call in
            forOperators(call) ?? HTTPAnswer(.notFound, text: "There is nothing here.")
        }

        // Before anybody is told that it runs: a signal would end it otherwise.
        let signals = Signals(.terminate, .interrupt, besides: .hangUp, lastWords: { if isPatient { sleep(10) } })
        for place in places { Output.error.print("\(name): listening on \(place)") }

        async let served: Void = server.run(listeners)
        async let operated: Void = operatorServer.run(operatorListeners)
        manager.notify("READY=1")
        let watchdog = Task { [manager] in
            guard let interval = manager.watchdogInterval else { return }
            while !Task.isCancelled {
                manager.notify("WATCHDOG=1")
                try? await Task.sleep(for: interval)
            }
        }
        let watch = Task { @MainActor in
            for await signal in signals {
                guard signal != .hangUp else {
                    readAgain(reload)
                    continue
                }
                manager.notify("STOPPING=1")
                server.end(listeners)
                operatorServer.end(operatorListeners)
                ending()
                // What still runs then says what it knows, and ends as a whole answer.
                Task { [last = settings.grace - .seconds(1)] in
                    try? await Task.sleep(for: last)
                    stop()
                }
            }
        }
        _ = await (served, operated)
        if !isPatient { watch.cancel() }
        watchdog.cancel()
        if let socket { unlink(socket) }
        await log?.flush(within: .seconds(2))
        return 0
    }

    /// An answer that browsers take for what it is, and no more.
    private nonisolated static func guarded(_ answer: HTTPAnswer) -> HTTPAnswer {
        var answer = answer
        answer.fields.add(guards)
        return answer
    }

    private nonisolated static let guards = HTTPFields([
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    ])

    /// Whether a host is this machine, as it calls itself.
    private nonisolated static func isOwnName(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host.prefix { $0 != ":" }
        return name.lowercased() == "localhost" || IPAddress(String(name))?.range == .loopback
    }

    private func readAgain(_ reload: @MainActor () throws -> String) {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        manager.notify("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
        do {
            try reopenLog()
            Output.error.print("\(name): read \(try reload()) again")
        } catch {
            Output.error.print("\(name): all stays as it was: \(error)")
        }
        manager.notify("READY=1")
    }
}
