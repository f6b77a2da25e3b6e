/// What a text that names a host of a request says.
///
/// It is stricter than resolvers are, so that nothing but a name comes to one. They read `0x7f.1` and `2130706433` as
/// addresses, take letters of other widths for digits, and hand on what looks like an option of a program.
enum TargetText: Sendable, Hashable {
    case address(IPAddress)
    /// An address with the name of an interface, which is not looked up yet: whether there is one is no business of those
    /// who may not use it. The address has some zone.
    case scoped(String, IPAddress)
    /// The addresses of a network, for a sweep.
    case network(IPNetwork)
    /// A name, to be looked up.
    case name(String)

    /// The most letters of a name as DNS has it (RFC 1035 section 2.3.4), in whichever alphabet.
    private static let longest = 255

    init(_ text: String, isSweep: Bool = false) throws(RequestError) {
        // Four bytes a letter: a name of 255 letters can have as many, and more is not worth a look at each.
        guard text.utf8.count <= 4 * Self.longest, text.unicodeScalars.count <= Self.longest else {
            throw Self.refusal(text, "a host's name has at most \(Self.longest) letters")
        }
        if isSweep, let network = IPNetwork(text) {
            self = .network(network)
            return
        }
        // As in a URL, where the brackets keep an IPv6 address from the port.
        if text.hasPrefix("["), text.hasSuffix("]"), let address = IPAddress(String(text.dropFirst().dropLast())),
            address.isV6
        {
            self = .address(address)
            return
        }
        let host: HostText
        do throws(ProbeError) {
            host = try HostText(text, zone: { _ in 1 })
        } catch {
            throw Self.refusal(
                text, Self.looksLikeNumber(text) ? "an address is written as four numbers with dots" : nil)
        }
        switch host {
        case .address(let address) where IPAddress(text) != nil: self = .address(address)
        case .address(let address):
            let zone = text.split(separator: "%").last ?? ""
            guard zone.utf8.count <= 15, zone.utf8.allSatisfy(Self.isPlain) else { throw Self.refusal(text, nil) }
            self = .scoped(text, address)
        case .name(let name):
            if let problem = Self.problem(of: name) { throw Self.refusal(text, problem) }
            self = .name(name)
        }
    }

    private static func refusal(_ text: String, _ problem: String?) -> RequestError {
        RequestError(
            .malformed, .target, text, "the name of a host or an address is wanted" + (problem.map { "; \($0)" } ?? ""))
    }

    private static func looksLikeNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    /// Letters, digits, hyphen, underscore and dot.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Why a text cannot be a name, by RFC 952 and RFC 1123 section 2.1; with underscores, which names of services have.
    private static func problem(of name: String) -> String? {
        for label in name.split(separator: ".") where label.hasPrefix("-") || label.hasSuffix("-") {
            return "no part of a name begins or ends with a hyphen"
        }
        for scalar in name.unicodeScalars where !isOfName(scalar) {
            return "\(UntrustedText(String(scalar)).debugDescription) cannot be in a name"
        }
        return nil
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isPlain(UInt8(scalar.value)) }
        // Letters of other widths and styles, which a resolver takes for those of ASCII.
        if (0xFF00...0xFFEF).contains(scalar.value) || (0x1D400...0x1D7FF).contains(scalar.value) { return false }
        if scalar.isHazardous { return false }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: scalar == "\u{B7}" || scalar == "\u{30FB}"
        }
    }
}
