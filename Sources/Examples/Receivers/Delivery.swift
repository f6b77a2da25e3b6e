public import TraceCore

/// One message on its way, as it lies in the outbox. What it says is fixed when it is made.
public struct Delivery: Codable, Sendable, Hashable, Identifiable {
    /// What the receiver knows the message by: the same at each try. Equal decisions make equal ones.
    public let id: String
    /// The name of the receiver.
    public let receiver: String
    /// The id of the alert; empty where it is about several.
    public let alert: String
    /// The body, in UTF-8.
    public let body: String
    /// The type of the body.
    public let contentType: String
    /// When the decision was made.
    public let madeAt: UTCTime
    /// How often it was tried.
    public var tries: Int
    /// When it is tried next.
    public var dueAt: UTCTime

    /// A message as it was kept.
    public init(
        id: String, receiver: String, alert: String, body: String, contentType: String, madeAt: UTCTime,
        tries: Int = 0, dueAt: UTCTime
    ) {
        (self.id, self.receiver, self.alert, self.body) = (id, receiver, alert, body)
        (self.contentType, self.madeAt, self.tries, self.dueAt) = (contentType, madeAt, tries, dueAt)
    }
}

/// What became of a try. The words are for everybody who may see the alert: no answer of a receiver is in them.
public enum Outcome: Sendable, Hashable {
    /// The receiver has it.
    case taken(String)
    /// It is tried again, and why.
    case again(at: UTCTime, String)
    /// It is not tried again, and why.
    case givenUp(String)
    /// The receiver wants nothing any more (status 410): it is not to be used until its settings are changed.
    case receiverGone(String)
}
