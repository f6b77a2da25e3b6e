/// The version in the state of a fold: what a newer library has written is refused, for it may mean something else.
struct StateVersion: Sendable, Hashable, Codable {
    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let version = try container.decode(Int.self)
        if let reason = SchemaVersion.refusal(of: version, in: "state") {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: reason)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(SchemaVersion.current)
    }
}
