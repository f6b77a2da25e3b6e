/// The words in a router's name: the labels before the registered domain, split at hyphens and underscores.
struct RouterNameWords {
    struct Word: Hashable {
        /// The letters that it begins with, in lower case; empty if it begins with a digit.
        let letters: String
        /// Whether digits follow the letters.
        let isNumbered: Bool
        /// Whether it looks like a name: letters and a number of up to three digits, which may end like the number of a
        /// rack (`4b`, `15s42`).
        let isName: Bool
        let isNumber: Bool
        /// Whether it could be a group of an IPv6 address.
        let isHexadecimal: Bool
    }

    /// The labels before the domain, without those that spell an address.
    let labels: [[Word]]
    /// The registered domain in lower case; empty if the name ends before it.
    let domain: String

    /// The words of a name, or nil if it is not a name.
    init?(_ name: String) {
        guard name.utf8.count <= 254 else { return nil }
        var labels = name.utf8.split(separator: UInt8(ascii: "."))
        guard let last = labels.last else { return nil }
        // A top-level domain has no digits. If the last label has one, the name ends before its domain.
        let length = last.contains(where: Self.isDigit) ? 0 : min(labels.count, Self.domainLength(labels))
        domain = labels.suffix(length).map { String(Substring($0)).lowercased() }.joined(separator: ".")
        labels.removeLast(length)
        self.labels = labels.map { label in
            label.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }.map { Word($0) }
        }.filter { !Self.isAddress($0) }
    }

    /// How many labels the registered domain has: three below `co.uk` and the like.
    private static func domainLength(_ labels: [Substring.UTF8View]) -> Int {
        guard labels.count > 2, let last = labels.last, last.count == 2 else { return 2 }
        let second = String(Substring(labels[labels.count - 2])).lowercased()
        return ["ac", "ad", "co", "com", "edu", "gob", "gov", "go", "gr", "ne", "net", "nom", "or", "org"]
            .contains(second) ? 3 : 2
    }

    /// Whether a label spells an address: `static-10-0-0-1`, `2001-db8-0-1`.
    private static func isAddress(_ words: [Word]) -> Bool {
        if words.filter(\.isNumber).count >= 4 { return true }
        return words.count >= 3 && words.allSatisfy(\.isHexadecimal) && words.contains { !$0.letters.isEmpty }
    }

    fileprivate static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension RouterNameWords.Word {
    fileprivate init(_ text: Substring.UTF8View) {
        func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
        let head = text.prefix(while: isLetter)
        let number = text.dropFirst(head.count).prefix(while: RouterNameWords.isDigit)
        let mark = text.dropFirst(head.count + number.count).prefix(while: isLetter)
        let end = text.dropFirst(head.count + number.count + mark.count)
        letters = String(Substring(head)).lowercased()
        isNumbered = !head.isEmpty && !number.isEmpty
        isNumber = head.isEmpty && mark.isEmpty && end.isEmpty
        isName =
            !head.isEmpty && number.count <= 3 && mark.count <= 1 && end.count <= 3
            && end.allSatisfy(RouterNameWords.isDigit)
        isHexadecimal =
            text.count <= 4
            && text.allSatisfy { RouterNameWords.isDigit($0) || (isLetter($0) && $0 | 0x20 <= UInt8(ascii: "f")) }
    }
}
