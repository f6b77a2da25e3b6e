import Foundation
import Testing

@testable import TraceCore

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A chart as an XML parser sees it.
final class ChartReading: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""

        func number(_ name: String) -> Double { Double(attributes[name] ?? "") ?? .nan }
    }

    /// Where a text is, if the font is wide.
    struct Box: CustomStringConvertible {
        let text: String
        let left, right, top, bottom: Double

        func overlaps(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }

        var description: String { "\"\(text)\" from \(left) to \(right), down to \(bottom)" }
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []
    private var problem: String?

    /// Reads a chart; one that is not well-formed fails the test.
    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        let isRead = parser.parse()
        #expect(isRead && problem == nil, "\(problem ?? "not well-formed"): \(svg.prefix(400))")
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    var width: Double { elements.first?.number("width") ?? 0 }
    var height: Double { elements.first?.number("height") ?? 0 }
    var figures: String { all("desc").first?.text ?? "" }

    /// All texts of the picture.
    ///
    /// - Parameter share: How wide the font is, as a share of a wide one.
    func boxes(share: Double = 1) -> [Box] {
        all("text").map { element in
            let size = element.number("font-size")
            let style = element.attributes["class"] ?? ""
            let isBold = style.contains("title") || style.contains("strong")
            let width = Self.width(element.text) * size * (isBold ? 1.1 : 1) * share
            let x = element.number("x")
            let left = ["end": x - width, "middle": x - width / 2][element.attributes["text-anchor"] ?? ""] ?? x
            let y = element.number("y")
            return Box(
                text: element.text, left: left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.25)
        }
    }

    /// The width of a text in DejaVu Sans, which is as wide as fonts get that people read.
    private static func width(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { width, scalar in
            let isDigit = ("0"..."9").contains(scalar)
            return width
                + ("ijlI|'".unicodeScalars.contains(scalar)
                    ? 0.3
                    : " .,:;!ftr()[]/".unicodeScalars.contains(scalar)
                        ? 0.39
                        : "mwMW@%\u{2026}".unicodeScalars.contains(scalar)
                            ? 1
                            : ("A"..."Z").contains(scalar)
                                ? 0.79 : isDigit || scalar.isASCII ? 0.64 : 0.62 * Double(scalar.columns))
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        _ = open.popLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if let last = open.last { elements[last].text += string }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { problem = "\(error)" }
}
