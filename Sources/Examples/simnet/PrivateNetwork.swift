import CTraceCoreNamespace
import Glibc
import TraceCore

/// A network of this process's own, in which nothing is but what it puts there, and of which nothing is left after it.
struct PrivateNetwork {
    /// Whether the process is root only in a namespace of users of its own, and an ordinary user outside.
    let isUserOwned: Bool

    /// Moves the process into a new network, before it has any other thread.
    ///
    /// - Parameter hidesFiles: Whether files are to be replaced for this process and its commands alone.
    init(hidesFiles: Bool) throws(ProbeError) {
        let kinds = TRACECORE_NAMESPACE_NETWORK | (hidesFiles ? TRACECORE_NAMESPACE_MOUNT : 0)
        var result = tracecore_namespace_enter(kinds)
        var isUserOwned = false
        if result == -EPERM {
            // An ordinary user may make a namespace of users, and is root in it, where the system allows that.
            let (user, group) = (getuid(), getgid())
            result = tracecore_namespace_enter(kinds | TRACECORE_NAMESPACE_USER)
            isUserOwned = result == 0
            if isUserOwned {
                _ = tracecore_namespace_write("/proc/self/setgroups", "deny")
                result = tracecore_namespace_write("/proc/self/uid_map", "0 \(user) 1")
                if result == 0 { result = tracecore_namespace_write("/proc/self/gid_map", "0 \(group) 1") }
            }
        }
        guard result == 0 else {
            throw ProbeError(
                .notPermitted, "A network of its own for the command is not permitted: \(Self.message(-result))",
                remedy: "Run as root (sudo simnet …), or allow namespaces of users (sysctl user.max_user_namespaces)",
                systemError: -result)
        }
        self.isUserOwned = isUserOwned
        if hidesFiles { try Self.check(tracecore_namespace_keep_mounts(), "Keeping mounts to the command") }
        try Self.check(tracecore_namespace_bring_up_loopback(), "Bringing the interface lo up")
        // Answers come from routers that no route leads to.
        _ = tracecore_namespace_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0")
    }

    /// Who may ping without privileges.
    enum PingGroups: String, CaseIterable, Sendable {
        /// Everybody.
        case open
        /// Nobody.
        case closed
    }

    /// Says who may ping without privileges.
    func allowPings(to groups: PingGroups) throws(ProbeError) {
        // In a namespace of users, no group but the one it has is known.
        let everybody = isUserOwned ? "0 0" : "0 2147483647"
        let result = tracecore_namespace_write(
            "/proc/sys/net/ipv4/ping_group_range", groups == .open ? everybody : "1 0")
        try Self.check(result, "Setting net.ipv4.ping_group_range")
    }

    static func check(_ result: Int32, _ what: String) throws(ProbeError) {
        guard result < 0 else { return }
        let code: ProbeError.Code = result == -EPERM || result == -EACCES ? .notPermitted : .network
        throw ProbeError(code, "\(what) is not possible: \(message(-result))", systemError: -result)
    }

    static func message(_ code: Int32) -> String { String(cString: strerror(code)) }
}
