/// Names that an attacker would give a router, the same in every run.
public struct HostileNames: Sequence, IteratorProtocol {
    /// A number in every control sequence of these names, so that they can be told apart from those of the program.
    public static let mark = "6660666"

    private var random: SeededGenerator
    private var count = 0

    /// An endless sequence of names.
    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A number of names, as the bytes that a server would send.
    public static func names(_ count: Int, seed: UInt64) -> [[UInt8]] { Array(HostileNames(seed: seed).prefix(count)) }

    /// The next name: each attack in turn, then random mixtures.
    public mutating func next() -> [UInt8]? {
        defer { count += 1 }
        let turn = count % (Self.ways.count + 3)
        if turn < Self.ways.count { return around(Self.ways[turn]) }
        switch turn - Self.ways.count {
        case 0: return (0..<random.below(256)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 1: return Array((0..<1 + random.below(6)).map { _ in Self.ways[random.below(Self.ways.count)] }.joined())
        default: return scalars(random.below(60))
        }
    }

    /// An attack inside a name that looks harmless, half of the time.
    private mutating func around(_ way: [UInt8]) -> [UInt8] {
        let isAlone = random.next() % 2 == 0
        return isAlone ? way : Array("ae\(random.below(100)).".utf8) + way + Array(".example.net".utf8)
    }

    private mutating func scalars(_ count: Int) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            let range = Self.nastyRanges[random.below(Self.nastyRanges.count)]
            let value = range.lowerBound + UInt32(random.below(range.count))
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return Array(String(text).utf8)
    }

    private static let nastyRanges: [ClosedRange<UInt32>] = [
        0...0x1F, 0x7F...0xA0, 0xAD...0xAD, 0x300...0x36F, 0x61C...0x61C, 0x180B...0x180F, 0x200B...0x200F,
        0x2028...0x202F, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFF0...0xFFFF, 0xE0000...0xE01FF,
        0xE000...0xF8FF, 0x10F700...0x10FFFF, 0x20...0x7E, 0x590...0x6FF, 0x1100...0x11FF, 0x1F300...0x1FAFF,
        0...0x10FFFF,
    ]

    /// Attacks on terminals, lines, the eye, markup and decoders.
    private static let ways: [[UInt8]] = texts.map { Array($0.utf8) } + bytes

    private static let texts: [String] = [
        // Nothing, or nothing to see.
        "", " ", ".", "\u{200B}", "\u{FEFF}", "\u{3164}", "\u{2800}", "\0", "\0\0hidden", "before\0after",
        // ESC [: colours, clearing, the cursor, the alternate screen, reports that come back as if typed.
        "\u{1B}[\(mark)m", "\u{1B}[31;\(mark)mred", "\u{1B}[2;\(mark)Jcleared", "\u{1B}[\(mark)A\u{1B}[\(mark)Kover",
        "\u{1B}[?1049;\(mark)h", "\u{1B}[\(mark)n", "\u{1B}[\(mark)c", "\u{1B}[20;\(mark)t", "\u{1B}c", "\u{1B}(0",
        "\u{1B}", "\u{1B}[", "\u{1B}[\(mark)",
        // ESC ]: the title, links, the clipboard; ended by BEL or by ESC \, or not at all.
        "\u{1B}]0;owned\u{07}", "\u{1B}]2;owned\u{1B}\\",
        "\u{1B}]8;;http://evil.example\u{1B}\\bank.example\u{1B}]8;;\u{1B}\\",
        "\u{1B}]8;;file:///etc/passwd\u{07}x\u{1B}]8;;\u{07}", "\u{1B}]52;c;cm0gLXJmIH4K\u{07}",
        "\u{1B}]52;c;?\u{07}", "\u{1B}]1337;File=:AAAA\u{07}", "\u{1B}]4;1;?\u{07}",
        // Strings to the device: sixels, macros, passed through by tmux.
        "\u{1B}Pq#0\u{1B}\\", "\u{1B}P$q\"p\u{1B}\\", "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;AA\u{07}\u{1B}\\",
        "\u{1B}_x\u{1B}\\",
        "\u{1B}^x\u{1B}\\", "\u{1B}Xx\u{1B}\\",
        // The same by single C1 characters.
        "\u{9B}\(mark)m", "\u{9B}2;\(mark)J", "\u{9D}0;owned\u{9C}", "\u{90}q\u{9C}", "\u{85}next line", "\u{84}",
        "\u{8D}",
        // Line ends and other single controls.
        "a\nb", "a\rb", "a\r\nb", "a\u{0B}b", "a\u{0C}b", "a\tb", "a\u{08}\u{08}b", "a\u{7F}b", "\u{07}\u{07}\u{07}",
        "\u{0E}shifted\u{0F}", "a\u{2028}b", "a\u{2029}b", "\u{1A}", "\u{05}", "\n 2  10.0.0.1 (10.0.0.1)  0.1 ms",
        // Text that turns round, or hides.
        "\u{202E}elpmaxe.live", "\u{202D}abc\u{202C}", "\u{2066}a\u{2067}b\u{2068}c\u{2069}", "\u{200F}a\u{200E}",
        "\u{061C}a", "good\u{200D}.example", "a\u{00AD}b", "a\u{2060}b", "\u{FE0F}\u{FE0F}", "\u{E0100}",
        "\u{E0065}\u{E0076}\u{E0069}\u{E006C}\u{E007F}", "\u{180E}", "\u{034F}", "\u{FFF9}a\u{FFFA}b\u{FFFB}",
        // Marks with nothing under them, and far too many.
        "\u{301}", "\u{20DD}", "Z" + String(repeating: "\u{35C}\u{489}\u{309}", count: 80),
        // Long, and wide.
        String(repeating: "a", count: 255), String(repeating: "a.", count: 127) + "a",
        String(repeating: "\u{1B}", count: 255), String(repeating: "\u{754C}", count: 85),
        String(repeating: "\u{1F600}", count: 63), String(repeating: "\u{202E}", count: 85),
        // Text that looks like the line around it, or like an escape.
        "r1.example (192.0.2.1)  0.001 ms", " * * *", "192.0.2.1", "a b", "\\u{1b}[31m", "\\x{ff}", "\"quoted\"", "\\",
        "\u{2026}",
        // Markup, commands, formats.
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "&#27;[31m", "' OR 1=1 --", "$(reboot)",
        "`reboot`", "; reboot", "%s%n%x", "%1b", "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2+3", "a,b;c\td", "{\"a\":1}",
        "]]>", "-->", "../../etc/passwd", "</svg>",
    ]

    /// Bytes that are not UTF-8, or not quite.
    private static let bytes: [[UInt8]] = [
        [0x9B, 0x33, 0x31, 0x6D], [0x9D, 0x30, 0x3B, 0x78, 0x9C], [0x61, 0x85, 0x62], [0xFF, 0xFE, 0xFD],
        [0xC0, 0x9B], [0xC1, 0xBF], [0xE0, 0x80, 0x9B], [0xF0, 0x80, 0x80, 0x9B], [0xED, 0xA0, 0x9B, 0xED, 0xB0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80], [0xC2], [0xF0, 0x9F, 0x98], [0x80, 0xBF], [0xF4, 0x8F, 0x9E, 0x9B],
        Array(repeating: 0x9B, count: 255), Array(repeating: 0xFF, count: 255), [0x1B, 0xFF, 0x5B, 0x33, 0x31, 0x6D],
    ]
}
