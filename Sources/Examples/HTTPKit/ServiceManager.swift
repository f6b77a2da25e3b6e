internal import Glibc
public import TraceCore

/// What systemd, or another manager of services that speaks as it does, tells a program that it has started: sockets to
/// listen at, and where it wants to hear of it (sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3)).
public struct ServiceManager: Sendable {
    private let sockets: Range<Int32>
    private let address: String?
    /// How often it wants to be told `WATCHDOG=1`, which is twice in the time after which it takes the program for dead;
    /// nil where it does not watch.
    public let watchdogInterval: Duration?

    /// Reads what the environment says, and takes it away there, for it is not meant for children. Once a program, before
    /// anything else runs.
    ///
    /// - Throws: That the environment makes no sense.
    public init() throws(ProbeError) {
        try self.init(process: getpid()) { name in
            defer { unsetenv(name) }
            return getenv(name).map { String(cString: $0) }
        }
    }

    /// Takes variables by their names. The sockets begin with the descriptor 3, but in tests.
    init(process: pid_t, firstSocket: Int32 = 3, take: (String) -> String?) throws(ProbeError) {
        // A variable without its process is meant for this one only where the manual says so.
        func number(_ name: String, for owner: String, isOptional: Bool) throws(ProbeError) -> Int64? {
            let (text, pid) = (take(name), take(owner))
            guard let text, isOptional && pid == nil || pid == "\(process)" else { return nil }
            guard let number = Int64(text), (0...1_000_000_000_000).contains(number) else {
                throw ProbeError(.badSetting, "\(name) is \(UntrustedText(text).word), which is no number")
            }
            return number
        }
        address = take("NOTIFY_SOCKET")
        _ = take("LISTEN_FDNAMES")
        let watchdog = try number("WATCHDOG_USEC", for: "WATCHDOG_PID", isOptional: true)
        watchdogInterval = watchdog.flatMap { $0 > 0 ? .microseconds($0 / 2) : nil }
        let count = try number("LISTEN_FDS", for: "LISTEN_PID", isOptional: false) ?? 0
        guard count <= 1_024 else { throw ProbeError(.badSetting, "LISTEN_FDS is \(count), which is too many") }
        sockets = firstSocket..<(firstSocket + Int32(count))
    }

    /// Listens at the sockets that were handed over; none where the program was started in another way. To be called once.
    ///
    /// - Throws: That one of them is none that can be listened at.
    package func listeners() throws(ProbeError) -> [StreamListener] {
        var listeners: [StreamListener] = []
        for socket in sockets { listeners.append(try StreamListener(adopting: socket)) }
        return listeners
    }

    /// Tells the manager something, as `READY=1`, `STOPPING=1`, `RELOADING=1` or `STATUS=…`, several in lines; whether it
    /// was sent. Where nobody wants to know, nothing happens.
    @discardableResult
    public func notify(_ state: String) -> Bool {
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        guard var name = address.map({ Array($0.utf8) }), let first = name.first, "/@".utf8.contains(first),
            name.count < MemoryLayout.size(ofValue: place.sun_path)
        else { return false }
        // An abstract name begins with NUL, and ends with its length.
        if first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + name.count } ?? 0
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(state.utf8)
        return withUnsafePointer(to: place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), place, socklen_t(length))
            }
        } == bytes.count
    }
}
