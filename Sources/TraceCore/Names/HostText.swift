/// What a text that should say which host is meant does say.
enum HostText: Sendable, Hashable {
    case address(IPAddress)
    /// A name, to be looked up.
    case name(String)

    /// Reads a text, so that the system is asked for nothing that cannot be a name.
    ///
    /// Systems read more into such texts than people mean: `010.0.0.1` as octal, `1` as an address, and what stands
    /// before a NUL as the whole.
    ///
    /// - Parameter zone: Gives the index of the interface with a name.
    init(_ text: String, zone: (String) -> UInt32?) throws(ProbeError) {
        let error: IPAddress.ParsingError
        do throws(IPAddress.ParsingError) {
            self = .address(try IPAddress(parsing: text, zone: zone))
            return
        } catch let reason {
            error = reason
        }
        // No host's name has one of these, nor a last part of digits alone (RFC 1123 section 2.1).
        let isURL = text.utf8.contains(UInt8(ascii: "/"))
        if text.isEmpty || isURL || text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") })
            || Self.endsInNumber(text)
        {
            throw ProbeError(
                .unknownHost, "\(error)",
                remedy: isURL ? "Give the host alone, without what is around it in a URL or a network" : nil)
        }
        if let problem = Self.problem(of: text) {
            throw ProbeError(.unknownHost, "\(UntrustedText(text).debugDescription) is no host's name: \(problem)")
        }
        self = .name(text)
    }

    private static func endsInNumber(_ text: String) -> Bool {
        guard let last = text.split(separator: ".").last else { return false }
        let isHex = last.hasPrefix("0x") || last.hasPrefix("0X")
        return isHex ? last.dropFirst(2).allSatisfy(\.isHexDigit) : last.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Why a text cannot be a name; what DNS does with other alphabets is for the system to say.
    private static func problem(of text: String) -> String? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false).map(\.utf8.count)
        if text.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F...0xA0).contains($0.value) }) {
            return "a space or a control character is in it"
        }
        // A dot at the end is right, and means that no search domain is to be added.
        if labels.dropLast().contains(0) || labels == [0] { return "a part between two dots is empty" }
        if text.utf8.count > 1024 { return "it is longer than any name" }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if labels.contains(where: { $0 > 63 }) { return "a part has more than 63 characters" }
        if text.utf8.count - (labels.last == 0 ? 1 : 0) > 253 { return "it has more than 253 characters" }
        return nil
    }
}
