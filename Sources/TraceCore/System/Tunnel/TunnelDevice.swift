internal import CTraceCoreSystem

/// A network interface whose packets this process reads and writes; it is gone when the value is.
struct TunnelDevice: ~Copyable, Sendable {
    /// What the system calls the interface.
    let name: String
    private let descriptor: Int32

    /// Makes an interface.
    ///
    /// - Parameter name: The name of the device; `%d` in it becomes the first number that is free.
    init(named name: String) throws(ProbeError) {
        guard !name.isEmpty, name.utf8.count < Int(TRACECORE_TUNNEL_NAME_SIZE), !name.contains("/") else {
            throw ProbeError(
                .badSetting, "No interface can be called \"\(UntrustedText(name))\"",
                remedy: "Give it 1 to \(TRACECORE_TUNNEL_NAME_SIZE - 1) bytes without a slash")
        }
        var buffer = name.utf8.map { CChar(bitPattern: $0) }
        buffer += repeatElement(0, count: Int(TRACECORE_TUNNEL_NAME_SIZE) - buffer.count)
        // The call reads and writes within the size that the buffer was just given.
        let result = unsafe tracecore_tunnel_open(&buffer)
        guard result >= 0 else { throw Self.notOpened(name, -result) }
        descriptor = result
        let characters = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        self.name = String(decoding: characters, as: UTF8.self)
    }

    deinit { tracecore_tunnel_close(descriptor) }

    /// Reads the next packet into the beginning of a buffer: its size, or 0 if none is waiting.
    func read(into buffer: inout [UInt8]) throws(ProbeError) -> Int {
        let capacity = buffer.count
        // The call writes within the capacity that it is given.
        let size = unsafe tracecore_tunnel_read(descriptor, &buffer, capacity)
        guard size >= 0 else {
            throw ProbeError(
                .network, "The interface \(name) can no longer be read",
                remedy: "Somebody may have deleted it: start again", systemError: Int32(-size))
        }
        return Int(size)
    }

    /// Hands a packet to the system as if it had come in by the interface; false if the system does not take it.
    func write(_ packet: [UInt8]) -> Bool {
        // The call reads as many bytes as there are.
        unsafe tracecore_tunnel_write(descriptor, packet, packet.count) == 0
    }

    /// Waits until a packet can be read, the bell rings, or a time has come.
    ///
    /// - Parameters:
    ///   - limit: The most nanoseconds to wait, or nil for no limit.
    ///   - bell: What else ends the wait.
    func wait(atMost limit: Int64?, or bell: borrowing TunnelBell) {
        tracecore_tunnel_wait(descriptor, bell.descriptor, limit.map { max($0, 0) } ?? -1)
    }

    /// Waits until the bell rings or a time has come, whatever can be read meanwhile.
    func nap(_ nanoseconds: Int64, or bell: borrowing TunnelBell) {
        tracecore_tunnel_wait(-1, bell.descriptor, nanoseconds)
    }

    /// What the system says about an error.
    static func message(_ code: Int32) -> String {
        // A text of the C library's own, which stays.
        unsafe String(cString: tracecore_tunnel_message(code))
    }

    private static func notOpened(_ name: String, _ code: Int32) -> ProbeError {
        let shown = UntrustedText(name)
        switch code {
        case ENOSYS:
            return ProbeError(
                .unsupported, "An interface to a simulated internet can be made on Linux only",
                remedy: "Use SimulatedProber, which needs none", systemError: code)
        case ENOENT, ENXIO, ENODEV:
            return ProbeError(
                .unsupported, "There is no /dev/net/tun to make the interface \(shown) with",
                remedy: "Load the driver with modprobe tun; give a container --device /dev/net/tun",
                systemError: code)
        case EACCES, EPERM:
            return ProbeError(
                .notPermitted, "Making the interface \(shown) is not permitted",
                remedy: "Run as root (sudo), or with the capability CAP_NET_ADMIN and access to /dev/net/tun",
                systemError: code)
        case EBUSY:
            return ProbeError(
                .badSetting, "There already is an interface \(shown)", remedy: "Choose another name",
                systemError: code)
        default:
            return ProbeError(
                .network, "The interface \(shown) cannot be made: \(message(code))", systemError: code)
        }
    }
}
