import Foundation
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP

/// The server from its first socket to its last request.
@MainActor struct Running {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    /// Serves until the system asks for the end.
    func serve() async throws -> Int32 {
        LiveProber.raiseDescriptorLimit()
        let manager = try ServiceManager()
        let handedOver = try manager.listeners()
        var endpoints = settings.endpoints
        if endpoints.isEmpty, handedOver.isEmpty, settings.socket == nil {
            endpoints = [Endpoint("127.0.0.1:8080")].compactMap(\.self)
        }
        let isReachable = !handedOver.isEmpty || settings.socket != nil || endpoints.contains { !$0.isLoopback }
        var listeners = handedOver
        for endpoint in endpoints {
            let listener = try StreamListener(at: endpoint.address, port: endpoint.port)
            let place = Endpoint(endpoint.address, listener.port)
            Output.error.print("lookingglass: listening on http://\(place)/")
            listeners.append(listener)
        }
        if let socket = settings.socket { listeners.append(try StreamListener(atPath: socket)) }
        let operatorListener = try settings.metricsListener.map { try StreamListener(at: $0.address, port: $0.port) }

        let log = try log()
        let meters = Meters()
        let format = settings.logFormat
        let observer: @Sendable (ServiceEvent) -> Void = { event in
            meters.note(event)
            if case .began = event { return }
            log?.write(format.line(for: event))
        }
        let count = Lock<@Sendable () -> Int>({ 0 })
        let glass = LookingGlass(
            settings, try settings.setup(isReachable: isReachable, observer: observer), meters: meters,
            connections: { count.withLock { $0 }() })
        var http = HTTPServer.Settings()
        http.proxies = settings.proxies
        http.limits.body = 65_536
        let server = HTTPServer(
            http,
            observer: { record in
                meters.note(record)
                log?.write(format.line(for: record, at: .now))
            }, handler: { call in try await glass.answer(call) })
        count.withLock { $0 = { server.connections } }
        let operatorServer = HTTPServer { call in try await glass.answerForOperators(call) }

        if let socket = settings.socket { Output.error.print("lookingglass: listening on \(UntrustedText(socket))") }
        if let warning = glass.setup.tokens?.warning { Output.error.print("lookingglass: \(warning)") }

        async let served: Void = server.run(listeners)
        async let operated: Void = operatorServer.run(operatorListener.map { [$0] } ?? [])
        manager.notify("READY=1")
        let watchdog = Task {
            guard let interval = manager.watchdogInterval else { return }
            while !Task.isCancelled {
                manager.notify("WATCHDOG=1")
                try? await Task.sleep(for: interval)
            }
        }
        let watch = Task { @MainActor in
            var isEnding = false
            for await signal in Signals(.terminate, .interrupt, .hangUp) {
                guard signal != .hangUp else {
                    reload(glass, isReachable: isReachable, manager, observer)
                    continue
                }
                // Who asks twice does not want to wait.
                if isEnding { exit(1) }
                isEnding = true
                manager.notify("STOPPING=1")
                server.end(listeners)
                operatorServer.end(operatorListener.map { [$0] } ?? [])
                // What still runs then says what it knows, and ends as a whole answer.
                Task { [service = glass.setup.service, last = http.grace - .seconds(1)] in
                    try? await Task.sleep(for: last)
                    service.shutdown()
                }
            }
        }
        _ = await (served, operated)
        watch.cancel()
        watchdog.cancel()
        if let socket = settings.socket { unlink(socket) }
        await log?.flush(within: .seconds(2))
        return 0
    }

    /// Reads again what can be read again. Where that fails, all stays as it is.
    private func reload(
        _ glass: LookingGlass, isReachable: Bool, _ manager: ServiceManager,
        _ observer: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        manager.notify("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
        do {
            glass.replace(try settings.setup(isReachable: isReachable, observer: observer))
            Output.error.print("lookingglass: read tokens, vantage points and databases again")
        } catch {
            Output.error.print("lookingglass: all stays as it was: \(error)")
        }
        manager.notify("READY=1")
    }

    private func log() throws -> LogWriter? {
        guard let path = settings.logPath else { return nil }
        let complain: @Sendable (String) -> Void = { Output.error.print("lookingglass: \($0)") }
        if path == "-" { return LogWriter(descriptor: STDOUT_FILENO, complain: complain) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw ProbeError(
                .badInput, "The log \(UntrustedText(path).word) cannot be written: \(String(cString: strerror(errno)))")
        }
        return LogWriter(descriptor: descriptor, complain: complain)
    }
}
