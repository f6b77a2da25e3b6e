/// A day of the Gregorian calendar, extended backwards and forwards without end.
///
/// Counting starts years in March, so that a leap day is the last day of one and months have lengths that
/// a single line of arithmetic gives.
struct CivilDate: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// The day of that date, or nil where the calendar has none (29 February 2026).
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        guard CivilDate(daysSince1970: daysSince1970) == self else { return nil }
    }

    /// The date of a number of days after 1970-01-01.
    init(daysSince1970: Int) {
        let days = daysSince1970 + Self.daysToEpoch
        let era = days.dividedFloor(by: Self.daysInEra)
        let dayOfEra = days - era * Self.daysInEra
        // Take out the leap days that came before within the 400 years, then whole years remain.
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// How many days after 1970-01-01 the date is.
    var daysSince1970: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.dividedFloor(by: 400)
        let yearOfEra = marchYear - era * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - Self.daysToEpoch
    }

    /// Days in 400 years, after which the calendar repeats.
    private static let daysInEra = 146_097
    /// Days from 1 March of year 0 to 1 January 1970.
    private static let daysToEpoch = 719_468
}

extension FixedWidthInteger {
    /// The quotient rounded down, where `/` rounds towards zero.
    func dividedFloor(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
