/// What each case may cost, from a file with a line for each: name, nanoseconds, allocations.
struct Thresholds: Equatable, Sendable {
    /// What one operation of a case may cost.
    struct Threshold: Equatable, Sendable {
        let nanoseconds: Double
        let allocations: Double
    }

    /// A line that cannot be read, and why.
    struct SyntaxError: Error, Equatable, CustomStringConvertible {
        let line: Int
        let reason: String

        var description: String { "line \(line) of the thresholds: \(reason)" }
    }

    private var byName: [String: Threshold] = [:]

    init(parsing text: String) throws(SyntaxError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }
            let fields = content.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty { continue }
            func refuse(_ reason: String) -> SyntaxError { SyntaxError(line: index + 1, reason: reason) }
            guard fields.count == 3 else {
                throw refuse("a name, nanoseconds and allocations are expected")
            }
            guard let nanoseconds = Double(fields[1]), nanoseconds > 0, nanoseconds.isFinite else {
                throw refuse("“\(fields[1])” is not a number of nanoseconds")
            }
            guard let allocations = Double(fields[2]), allocations >= 0, allocations.isFinite else {
                throw refuse("“\(fields[2])” is not a number of allocations")
            }
            let threshold = Threshold(nanoseconds: nanoseconds, allocations: allocations)
            guard byName.updateValue(threshold, forKey: String(fields[0])) == nil else {
                throw refuse("“\(fields[0])” has a threshold already")
            }
        }
    }

    subscript(name: String) -> Threshold? { byName[name] }

    /// What keeps the file and the cases from matching one to one, or nil.
    func mismatch(with names: [String]) -> String? {
        if let name = names.first(where: { byName[$0] == nil }) {
            return "the case “\(name)” has no threshold"
        }
        if let name = byName.keys.sorted().first(where: { !names.contains($0) }) {
            return "the threshold “\(name)” has no case"
        }
        let repeated = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted().first
        return repeated.map { "two cases are named “\($0)”" }
    }
}
