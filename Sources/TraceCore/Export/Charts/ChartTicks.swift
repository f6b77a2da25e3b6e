/// The round numbers at which an axis has a mark, with their units.
enum ChartTicks {
    /// A mark of an axis.
    struct Tick: Equatable {
        /// The place, in nanoseconds.
        let nanoseconds: Int64
        /// What is written there.
        let label: String
    }

    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    private static let day = 24 * hour

    private static let units: [(length: Int64, name: String)] = [
        (day, "d"), (hour, "h"), (minute, "min"), (second, "s"), (1_000_000, "ms"), (1000, "\u{B5}s"), (1, "ns"),
    ]

    /// Marks of round trips between two limits. They are never in minutes: people compare round trips in seconds.
    static func latency(from base: Int64 = 0, upTo limit: Int64, count: Int) -> [Tick] {
        ticks(from: base, to: limit, count: count, steps: decades(of: 1, upTo: .max), longestUnit: second)
    }

    /// Marks of time since the start of a run.
    static func time(from start: Int64, to end: Int64, count: Int) -> [Tick] {
        let short = decades(of: 1, upTo: second - 1)
        let seconds = [1, 2, 5, 10, 15, 30].map { $0 * second }
        let minutes = [1, 2, 5, 10, 15, 30].map { $0 * minute }
        let hours = [1, 2, 3, 6, 12].map { $0 * hour }
        return ticks(
            from: start, to: end, count: count, steps: short + seconds + minutes + hours + decades(of: day, upTo: .max),
            longestUnit: day)
    }

    /// Marks of times of day and dates (UTC), for times since a moment.
    static func clock(since moment: UTCTime, from start: Int64, to end: Int64, count: Int) -> [Tick] {
        let wished = (end - start - 1) / Int64(max(1, count)) + 1
        let steps =
            [1, 2, 5, 10, 15, 30].map { $0 * second } + [1, 2, 5, 10, 15, 30].map { $0 * minute }
            + [1, 2, 3, 6, 12].map { $0 * hour } + [1, 2, 7, 14, 28, 91, 182, 364, 3_640].map { $0 * day }
        let (zero, isOutside) = moment.microsecondsSince1970.multipliedReportingOverflow(by: 1_000)
        guard !isOutside, zero >= 0, let step = steps.first(where: { $0 >= wished }) else {
            return time(from: start, to: end, count: count)
        }
        var ticks: [Tick] = []
        var value = (zero + start + step - 1) / step * step
        while value <= zero + end {
            // "2026-11-30T07:15:00"
            let text = UTCTime(microsecondsSince1970: value / 1_000).secondText
            let (date, time) = (text.prefix(10).dropFirst(5), text.dropFirst(11))
            let isDate = value % day == 0
            ticks.append(
                Tick(
                    nanoseconds: value - zero,
                    label: isDate ? String(date) : String(step < minute ? time : time.prefix(5))))
            value += step
        }
        return ticks
    }

    /// 1, 2 and 5 times each power of ten.
    private static func decades(of unit: Int64, upTo limit: Int64) -> [Int64] {
        var steps: [Int64] = []
        var power = unit
        while power <= limit {
            for factor in [1, 2, 5] as [Int64] {
                let (step, isTooLong) = power.multipliedReportingOverflow(by: factor)
                if !isTooLong, step <= limit { steps.append(step) }
            }
            let (next, isTooLong) = power.multipliedReportingOverflow(by: 10)
            if isTooLong { break }
            power = next
        }
        return steps
    }

    private static func ticks(
        from start: Int64, to end: Int64, count: Int, steps: [Int64], longestUnit: Int64
    ) -> [Tick] {
        guard start >= 0, end > start else { return [] }
        // Rounded up, or a short axis would get too many.
        let wished = (end - start - 1) / Int64(max(1, count)) + 1
        guard let step = steps.first(where: { $0 >= wished }) else { return [] }
        let unit = units.first { $0.length <= min(step, longestUnit) && step % $0.length == 0 } ?? (1, "ns")
        var ticks: [Tick] = []
        var value = start / step * step
        if value < start { value += step }
        while value <= end {
            ticks.append(Tick(nanoseconds: value, label: value == 0 ? "0" : "\(value / unit.length) \(unit.name)"))
            let (next, isTooLong) = value.addingReportingOverflow(step)
            if isTooLong { break }
            value = next
        }
        return ticks
    }
}
