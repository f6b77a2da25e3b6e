internal import CTraceCoreCurl
internal import TraceCore

/// One thread that moves all transfers of a client, while there are any.
final class CurlEngine: Sendable {
    typealias Failure = HTTPClient.Failure

    /// The functions of libcurl.
    // They are set before anybody sees them, and the library is never unloaded.
    struct Library: @unchecked Sendable {
        fileprivate let functions: UnsafePointer<tracecore_curl>

        /// Looks for a library by its names, in their order.
        static func load(_ names: [String]) -> Result<Library, Failure> {
            let functions = UnsafeMutablePointer<tracecore_curl>.allocate(capacity: 1)
            functions.initialize(to: tracecore_curl())
            let results = names.lazy.map { tracecore_curl_load($0, functions) }
            let result = results.first { $0 != TRACECORE_CURL_MISSING } ?? TRACECORE_CURL_MISSING
            if result == 0 { return .success(Library(functions: functions)) }
            functions.deallocate()
            return .failure(
                Failure(
                    .missingLibrary,
                    result == TRACECORE_CURL_OLD
                        ? "The libcurl of this machine is older than 7.68" : "libcurl is not on this machine",
                    remedy:
                        "Install it: the package libcurl4 of Debian and Ubuntu (libcurl4t64 in newer ones), else libcurl"
                ))
        }
    }

    /// What the threads are asked.
    enum Order: Sendable {
        case begin(HTTPTransfer), resume(HTTPTransfer), end(HTTPTransfer)
    }

    // Other threads call nothing with it but `wakeup`, which any thread may call.
    private struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private struct State {
        /// There while the thread runs.
        var multi: Multi?
        var orders: [Order] = []
    }

    /// libcurl, loaded once a process.
    static let library = Library.load(["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"])

    private let library: Library
    private let state = Lock(State())

    init(_ library: Library) { self.library = library }

    private var curl: UnsafePointer<tracecore_curl> { library.functions }

    /// Asks the thread for something, and starts it for a first transfer.
    func order(_ order: Order) {
        let isRefused = state.withLock { state in
            if let multi = state.multi {
                state.orders.append(order)
                _ = curl.pointee.multi_wakeup(multi.pointer)
                return false
            }
            // Without a thread there is nothing to resume or to end.
            guard case .begin = order else { return false }
            guard let pointer = curl.pointee.multi_init() else { return true }
            (state.multi, state.orders) = (Multi(pointer: pointer), [order])
            let this = Unmanaged.passRetained(self)
            let result = tracecore_curl_start(
                { this in
                    guard let this else { return nil }
                    Unmanaged<CurlEngine>.fromOpaque(this).takeRetainedValue().run()
                    return nil
                }, this.toOpaque())
            guard result != 0 else { return false }
            this.release()
            _ = curl.pointee.multi_cleanup(pointer)
            (state.multi, state.orders) = (nil, [])
            return true
        }
        guard isRefused, case .begin(let transfer) = order else { return }
        transfer.finish(Failure(.other, "There is no memory for a request to \(transfer.place)"))
    }

    // MARK: On the thread

    /// A transfer that runs, with what has to be freed behind it.
    private struct Running {
        let transfer: HTTPTransfer
        let easy: UnsafeMutableRawPointer
        let error: UnsafeMutablePointer<CChar>
        var fields: UnsafeMutableRawPointer?
        var places: UnsafeMutableRawPointer?
        /// How much of the request's body had gone when that was last looked at.
        var sent: Int64 = -1
    }

    private func run() {
        guard let multi = state.withLock({ $0.multi })?.pointer else { return }
        var running: [ObjectIdentifier: Running] = [:]
        var nextCheck = ContinuousClock.now
        while true {
            let isIdle = running.isEmpty
            let orders: [Order]? = state.withLock { state in
                if isIdle, state.orders.isEmpty {
                    state.multi = nil
                    return nil
                }
                defer { state.orders = [] }
                return state.orders
            }
            guard let orders else { break }
            for order in orders {
                switch order {
                case .begin(let transfer): running[ObjectIdentifier(transfer)] = begin(transfer, multi)
                case .resume(let transfer):
                    if let easy = running[ObjectIdentifier(transfer)]?.easy { _ = curl.pointee.easy_pause(easy, 0) }
                case .end(let transfer): free(running.removeValue(forKey: ObjectIdentifier(transfer)), multi)
                }
            }
            if !orders.isEmpty { nextCheck = .now }
            var left: Int32 = 0
            _ = curl.pointee.multi_perform(multi, &left)
            var code: Int32 = 0
            while let easy = tracecore_curl_ended(curl, multi, &code) {
                guard let (key, ended) = running.first(where: { $0.value.easy == easy }) else { continue }
                ended.transfer.finish(code == 0 ? nil : failure(code, ended))
                free(running.removeValue(forKey: key), multi)
            }
            if nextCheck <= .now { nextCheck = endStalled(&running, multi) }
            let pause = max(.zero, ContinuousClock.now.duration(to: nextCheck))
            _ = curl.pointee.multi_poll(multi, nil, 0, running.isEmpty ? 0 : Int32(clamping: pause.curlTime), nil)
        }
        _ = curl.pointee.multi_cleanup(multi)
    }

    private func begin(_ transfer: HTTPTransfer, _ multi: UnsafeMutableRawPointer) -> Running? {
        guard let easy = curl.pointee.easy_init() else {
            transfer.finish(Failure(.other, "There is no memory for a request to \(transfer.place)"))
            return nil
        }
        let error = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
        error.initialize(repeating: 0, count: 256)
        var running = Running(transfer: transfer, easy: easy, error: error)
        for line in transfer.request.lines { running.fields = curl.pointee.slist_append(running.fields, line) }
        if let address = transfer.request.address {
            // For every host and port of the request (there is one), this host and the same port.
            running.places = curl.pointee.slist_append(
                nil, address.isV6 ? "::[\(address)]:" : "::\(address):")
        }
        var code = set(running)
        if code == 0 { code = curl.pointee.multi_add_handle(multi, easy) == 0 ? 0 : 27 }
        guard code == 0 else {
            transfer.finish(failure(code, running))
            free(running, multi)
            return nil
        }
        transfer.touch()
        return running
    }

    private func set(_ running: Running) -> Int32 {
        let request = running.transfer.request
        var settings = tracecore_curl_request()
        settings.has_no_answer_body = request.method == "HEAD" ? 1 : 0
        settings.has_body = request.hasBody ? 1 : 0
        settings.body_size = Int64(request.body.count)
        settings.fields = running.fields
        settings.places = running.places
        settings.connect_ms = request.connectTime.curlTime
        settings.time_ms = request.time?.curlTime ?? 0
        settings.error = running.error
        settings.taker = Unmanaged.passUnretained(running.transfer).toOpaque()
        settings.take_head = { bytes, size, count, transfer in
            guard let transfer else { return 0 }
            let line = Array(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return Unmanaged<HTTPTransfer>.fromOpaque(transfer).takeUnretainedValue().take(headLine: line)
                ? size * count : 0
        }
        settings.take_body = { bytes, size, count, transfer in
            guard let transfer else { return 0 }
            let piece = Array(UnsafeRawBufferPointer(start: bytes, count: size * count))
            let isTaken = Unmanaged<HTTPTransfer>.fromOpaque(transfer).takeUnretainedValue().take(piece: piece)
            return isTaken.map { $0 ? size * count : Int(TRACECORE_CURL_PAUSE) } ?? 0
        }
        // libcurl asks for the body as it sends it, and has no copy of it.
        settings.give_body = { room, size, count, transfer in
            guard let transfer else { return 0 }
            return Unmanaged<HTTPTransfer>.fromOpaque(transfer).takeUnretainedValue().give(
                UnsafeMutableRawBufferPointer(start: room, count: size * count))
        }
        settings.seek_body = { transfer, place, origin in
            // SEEK_SET is all that it says.
            guard let transfer, origin == 0 else { return 1 }
            return Unmanaged<HTTPTransfer>.fromOpaque(transfer).takeUnretainedValue().giveAgain(from: place) ? 0 : 1
        }
        return request.url.withCString { url in
            request.method.withCString { method in
                settings.url = url
                settings.method = request.method == "HEAD" ? nil : method
                return tracecore_curl_set(curl, running.easy, &settings)
            }
        }
    }

    private func free(_ running: Running?, _ multi: UnsafeMutableRawPointer) {
        guard let running else { return }
        _ = curl.pointee.multi_remove_handle(multi, running.easy)
        curl.pointee.easy_cleanup(running.easy)
        curl.pointee.slist_free_all(running.fields)
        curl.pointee.slist_free_all(running.places)
        running.error.deallocate()
    }

    /// Ends those of which nothing came for too long, and says when to look again.
    private func endStalled(_ running: inout [ObjectIdentifier: Running], _ multi: UnsafeMutableRawPointer)
        -> ContinuousClock.Instant
    {
        let now = ContinuousClock.now
        var next = now + .seconds(60)
        for (key, one) in running {
            guard let time = one.transfer.stalls else { continue }
            guard time <= now else {
                next = min(next, time)
                continue
            }
            let sent = tracecore_curl_sent(curl, one.easy)
            guard sent >= 0, sent == max(one.sent, 0) else {
                // It connects, for which there is another limit; or the request's body is on its way.
                one.transfer.touch()
                running[key]?.sent = sent
                next = min(next, one.transfer.stalls ?? next)
                continue
            }
            let limit = one.transfer.request.stallTime ?? .zero
            one.transfer.finish(
                Failure(
                    .timeout, "Nothing came from \(one.transfer.place) for \(limit)",
                    remedy: "See whether the server is busy, or allow more time"))
            free(running.removeValue(forKey: key), multi)
        }
        return next
    }

    private func failure(_ code: Int32, _ running: Running) -> Failure {
        var words = String(cString: running.error)
        if words.isEmpty, let text = curl.pointee.easy_strerror(code) { words = String(cString: text) }
        let (kind, remedy) = Self.kind(code)
        return Failure(kind, "No answer of \(running.transfer.place): \(UntrustedText(words))", remedy: remedy)
    }

    /// The kinds of libcurl's numbers.
    private static func kind(_ code: Int32) -> (Failure.Code, remedy: String?) {
        switch code {
        case 3: (.badURL, nil)
        case 5, 6: (.connect, "See whether the name is right and can be looked up on this machine")
        case 7, 97: (.connect, "See whether the server runs, and whether a firewall is in the way")
        case 28: (.timeout, "See whether the server can be reached, or allow more time")
        case 35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98:
            (.tls, "See whether the server's certificate is valid for this name, and ca-certificates is installed here")
        case 8, 18, 52, 55, 56, 61: (.broken, nil)
        case 63: (.tooLarge, nil)
        // Also 1, which is what it says of a server that speaks no HTTP.
        default: (.other, nil)
        }
    }
}

extension HTTPClient.Request {
    /// Whether a body is sent, if only an empty one.
    fileprivate var hasBody: Bool { method != "HEAD" && (!body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)) }

    /// The fields as libcurl takes them; a name alone takes away what it would say by itself.
    fileprivate var lines: [String] {
        let own = ["content-length", "transfer-encoding", "expect"]
        var lines = fields.all.filter { !$0.name.isEmpty && !own.contains($0.name) }.map { field in
            field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
        }
        for name in ["content-type", "accept"] where fields.first(name) == nil { lines.append("\(name):") }
        return lines + ["expect:"]
    }
}

extension Duration {
    /// Whole milliseconds, at least one and at most a month, for libcurl counts in a `long` and takes 0 for no limit.
    fileprivate var curlTime: Int64 {
        let month: Int64 = 30 * 86_400
        let (seconds, attoseconds) = components
        return max(1, min(seconds, month) * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
