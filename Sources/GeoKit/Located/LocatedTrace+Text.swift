import TraceCore

extension LocatedTrace.Responder {
    /// What stands beside the address on a line, empty if nothing is known: `Frankfurt, DE  AS64500 Example`.
    ///
    /// A doubtful place has a question mark; where all that is claimed is impossible, it says what was claimed:
    /// `✗ (claimed Sydney, AU: 16,500 km in 12 ms)`. Text of strangers is escaped.
    public var summary: String {
        var parts: [String] = []
        if let chosen {
            parts.append(chosen.verdict.isDoubtful ? "\(chosen.place.shortName) ?" : chosen.place.shortName)
        } else if let claim = opinions.first, let reason = claim.verdict.reason {
            parts.append("✗ (claimed \(claim.place.shortName): \(reason))")
        }
        // Databases side by side say the same of a network more often than not.
        var numbers: Set<UInt32> = []
        for system in systems where numbers.insert(system.number).inserted {
            parts.append(system.shortName)
        }
        return parts.joined(separator: "  ")
    }
}

extension Place {
    /// The city and the country, or what is known instead: `Frankfurt, DE`. Text of strangers is escaped.
    public var shortName: String {
        let names = [city ?? region, country].compactMap { $0?.onLine }
        if !names.isEmpty { return names.joined(separator: ", ") }
        return coordinate?.shortText ?? UntrustedText(source).onLine
    }
}

extension AutonomousSystem {
    /// The number and the name: `AS64500 Example`. Text of strangers is escaped.
    public var shortName: String { name.map { "AS\(number) \($0.onLine)" } ?? "AS\(number)" }
}

extension UntrustedText {
    /// No more of it than leaves room on the line for the rest.
    fileprivate var onLine: String { escaped(columns: 40) }
}

extension Coordinate {
    /// The point in hundredths of a degree: `50.11, -8.68`.
    fileprivate var shortText: String { "\(Self.hundredths(latitude)), \(Self.hundredths(longitude))" }

    private static func hundredths(_ degrees: Double) -> String {
        let whole = Int(degrees.magnitude * 100 + 0.5)
        let rest = whole % 100
        return "\(degrees < 0 && whole > 0 ? "-" : "")\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
