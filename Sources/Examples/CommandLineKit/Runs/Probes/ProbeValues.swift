internal import Glibc
public import TraceCore

/// Where probes are sent from: an interface or an address.
public enum Origin: Sendable, Hashable {
    /// The interface that they leave by.
    case interface(String)
    /// The address that they come from.
    case address(IPAddress)
}

/// Whether packets may be cut on their way, in the words of ping.
public enum Fragmenting: String, Sendable, Hashable, CaseIterable {
    case `do`, want, dont, probe

    /// Whether routers must not cut them.
    var forbidsFragments: Bool { self == .do || self == .probe }
}

/// Where a probe carries the number that tells it from others.
public enum ProbeIdentity: String, Sendable, Hashable, CaseIterable {
    case automatic, classic, paris, dublin

    var identity: PacketOptions.Identity {
        switch self {
        case .automatic: .automatic
        case .classic: .classic
        case .paris: .paris
        case .dublin: .dublin
        }
    }

    var isForUDPOnly: Bool { self == .classic || self == .dublin }
}

extension ValueKind where Value == Origin {
    /// The name of an interface.
    static var originInterface: Self {
        let kind = ValueKind<String>.interface
        return Self(kind.placeholder, expecting: kind.expectation, completion: kind.completion) { text in
            kind.read(text).map { .interface($0) }
        }
    }

    /// The name of an interface, or an address.
    static var origin: Self {
        Self(
            "INTERFACE|ADDRESS", expecting: "the name of a network interface, or an address",
            completion: .interfaces
        ) { text in
            ValueKind<IPAddress>.address.read(text).map { .address($0) }
                ?? ValueKind<String>.interface.read(text).map { .interface($0) }
        }
    }
}

extension ValueKind where Value == [UInt8] {
    /// Up to sixteen bytes in hexadecimal, as in `ff00`.
    static var hexadecimal: Self {
        Self("HEX", expecting: "up to 16 bytes in hexadecimal, such as ff00") { text in
            let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
            // A single digit is a byte, as ping has it.
            let even = digits.count == 1 ? "0" + digits : digits
            guard (2...32).contains(even.count), even.count % 2 == 0, even.allSatisfy(\.isHexDigit) else { return nil }
            let values = even.map { UInt8($0.hexDigitValue ?? 0) }
            return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
        }
    }

    /// The number of a byte.
    static var byte: Self {
        let kind = ValueKind<UInt8>.integer(0...255)
        return Self(kind.placeholder, expecting: kind.expectation) { text in kind.read(text).map { [$0] } }
    }
}

extension ValueKind where Value == UInt32 {
    /// A flow label in hexadecimal, with or without `0x`.
    static var hexadecimalFlowLabel: Self {
        Self("LABEL", expecting: "a hexadecimal number from 0 to fffff") { text in
            let digits = text.lowercased().hasPrefix("0x") ? text.dropFirst(2) : text[...]
            guard (1...5).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
            return UInt32(digits, radix: 16)
        }
    }
}

extension ValueKind where Value == UInt8 {
    /// A traffic class: its number, or the name of a differentiated services code point (RFC 2474, 2597, 3246, 8622).
    static var trafficClass: Self {
        Self("TOS", expecting: "a number from 0 to 255, or a DSCP such as ef, cs1 or af41") { text in
            ValueKind<UInt8>.integer(0...255).read(text) ?? codePoint(text.lowercased()).map { $0 << 2 }
        }
    }

    private static func codePoint(_ name: String) -> UInt8? {
        let digits = name.compactMap(\.wholeNumberValue).map { UInt8($0) }
        switch (name.prefix { !$0.isNumber }, digits.count) {
        case ("ef", 0): return 46
        case ("va", 0): return 44
        case ("le", 0): return 1
        case ("cs", 1) where digits[0] < 8: return digits[0] << 3
        case ("af", 2) where (1...4).contains(digits[0]) && (1...3).contains(digits[1]):
            return digits[0] << 3 | digits[1] << 1
        default: return nil
        }
    }
}
