import TraceCore

/// A document about a trace with what the network did to its packets, under a key of its own: whoever reads the document
/// without it finds what was there before.
struct ExaminedDocument<Document: Encodable>: Encodable {
    let document: Document
    let packets: PacketChanges

    private enum Key: String, CodingKey { case packets }

    func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(packets, forKey: .packets)
    }
}
