/// The outlines of the world's countries, as points of longitude and latitude in degrees.
struct WorldOutline: Sendable {
    /// The outer rings of the land, one or more for each country.
    let rings: [[SIMD2<Double>]]
    /// The lines where two countries meet.
    let borders: [[SIMD2<Double>]]

    /// The built-in outlines, decoded at first use.
    static let shared = WorldOutline(decoding: text)

    /// Decodes the text that Scripts/world-outline.py writes. The format is described there.
    init(decoding text: String) {
        var reader = Reader(text: text.utf8)
        rings = reader.lines()
        reader.here = .zero
        borders = reader.lines()
    }

    private struct Reader {
        var bytes: [UInt8]
        var position = 0
        var here = SIMD2<Double>.zero

        init(text: String.UTF8View) {
            // Skips line ends and indentation.
            bytes = text.filter { $0 > 0x20 }
        }

        mutating func lines() -> [[SIMD2<Double>]] {
            (0..<number()).map { _ in
                (0..<number()).map { _ in
                    here += [Double(signed()), Double(signed())]
                    return here / 20
                }
            }
        }

        private mutating func signed() -> Int {
            let folded = number()
            return folded & 1 == 0 ? folded >> 1 : ~(folded >> 1)
        }

        private mutating func number() -> Int {
            var value = 0
            var shift = 0
            while position < bytes.count {
                let digit = Int(bytes[position]) - 0x30
                position += 1
                value |= (digit & 31) << shift
                if digit & 32 == 0 { break }
                shift += 5
            }
            return value
        }
    }
}
