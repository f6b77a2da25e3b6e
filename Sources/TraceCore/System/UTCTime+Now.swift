internal import CTraceCoreSystem

extension UTCTime {
    /// The time on the system's wall clock.
    package static var now: UTCTime { UTCTime(microsecondsSince1970: tracecore_wall_clock_microseconds()) }
}
