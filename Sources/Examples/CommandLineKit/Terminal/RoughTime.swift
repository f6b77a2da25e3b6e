/// How long something takes, as exactly as a waiting person wants to know it: 0:07, 1:02:03, 12 days, 40 years.
public func roughTime(seconds: Double) -> String {
    guard seconds < 86_400 else {
        let days = seconds / 86_400
        guard days >= 730 else { return days < 1.5 ? "1 day" : "\(Int(days.rounded())) days" }
        let years = days / 365
        return years < 1e9 ? "\(Int(years.rounded()).grouped) years" : "billions of years"
    }
    let whole = Int(seconds)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return whole < 3600
        ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
}
