package import TraceCore

/// What services answer that say under which address one is seen.
package enum PublicAddress {
    /// The address in an answer: it is all of the text, or the `ip` of a JSON object.
    package static func read(_ bytes: [UInt8]) -> IPAddress? {
        if let address = try? JSON.Value(parsing: bytes)["ip"]?.text.flatMap({ IPAddress($0) }) { return address }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 1 ? IPAddress(String(words[0])) : nil
    }
}
