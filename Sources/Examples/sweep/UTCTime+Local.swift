import Glibc
import TraceCore

extension UTCTime {
    /// The time of day where the person is: 14:03:27.
    var localTimeOfDay: String {
        var seconds = time_t(microsecondsSince1970 / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
