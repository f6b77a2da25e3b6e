/// The texts in the `<pre>` elements of a page, as the older web pages of looking glasses have them.
///
/// A page is a stranger's: no more of it is understood than is needed, and its size bounds the work.
enum TraceroutePage {
    /// Each is read to the end of the page where nothing ends it, so their number is bounded too.
    private static let mostTexts = 16

    /// The first text with a hop that has answered.
    static func traceroute(in page: [UInt8]) -> TracerouteText? {
        var position = 0
        for _ in 0..<mostTexts {
            guard let start = element(in: page, from: position) else { return nil }
            let end = find("</pre", in: page, from: start) ?? page.count
            let text = TracerouteText(plain(page[start..<end]))
            if text.hasAnswers { return text }
            position = end
        }
        return nil
    }

    /// Where the content of the next `<pre>` begins.
    private static func element(in page: [UInt8], from position: Int) -> Int? {
        var position = position
        while let start = find("<pre", in: page, from: position) {
            position = start + 4
            guard position < page.count else { return nil }
            let next = page[position]
            // Not `<preview>`.
            guard next == UInt8(ascii: ">") || next <= 0x20 else { continue }
            return page[position...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
        }
        return nil
    }

    /// Where a text of small letters begins, whichever case the page has.
    private static func find(_ text: StaticString, in page: [UInt8], from position: Int) -> Int? {
        let wanted = Array("\(text)".utf8)
        guard page.count >= wanted.count, position <= page.count - wanted.count else { return nil }
        var rest = page[position...(page.count - wanted.count)]
        // Each text begins with a `<`, which has no case.
        while let start = rest.firstIndex(of: wanted[0]) {
            let isFound = wanted.indices.allSatisfy { index in
                let byte = page[start + index]
                return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == wanted[index]
            }
            if isFound { return start }
            rest = rest[(start + 1)...]
        }
        return nil
    }

    /// The text without its tags, and with characters in the place of references.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            let rest = bytes[position...]
            if byte == UInt8(ascii: "<"), let next = rest.dropFirst().first, isTagStart(next) {
                let end = rest.firstIndex(of: UInt8(ascii: ">")) ?? bytes.endIndex
                let name = rest.dropFirst().prefix(2).map { $0 | 0x20 }
                if name == Array("br".utf8) { result.append(UInt8(ascii: "\n")) }
                position = min(end + 1, bytes.endIndex)
            } else if byte == UInt8(ascii: "&"), let (value, length) = reference(rest) {
                result += value
                position += length
            } else {
                result.append(byte)
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isTagStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || (0x41...0x5A).contains(byte & 0xDF)
    }

    /// The character of a reference such as `&lt;` or `&#40;`; of others than ASCII none is needed.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> (value: [UInt8], length: Int)? {
        guard let end = bytes.prefix(8).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[bytes.startIndex + 1..<end], as: UTF8.self)
        let length = end + 1 - bytes.startIndex
        let known: [String: String] = ["lt": "<", "gt": ">", "amp": "&", "nbsp": " ", "quot": "\"", "apos": "'"]
        if let text = known[name] { return (Array(text.utf8), length) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let code = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap { (0x20...0x7E).contains($0) ? ([UInt8($0)], length) : nil }
    }
}
