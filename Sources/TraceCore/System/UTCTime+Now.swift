#if canImport(Glibc)
    internal import Glibc
    // The standard library's view of the same headers. Built as one module, the compiler takes `timespec` from
    // whichever it met first, and that is this one since Synchronization imports it.
    internal import SwiftOverlayShims
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension UTCTime {
    /// The time on the system's wall clock.
    static var now: UTCTime {
        var time = timespec()
        // CLOCK_REALTIME exists everywhere and the pointer is to a local: the call cannot fail.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UTCTime(microsecondsSince1970: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
