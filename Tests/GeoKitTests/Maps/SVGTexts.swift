@testable import GeoKit

/// The texts of a picture, measured as they are drawn in DejaVu Sans: no font of the style sheet is wider.
struct SVGText {
    let words: String
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    /// The texts of a picture, a note and what it belongs to as one.
    static func all(in reading: SVGReading) -> [SVGText] {
        reading.elements.indices.filter { reading.elements[$0].name == "text" }.map { index in
            let element = reading.elements[index]
            let style = element.attributes["class", default: ""].split(separator: " ")
            let isBold = style.contains("label") || style.contains("name") || style.contains("title")
            let size = Self.number(element, "font-size")
            var words = element.text
            var width = Self.width(words, size: size, isBold: isBold)
            if index + 1 < reading.elements.count, reading.elements[index + 1].name == "tspan" {
                let note = reading.elements[index + 1]
                width +=
                    Self.number(note, "dx")
                    + Self.width(note.text, size: Self.number(note, "font-size"), isBold: false)
                words += " " + note.text
            }
            let x = Self.number(element, "x")
            let left =
                switch element.attributes["text-anchor"] {
                case "end": x - width
                case "middle": x - width / 2
                default: x
                }
            let y = Self.number(element, "y")
            return SVGText(words: words, left: left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.25)
        }
    }

    private static func number(_ element: SVGReading.Element, _ name: String) -> Double {
        element.attributes[name].flatMap(Double.init) ?? .nan
    }

    static func width(_ text: String, size: Double, isBold: Bool) -> Double {
        text.reduce(0) { $0 + ((isBold ? bold : regular)[$1] ?? 1) } * size
    }

    // The advance widths in the tables of the font files, in thousandths of the size.
    private static let regular = table([
        ("'", 275), ("ijl", 278), ("IJ", 295), (" ,.\u{B7}", 318), ("/:;\\|", 337), ("f", 352), ("-", 361),
        ("()[]", 390), ("t", 392), ("!", 401), ("r", 411), ("\"", 460), ("*_`\u{2013}", 500), ("s", 521), ("z", 525),
        ("?", 531), ("c", 550), ("L", 557), ("F", 575), ("k", 579), ("vxy", 592), ("P", 603), ("TY", 611), ("o", 612),
        ("a\u{E3}", 613), ("e", 615), ("E", 632), ("hnu", 634), ("Sbdgpq", 635), ("$0123456789{}", 636), ("K", 656),
        ("AV", 684), ("XZ", 685), ("B", 686), ("R", 695), ("C", 698), ("U", 732), ("N", 748), ("H", 752), ("D", 770),
        ("G", 775), ("&", 780), ("OQ", 787), ("w", 818), ("#+<=>^~\u{2192}", 838), ("M", 863), ("%", 950), ("m", 974),
        ("W", 989), ("@\u{2026}", 1000),
    ])
    private static let bold = table([
        ("'", 306), ("ijl", 343), (" ", 348), ("/\\|", 365), ("IJ", 372), (",.\u{B7}", 380), (":;", 400), ("-", 415),
        ("f", 435), ("!", 456), ("()[]", 457), ("t", 478), ("r", 493), ("_`\u{2013}", 500), ("\"", 521), ("*", 523),
        ("?", 580), ("z", 582), ("c", 593), ("s", 595), ("L", 637), ("x", 645), ("vy", 652), ("k", 665),
        ("a\u{E3}", 675), ("e", 678), ("T", 682), ("EF", 683), ("o", 687), ("$0123456789", 696), ("hnu{}", 712),
        ("bdgpq", 716), ("S", 720), ("Y", 724), ("Z", 725), ("P", 733), ("C", 734), ("B", 762), ("R", 770), ("X", 771),
        ("AV", 774), ("K", 775), ("U", 812), ("G", 821), ("D", 830), ("HN", 837), ("#+<=>^~\u{2192}", 838),
        ("OQ", 850), ("&", 872), ("w", 924), ("M", 995), ("@\u{2026}", 1000), ("%", 1002), ("m", 1042), ("W", 1103),
    ])

    private static func table(_ rows: [(signs: String, width: Int)]) -> [Character: Double] {
        rows.reduce(into: [:]) { table, row in
            for sign in row.signs { table[sign] = Double(row.width) / 1000 }
        }
    }
}
