extension IPAddress {
    /// Why a text is not an address or a network, and at which character it goes wrong.
    public struct ParsingError: Error, Sendable, Hashable {
        /// What is wrong with the text.
        public enum Reason: Sendable, Hashable {
            /// There is no text.
            case empty
            /// A character that has no place where it stands.
            case unexpectedCharacter
            /// The text ends before the address is complete.
            case incomplete
            /// A number above what its place holds: 255 in IPv4, four hexadecimal digits in IPv6.
            case numberTooLarge
            /// A decimal number with a zero in front, which some systems read as octal.
            case leadingZero
            /// More numbers than an address has.
            case tooManyNumbers
            /// A second `::`, or one that stands for no group at all.
            case misplacedDoubleColon
            /// A `%` on an IPv4 address, or with nothing usable behind it.
            case badZone
            /// A zone given by a name that no interface here has.
            case unknownZone
            /// A network without `/` and a prefix length.
            case missingPrefixLength
            /// A prefix longer than the address.
            case prefixTooLong
            /// A network's address with bits set beyond its prefix.
            case hostBitsSet
        }

        /// What is wrong with the text.
        public let reason: Reason

        /// Where it goes wrong: the offset in bytes of UTF-8, from 0; the text's length when it ends too early.
        public let offset: Int

        /// The text that was to be read, which may come from anywhere.
        public let text: UntrustedText

        init(_ reason: Reason, at offset: Int, in text: String) {
            self.reason = reason
            self.offset = offset
            self.text = UntrustedText(text)
        }
    }
}

extension IPAddress.ParsingError: CustomStringConvertible {
    /// A sentence for a person: the text, what is wrong with it, and the character.
    public var description: String {
        guard reason != .empty else { return "an address was expected, and there is no text" }
        return "\(text.debugDescription) is not \(subject): \(explanation) (at character \(offset + 1))"
    }

    private var subject: String {
        switch reason {
        case .missingPrefixLength, .prefixTooLong, .hostBitsSet: "a network"
        default: "an address"
        }
    }

    private var explanation: String {
        switch reason {
        case .empty: "it is empty"
        case .unexpectedCharacter: "this character cannot stand here"
        case .incomplete: "it ends too early"
        case .numberTooLarge: "the number is too large"
        case .leadingZero: "a zero in front could mean octal; write the number without it"
        case .tooManyNumbers: "there are more numbers than an address has"
        case .misplacedDoubleColon: "\"::\" stands once, for at least one group of zeros"
        case .badZone: "a zone is \"%\" and an interface's index, on an IPv6 address"
        case .unknownZone: "there is no such interface"
        case .missingPrefixLength: "\"/\" and a prefix length are missing"
        case .prefixTooLong: "the prefix is longer than the address"
        case .hostBitsSet: "bits are set beyond the prefix"
        }
    }
}
