internal import TraceCoreHTTP
public import TraceCore

/// What is told: something that is wrong, or right again.
public struct Alert: Codable, Sendable, Hashable, Identifiable {
    /// Whether it is still wrong.
    public enum State: String, Codable, Sendable, Hashable {
        /// It is wrong.
        case firing
        /// It is right again.
        case resolved
    }

    /// The fingerprint of the occurrence: the same from its beginning to its end, and never again.
    public var id: String
    /// The name of the rule that found it.
    public var rule: String
    /// What kind of rule that is.
    public var kind: String
    /// How bad it is, in the user's words.
    public var severity: String
    /// Whether it is still wrong.
    public var state: State
    /// When it began.
    public var startsAt: UTCTime
    /// When it ended; nil while it is wrong. Of what only happens, when it is old.
    public var endsAt: UTCTime?
    /// When this was decided. A reminder has a later one.
    public var notedAt: UTCTime
    /// What it is about (`target`, `host`, `from`, `hop`, `router` …) and the user's own labels. They stay the same as long
    /// as the alert lasts: Alertmanager knows it by them.
    public var labels: [String: String]
    /// One plain sentence.
    public var summary: String
    /// Further sentences.
    public var details: [String] = []
    /// The names of the targets it is about.
    public var targets: [String] = []
    /// The change of a path that is behind it.
    public var change: ChangeReport.Change?
    /// The address of its page.
    public var link: String?

    /// An alert with what each has.
    public init(
        id: String, rule: String, kind: String, severity: String, state: State = .firing, startsAt: UTCTime,
        notedAt: UTCTime, labels: [String: String] = [:], summary: String
    ) {
        (self.id, self.rule, self.kind, self.severity, self.state) = (id, rule, kind, severity, state)
        (self.startsAt, self.notedAt, self.labels, self.summary) = (startsAt, notedAt, labels, summary)
    }

    /// Writes the alert; its labels in the order of their names, so that equal alerts are equal bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(rule, forKey: .rule)
        try container.encode(kind, forKey: .kind)
        try container.encode(severity, forKey: .severity)
        try container.encode(state, forKey: .state)
        try container.encode(startsAt, forKey: .startsAt)
        try container.encodeIfPresent(endsAt, forKey: .endsAt)
        try container.encode(notedAt, forKey: .notedAt)
        try container.encode(JSON.Value(sorting: labels), forKey: .labels)
        try container.encode(summary, forKey: .summary)
        try container.encode(details, forKey: .details)
        try container.encode(targets, forKey: .targets)
        try container.encodeIfPresent(change, forKey: .change)
        try container.encodeIfPresent(link, forKey: .link)
    }
}

extension JSON.Value {
    /// An object with the texts in the order of their names.
    init(sorting texts: [String: String]) {
        self = .object(texts.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }
}
