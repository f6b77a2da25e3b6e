/// The version in the state of a fold: what a newer library has written is refused, for it may mean something else.
struct StateVersion: Sendable, Hashable, Codable {
    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let version = try container.decode(Int.self)
        guard version <= SchemaVersion.current else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "The state is of version \(version); this library reads up to "
                    + "\(SchemaVersion.current). A newer one is needed")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(SchemaVersion.current)
    }
}
