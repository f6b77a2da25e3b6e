#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    extension SystemError {
        static let again = SystemError(number: EAGAIN)
        static let interrupted = SystemError(number: EINTR)
        static let noBuffers = SystemError(number: ENOBUFS)
        static let invalid = SystemError(number: EINVAL)
        static let addressInUse = SystemError(number: EADDRINUSE)
        static let inProgress = SystemError(number: EINPROGRESS)
        static let refused = SystemError(number: ECONNREFUSED)
        static let notAvailable = SystemError(number: EADDRNOTAVAIL)
        static let noDevice = SystemError(number: ENODEV)
        static let notPermitted = SystemError(number: EPERM)
        static let tooLarge = SystemError(number: EMSGSIZE)
        static let noDescriptors = SystemError(number: EMFILE)
        static let noDescriptorsForAnybody = SystemError(number: ENFILE)

        /// Whether the system does not let this user do it.
        var isPermission: Bool { number == EPERM || number == EACCES }

        /// Whether a socket may report it for an earlier packet: what an ICMP error did to it.
        ///
        /// A socket with `IP_RECVERR` gives the error of the last answer to the next send. Asked again, it sends.
        var mayBeStale: Bool {
            switch number {
            case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EPROTO, ENOPROTOOPT, EMSGSIZE, EACCES, EOPNOTSUPP,
                EHOSTDOWN, ENONET, EPERM, ETIMEDOUT, ENOTCONN, ECONNRESET:
                true
            default: false
            }
        }

        /// How many times a send may fail with it before it is taken for what it says of the packet.
        ///
        /// While a network is swept, another answer may have come whenever the socket is asked again.
        var mostTries: Int {
            switch number {
            // Only answers cause these, never a packet that is being sent. The bound is there so that nothing can hang.
            case ECONNREFUSED, EPROTO, ENOPROTOOPT, EOPNOTSUPP, EHOSTDOWN, ENONET, EINTR: 1 << 16
            // Of either; if of the packet, each time.
            case EHOSTUNREACH, ENETUNREACH, EACCES: 64
            // Mostly of the packet, and each try leaves a message to be read.
            case EMSGSIZE: 4
            default: 1
            }
        }

        /// The error of a probe that could not be sent to a target.
        ///
        /// - Parameters:
        ///   - target: Where it was going.
        ///   - mtu: What fits the way there, where the packet does not.
        func sending(to target: IPAddress, mtu: Int? = nil) -> ProbeError {
            switch number {
            case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL, ENODEV, ENXIO:
                ProbeError(
                    .noRoute, "There is no way to \(target) from here: \(reason)",
                    remedy: number == ENETDOWN || number == ENODEV
                        ? "Is the interface up?" : "Is there a route to it, and an address of its family to send from?",
                    systemError: number)
            case EPERM:
                ProbeError(
                    .notPermitted, "A firewall on this machine forbids sending to \(target)",
                    remedy: "Look at its output rules", systemError: number)
            case EACCES:
                ProbeError(
                    .notPermitted, "\(target) is a broadcast or forbidden address: \(reason)",
                    remedy: "If you mean to ask all hosts of a network, allow broadcasts (ping -b); if not, look at "
                        + "this machine's routes and firewall", systemError: number)
            case EMSGSIZE:
                ProbeError(
                    .tooLarge,
                    "The packet to \(target) is larger than the way out of this machine takes"
                        + (mtu.map { ": message too long, mtu=\($0)" } ?? ""),
                    remedy: "Send a smaller one, or allow fragments", systemError: number)
            case ENOBUFS, ENOMEM, EAGAIN:
                ProbeError(
                    .outOfResources, "The system has no buffers left to send to \(target)", remedy: "Send more slowly",
                    systemError: number)
            case EMFILE, ENFILE: opening("a socket")
            case EINVAL:
                ProbeError(
                    .badSetting, "The system will not send such a packet to \(target): \(reason)",
                    remedy: "Look at the source address, the interface, the size and the flow label",
                    systemError: number)
            default:
                ProbeError(.network, "Sending to \(target) failed: \(reason)", systemError: number)
            }
        }

        /// The error of something that could not be opened.
        func opening(_ what: String) -> ProbeError {
            switch number {
            case EMFILE, ENFILE:
                ProbeError(
                    .outOfResources, "There is no descriptor left for \(what)",
                    remedy: "Raise the limit with ulimit -n, or have fewer probes out", systemError: number)
            case EPERM, EACCES:
                ProbeError(.notPermitted, "This user may not open \(what): \(reason)", systemError: number)
            case EAFNOSUPPORT:
                ProbeError(
                    .unsupported, "This system has no such address family: \(what) cannot be opened",
                    remedy: "Is IPv6 switched off?", systemError: number)
            case ENOBUFS, ENOMEM:
                ProbeError(.outOfResources, "There is no memory left for \(what)", systemError: number)
            default: ProbeError(.network, "Opening \(what) failed: \(reason)", systemError: number)
            }
        }

        /// The system's own words.
        var reason: String {
            var text = [CChar](repeating: 0, count: 256)
            unsafe tracecore_describe(number, &text, text.count)
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
#endif
