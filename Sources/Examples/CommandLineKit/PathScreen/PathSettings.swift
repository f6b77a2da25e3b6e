public import TraceCore

/// How a path is asked: what a person may change while it is watched.
public struct PathSettings: Sendable, Hashable {
    /// What the probes are.
    public var method: ProbeMethod
    /// All hops are asked once in this time.
    public var interval: Duration
    /// The size of the packets with their headers, or nil for the usual one.
    public var size: Int?
    /// The hops that are asked.
    public var hops: ClosedRange<UInt8>
    /// How often each hop is asked, or nil for without end.
    public var rounds: Int?

    /// Settings to begin with.
    public init(method: ProbeMethod, interval: Duration, size: Int?, hops: ClosedRange<UInt8>, rounds: Int?) {
        self.method = method
        self.interval = interval
        self.size = size
        self.hops = hops
        self.rounds = rounds
    }
}

extension PathSettings {
    /// The kind of an interval.
    public static let intervals = ValueKind.duration(unit: .seconds(1), .milliseconds(1) ... .seconds(86_400))
    /// The kind of a number of rounds.
    public static let roundCounts = ValueKind.integer(1...1_000_000_000)
    /// The kind of a size of packets.
    public static let sizes = ValueKind.integer(28...65535)
    /// The kind of a range of hops.
    static let hopRanges = ValueKind<ClosedRange<UInt8>>(
        "HOPS", expecting: "a first and a last hop such as 3-20, or the last alone",
        show: { "\($0.lowerBound)-\($0.upperBound)" }
    ) { text in
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            part.isEmpty ? nil : UInt8(part).flatMap { $0 > 0 ? $0 : nil }
        }
        switch ends.count {
        case 1: return ends[0].map { 1...$0 }
        case 2:
            guard let first = ends[0] ?? (text.hasPrefix("-") ? 1 : nil), let last = ends[1], first <= last else {
                return nil
            }
            return first...last
        default: return nil
        }
    }
}

/// A setting that is asked for in the last row of the screen, by its key.
enum PathSetting: Character, Sendable, Hashable, CaseIterable {
    case interval = "i"
    case size = "s"
    case hops = "f"
    case rounds = "c"

    /// What is asked for.
    var title: String {
        switch self {
        case .interval: "interval"
        case .size: "packet size"
        case .hops: "first and last hop"
        case .rounds: "rounds"
        }
    }

    /// What the setting is now, as it is typed.
    func text(in settings: PathSettings) -> String {
        switch self {
        case .interval: PathSettings.intervals.show(settings.interval)
        case .size: settings.size.map(PathSettings.sizes.show) ?? "the usual"
        case .hops: PathSettings.hopRanges.show(settings.hops)
        case .rounds: settings.rounds.map(PathSettings.roundCounts.show) ?? "0, without end"
        }
    }

    /// The settings with what was typed; where that is nothing, they stay as they are.
    ///
    /// - Throws: What is expected.
    func settings(_ settings: PathSettings, with text: String) throws(UsageError) -> PathSettings {
        var settings = settings
        if text.isEmpty { return settings }
        switch self {
        case .interval: settings.interval = try Self.value(of: text, PathSettings.intervals)
        case .size: settings.size = try Self.value(of: text, PathSettings.sizes)
        case .hops: settings.hops = try Self.value(of: text, PathSettings.hopRanges)
        case .rounds: settings.rounds = text == "0" ? nil : try Self.value(of: text, PathSettings.roundCounts)
        }
        return settings
    }

    private static func value<Value>(of text: String, _ kind: ValueKind<Value>) throws(UsageError) -> Value {
        guard let value = kind.read(text) else { throw UsageError("not \(kind.expectation)") }
        return value
    }
}
