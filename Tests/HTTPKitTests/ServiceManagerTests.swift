import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite struct `A manager of services` {
    /// What a manager says by the variables, which must be gone then.
    private func manager(_ variables: [String: String], process: pid_t = 77, firstSocket: Int32 = 3) throws
        -> ServiceManager
    {
        var left = variables
        defer { #expect(left.isEmpty, "children see \(left)") }
        return try ServiceManager(process: process, firstSocket: firstSocket) { left.removeValue(forKey: $0) }
    }

    /// A socket of the system's own making that is bound to an address of a path or an abstract name.
    private func bound(_ type: __socket_type, at name: [UInt8]) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(type.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(2 + name.count))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    private let folder = FileManager.default.temporaryDirectory.path + "/sm-\(UUID().uuidString.prefix(8))"

    /// Gives sockets descriptors in a row, as a manager does, that nobody else has; the first.
    private func inRow(_ sockets: [Int32]) throws -> Int32 {
        defer { for socket in sockets { close(socket) } }
        for start in stride(from: Int32(800), to: 1_000, by: 10) {
            let row = sockets.enumerated().map { fcntl($1, F_DUPFD, start + Int32($0)) }
            if row.enumerated().allSatisfy({ $1 == start + Int32($0) }) { return start }
            for descriptor in row { close(descriptor) }
        }
        throw CancellationError()
    }

    @Test func `hands sockets over, which are served`() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let paths = ["\(folder)/1", "\(folder)/2"]
        let sockets = try paths.map { path in
            let socket = try bound(SOCK_STREAM, at: Array(path.utf8))
            #expect(listen(socket, 8) == 0)
            return socket
        }
        let first = try inRow(sockets)
        let manager = try manager(
            ["LISTEN_FDS": "2", "LISTEN_PID": "77", "LISTEN_FDNAMES": "a:b"], firstSocket: first)
        let listeners = try manager.listeners()
        #expect(listeners.count == 2)
        #expect(fcntl(first, F_GETFD) & FD_CLOEXEC != 0)
        for path in paths {
            let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(client) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(result == 0)
        }
        for listener in listeners { #expect(try await listener.next()?.peer == nil) }
        for listener in listeners { listener.close() }
    }

    @Test func `hands over nothing that was meant for another process, or for nobody`() throws {
        #expect(try manager(["LISTEN_FDS": "2", "LISTEN_PID": "78"]).listeners().isEmpty)
        #expect(try manager(["LISTEN_FDS": "2"]).listeners().isEmpty)
        #expect(try manager([:]).listeners().isEmpty)
        #expect(try manager(["LISTEN_FDS": "0", "LISTEN_PID": "77"]).listeners().isEmpty)
    }

    @Test(arguments: ["-1", "x", "", "1025", "99999999999999999999", "2 "])
    func `that counts sockets wrongly is an error`(_ count: String) {
        let error = #expect(throws: ProbeError.self) { try manager(["LISTEN_FDS": count, "LISTEN_PID": "77"]) }
        #expect(error?.code == .badSetting && error?.message.contains("LISTEN_FDS") == true)
    }

    @Test func `that hands over what is no listening socket is an error`() throws {
        let datagrams = try inRow([try bound(SOCK_DGRAM, at: Array("\0sm-\(UUID().uuidString)".utf8))])
        defer { close(datagrams) }
        for first in [datagrams, 1_000_000] {
            let manager = try manager(["LISTEN_FDS": "1", "LISTEN_PID": "77"], firstSocket: first)
            let error = #expect(throws: ProbeError.self) { try manager.listeners() }
            #expect(error?.message.contains("descriptor \(first)") == true)
        }
    }

    @Test(arguments: [false, true]) func `hears of the program`(_ isAbstract: Bool) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = isAbstract ? "@\(folder)/notify" : "\(folder)/notify"
        let socket = try bound(SOCK_DGRAM, at: isAbstract ? [0] + name.utf8.dropFirst() : Array(name.utf8))
        defer { close(socket) }
        let manager = try manager(["NOTIFY_SOCKET": name])
        for text in ["READY=1\nSTATUS=Listening", "STOPPING=1"] {
            #expect(manager.notify(text))
            var bytes = [UInt8](repeating: 0, count: 100)
            let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == text)
        }
    }

    @Test(arguments: [nil, "", "relative", "vsock:2:1", "/nobody/listens/here", String(repeating: "/a", count: 60)])
    func `that wants to hear nothing is told nothing`(_ name: String?) throws {
        #expect(try !manager(name.map { ["NOTIFY_SOCKET": $0] } ?? [:]).notify("READY=1"))
    }

    @Test(arguments: [
        (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"], Duration.seconds(15)),
        (["WATCHDOG_USEC": "5"], .microseconds(2)), (["WATCHDOG_USEC": "0"], nil),
        (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"], nil), ([:], nil),
    ])
    func `says how often it watches`(_ variables: [String: String], _ interval: Duration?) throws {
        #expect(try manager(variables).watchdogInterval == interval)
    }
}
