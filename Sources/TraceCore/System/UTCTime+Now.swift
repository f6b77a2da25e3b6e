internal import CSystem

extension UTCTime {
    /// The time on the system's wall clock.
    package static var now: UTCTime { UTCTime(microsecondsSince1970: csystem_wall_clock_microseconds()) }
}
