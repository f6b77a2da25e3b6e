import Foundation

/// A whole run as one JSON document, to be kept and compared.
struct JSONReport: Encodable {
    let schemaVersion = 1
    let environment: Environment
    let cases: [Outcome]

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
