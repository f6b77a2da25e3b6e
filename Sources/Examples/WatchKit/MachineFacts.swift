internal import Glibc
internal import TraceCoreCommandLine
package import TraceCore

/// The interfaces and the gateways of this machine, as the system tells them; no program is started.
package struct MachineFacts: Sendable, Hashable {
    /// An interface with an address.
    package struct Interface: Sendable, Hashable {
        /// Its name.
        package var name: String
        /// Its hardware address, where it has one.
        package var mac: String?
        /// Its first IPv4 address, or else its first IPv6 address.
        package var address: IPAddress
    }

    /// A way to a network through a router.
    package struct Route: Sendable, Hashable {
        /// The interface that leads to it.
        package var interface: String
        /// The router.
        package var gateway: IPAddress
        /// Whether it is the way to everything that has no other.
        package var isDefault: Bool
    }

    /// The interfaces, in the system's order.
    package var interfaces: [Interface]
    /// The routes through routers, IPv4 first.
    package var routes: [Route]

    /// The facts.
    package init(interfaces: [Interface], routes: [Route]) { (self.interfaces, self.routes) = (interfaces, routes) }

    /// The name of this machine.
    package static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The facts of this machine now. What cannot be read is left out.
    package static func now() -> MachineFacts {
        MachineFacts(
            interfaces: systemInterfaces(),
            routes: routes(v4: text(of: "/proc/net/route"), v6: text(of: "/proc/net/ipv6_route")))
    }
}

// MARK: - Routes

extension MachineFacts {
    /// The routes in the tables of Linux.
    static func routes(v4: String, v6: String) -> [Route] {
        v4.split(separator: "\n").compactMap { route(v4: $0) } + v6.split(separator: "\n").compactMap { route(v6: $0) }
    }

    // Of <net/route.h>.
    private static let isUp: UInt32 = 0x1
    private static let hasGateway: UInt32 = 0x2

    /// `Iface Destination Gateway Flags RefCnt Use Metric Mask …`, the addresses as the machine has the bytes in memory.
    private static func route(v4 line: Substring) -> Route? {
        let words = line.split { $0 == "\t" || $0 == " " }
        guard words.count >= 8, let destination = UInt32(words[1], radix: 16),
            let gateway = UInt32(words[2], radix: 16),
            let flags = UInt32(words[3], radix: 16), let mask = UInt32(words[7], radix: 16),
            flags & isUp != 0, flags & hasGateway != 0
        else { return nil }
        return Route(
            interface: String(words[0]), gateway: IPAddress(v4: UInt32(bigEndian: gateway)),
            isDefault: destination == 0 && mask == 0)
    }

    /// `destination length source length gateway metric references uses flags interface`.
    private static func route(v6 line: Substring) -> Route? {
        let words = line.split { $0 == "\t" || $0 == " " }
        guard words.count >= 10, words[4].utf8.count == 32, let flags = UInt32(words[8], radix: 16),
            flags & isUp != 0, flags & hasGateway != 0
        else { return nil }
        let digits = Array(words[4])
        let groups = stride(from: 0, to: 32, by: 4).map { String(digits[$0..<$0 + 4]) }
        guard let gateway = IPAddress(groups.joined(separator: ":")) else { return nil }
        return Route(
            interface: String(words[9]), gateway: gateway,
            isDefault: words[1] == "00" && words[0].allSatisfy { $0 == "0" })
    }
}

// MARK: - Interfaces

extension MachineFacts {
    private static func systemInterfaces() -> [Interface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var names: [String] = []
        var addresses: [String: IPAddress] = [:]
        var entry = list
        while let current = entry?.pointee {
            entry = current.ifa_next
            guard let socket = current.ifa_addr else { continue }
            let name = String(cString: current.ifa_name)
            if !names.contains(name) { names.append(name) }
            switch Int32(socket.pointee.sa_family) {
            case AF_INET:
                let bits = socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr.s_addr }
                if addresses[name]?.isV6 ?? true { addresses[name] = IPAddress(v4: UInt32(bigEndian: bits)) }
            case AF_INET6:
                let bytes = socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
                }
                if addresses[name] == nil { addresses[name] = IPAddress(bytes: bytes) }
            default: continue
            }
        }
        return names.compactMap { name in
            addresses[name].map { Interface(name: name, mac: mac(of: name), address: $0) }
        }
    }

    private static func mac(of interface: String) -> String? {
        let text = text(of: "/sys/class/net/\(interface)/address").prefix { $0 != "\n" }
        return text.wholeMatch(of: #/[0-9a-f]{2}(:[0-9a-f]{2}){5}/#) == nil ? nil : String(text)
    }

    private static func text(of path: String) -> String {
        (try? Input(path, limit: 16 << 20).bytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
