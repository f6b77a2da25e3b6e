import TraceCore

/// Rules for any bytes that come as text from a stranger: they are kept, and no form that is shown does harm.
public func checkText(_ bytes: [UInt8]) throws(Violation) {
    let text = UntrustedText(decoding: bytes)
    try requireEqual(text.bytes, bytes, "the bytes come back")
    for form in [text.escaped, text.description, text.debugDescription, text.word, text.html, text.csvField] {
        try require(!form.utf8.contains(UInt8(ascii: "\n")), "one line, not \(text.debugDescription)")
        try checkTerminalText(Array(form.utf8))
    }
    for form in [text.description, text.word, text.debugDescription] {
        // The quotes and the ellipsis come on top.
        try require(form.unicodeScalars.count <= UntrustedText.displayLimit + 3, "no longer than is shown")
    }
    try require(!text.html.contains { "<>\"'".contains($0) }, "no markup: \(text.html)")
    let json: [UInt8]
    let back: UntrustedText
    do {
        json = try JSON.encode([text])
        back = try JSON.decode([UntrustedText].self, from: json)[0]
    } catch {
        throw Violation("JSON takes and gives any text: \(error)")
    }
    try checkTerminalText(json)
    try requireEqual(back.bytes, bytes, "the bytes come back from JSON")
}
