internal import Glibc
internal import TraceCore

/// The files that a process may have open.
///
/// Swift's tasks and timers open some, and end the program with a signal where there is none. So this is looked at before
/// anything is begun.
enum Descriptors {
    /// What a run needs at the most to begin: a raw trace opens twelve.
    private static let needed = 16
    /// Where no more than these may be open, the run might have taken all of them before a timer needs some.
    private static let scarce = 256

    /// What is wrong, and what to do, if too few files can be opened; nil if there are enough.
    static func shortage() async -> String? {
        if free < needed { LiveProber.raiseDescriptorLimit() }
        let (free, code) = count()
        if free < needed {
            return code == ENFILE
                ? "The system has no descriptor left for this process. Close other programs, or raise fs.file-max"
                : "This process may open too few files: \(free) more, and it takes \(needed). "
                    + "Raise the limit with ulimit -n \(max(64, Int(sysconf(Int32(_SC_OPEN_MAX))) + needed))"
        }
        // The first timer opens what all timers share.
        if sysconf(Int32(_SC_OPEN_MAX)) <= scarce { try? await Task.sleep(for: .nanoseconds(1)) }
        return nil
    }

    private static var free: Int { count().free }

    /// How many files can be opened, up to what is needed, and why no more.
    private static func count() -> (free: Int, code: Int32) {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < needed {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            guard descriptor >= 0 else { return (opened.count, errno) }
            opened.append(descriptor)
        }
        return (opened.count, 0)
    }
}
