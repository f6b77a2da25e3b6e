internal import Glibc
package import TraceCore
package import TraceCorePathStore
internal import TraceCoreReceivers

/// Settings as they came from an address, with what the server said of them. A store keeps those that were applied last, so that
/// a vantage point can start while the server is away.
package struct KeptSettings: Codable, Sendable, Hashable {
    private static let key = "settings"

    /// Whose they are: a hash, for the address may be a secret.
    let source: String
    /// The text.
    package let bytes: [UInt8]
    /// How the server names this version of them.
    let tag: String?
    /// Since when the server has had them, in its own words.
    let since: String?
    /// When the server said last that they are the ones.
    package var seen: UTCTime

    init(of address: SettingsAddress, bytes: [UInt8], tag: String?, since: String?, seen: UTCTime) {
        source = Self.source(address)
        (self.bytes, self.tag, self.since, self.seen) = (bytes, tag, since, seen)
    }

    private static func source(_ address: SettingsAddress) -> String { SHA256.name(of: address.url, bytes: 16) }

    private enum CodingKeys: String, CodingKey { case source, text, tag, since, seen }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        source = try values.decode(String.self, forKey: .source)
        bytes = Array(try values.decode(String.self, forKey: .text).utf8)
        tag = try values.decodeIfPresent(String.self, forKey: .tag)
        since = try values.decodeIfPresent(String.self, forKey: .since)
        seen = try values.decode(UTCTime.self, forKey: .seen)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(source, forKey: .source)
        try values.encode(String(decoding: bytes, as: UTF8.self), forKey: .text)
        try values.encodeIfPresent(tag, forKey: .tag)
        try values.encodeIfPresent(since, forKey: .since)
        try values.encode(seen, forKey: .seen)
    }

    /// What the store in a file has of an address; nil where there is no store, or it has nothing.
    package static func inStore(_ path: String, of address: SettingsAddress) async -> KeptSettings? {
        guard access(path, F_OK) == 0 else { return nil }
        // One of an older version is for its writer, who makes it new, and that is who asks.
        var store = try? await PathStore(path, for: .reading)
        if store == nil { store = try? await PathStore(path) }
        guard let store else { return nil }
        let bytes = try? await store.read { (reader) throws(StoreError) in try reader.state(key) }
        await store.close()
        guard let bytes, let kept = try? JSON.decode(KeptSettings.self, from: bytes), kept.source == source(address)
        else { return nil }
        return kept
    }

    /// Keeps them, in place of those before.
    package func keep(in store: PathStore) async throws {
        let bytes = try JSON.encode(self)
        try await store.write(.promised) { (writer) throws(StoreError) in try writer.setState(Self.key, to: bytes) }
    }
}
