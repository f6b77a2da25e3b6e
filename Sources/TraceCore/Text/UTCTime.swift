/// A point in wall-clock time, in microseconds since 1970 in UTC.
///
/// For saying when something happened. How long something took is a `Duration` of a monotonic clock: the
/// difference of two wall-clock times is wrong whenever the clock was set in between.
public struct UTCTime: Sendable, Hashable {
    /// Microseconds since 1970-01-01T00:00:00Z, without leap seconds, negative before.
    public let microsecondsSince1970: Int64

    /// The time of a number of microseconds after the start of 1970 in UTC.
    public init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    /// The start of 1970 in UTC.
    public static let epoch = UTCTime(microsecondsSince1970: 0)

    /// The time a duration later, in whole microseconds; stays at the ends of what fits.
    public static func + (time: UTCTime, duration: Duration) -> UTCTime {
        let (seconds, attoseconds) = duration.components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (added, tooFar) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        let (sum, over) = time.microsecondsSince1970.addingReportingOverflow(added)
        return UTCTime(microsecondsSince1970: tooLong || tooFar || over ? (seconds < 0 ? .min : .max) : sum)
    }

    /// The time a duration earlier, in whole microseconds; stays at the ends of what fits.
    public static func - (time: UTCTime, duration: Duration) -> UTCTime {
        time + (.zero - duration)
    }

    /// How long after the other time this one is.
    public static func - (later: UTCTime, earlier: UTCTime) -> Duration {
        .microseconds(later.microsecondsSince1970) - .microseconds(earlier.microsecondsSince1970)
    }

    /// Moves the time by a duration.
    public static func += (time: inout UTCTime, duration: Duration) {
        time = time + duration
    }
}

extension UTCTime: Comparable {
    /// Orders by time, earlier first.
    public static func < (left: UTCTime, right: UTCTime) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }
}

extension UTCTime: Codable {
    /// Reads the time from its ISO 8601 text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = UTCTime(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "\(UntrustedText(text).debugDescription) is not a time like \(UTCTime.epoch).")
        }
        self = time
    }

    /// Writes the time as its ISO 8601 text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
