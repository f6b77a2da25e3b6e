import TraceCore

/// Reads a run's settings, and notices those that nothing has read.
struct ScenarioSettings {
    private var left: [String: String]
    private let place: String

    init(_ run: Scenario.Run, in scenario: Scenario) {
        left = run.settings
        place = "\(scenario.name):\(run.line)"
    }

    mutating func text(_ key: String) -> String? { left.removeValue(forKey: key) }

    mutating func integer(_ key: String) throws -> Int? {
        guard let text = text(key) else { return nil }
        guard let value = Int(text) else { throw Scenario.Mistake(description: "\(place): not a number: \(text)") }
        return value
    }

    mutating func duration(_ key: String) throws -> Duration? { try text(key).map { try Self.duration($0, place) } }

    /// Throws if a setting was given that the run does not have.
    func finish() throws {
        if let key = left.keys.min() { throw Scenario.Mistake(description: "\(place): no such setting: \(key)") }
    }

    static func duration(_ text: String, _ place: String) throws -> Duration {
        // To the nanosecond, so that an expectation can name the very time.
        let units: [(String, Double)] = [("us", 1e3), ("ms", 1e6), ("s", 1e9)]
        for (suffix, nanoseconds) in units where text.hasSuffix(suffix) {
            if let value = Double(text.dropLast(suffix.count)) {
                return .nanoseconds(Int64((value * nanoseconds).rounded()))
            }
        }
        throw Scenario.Mistake(description: "\(place): not a duration: \(text)")
    }
}

extension TraceSettings {
    /// The scenarios tell their times with these two, unless they say otherwise: traceroute's patience, and four probes
    /// a millisecond. So what is the default can be weighed anew without telling them all again.
    init(_ settings: inout ScenarioSettings) throws {
        self.init(sendInterval: .microseconds(250), patience: TraceSettings.Patience(near: 10))
        if settings.text("settings") == "default" { self.init() }
        if let value = try settings.integer("first") { firstTTL = UInt8(value) }
        if let value = try settings.integer("max") { maxTTL = UInt8(value) }
        if let value = try settings.integer("queries") { queries = value }
        if let value = try settings.integer("window") { window = value }
        if let value = try settings.duration("pause") { sendInterval = value }
        if let value = try settings.duration("wait") { patience = .fixed(value) }
        if let value = try settings.integer("gap") { gapLimit = value }
        if let value = try settings.integer("size") { size = UInt16(value) }
        switch settings.text("flow") {
        case nil: break
        case "per-query": flow = .perQuery
        case "per-probe": flow = .perProbe
        case let text?: flow = .constant(UInt16(text) ?? 0)
        }
    }
}

extension PingSettings {
    init(_ settings: inout ScenarioSettings) throws {
        self.init(count: try settings.integer("count") ?? 4)
        if let value = try settings.duration("interval") { interval = value }
        if let value = try settings.duration("timeout") { timeout = value }
        if let value = try settings.integer("ttl") { ttl = UInt8(value) }
        if let value = try settings.integer("size") { size = UInt16(value) }
        if let value = try settings.integer("preload") { preload = value }
    }
}

extension MonitorSettings {
    init(_ settings: inout ScenarioSettings) throws {
        self.init(rounds: try settings.integer("rounds") ?? 10)
        if let value = try settings.duration("interval") { interval = value }
        if let value = try settings.duration("timeout") { timeout = value }
        if let value = try settings.integer("max") { maxTTL = UInt8(value) }
        if let value = try settings.integer("gap") { gapLimit = value }
        if let value = try settings.integer("flow") { flow = UInt16(value) }
    }
}

extension SweepSettings {
    init(_ settings: inout ScenarioSettings) throws {
        self.init()
        if let value = try settings.integer("retries") { mode = .untilReply(retries: value) }
        if let count = try settings.integer("count") {
            mode = .count(count, period: try settings.duration("period") ?? .seconds(1))
        }
        if let value = try settings.duration("interval") { interval = value }
        if let value = try settings.duration("timeout") { timeout = value }
        if let value = try settings.integer("window") { window = value }
    }
}
