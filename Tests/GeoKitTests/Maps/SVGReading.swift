import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A picture as an XML parser sees it.
final class SVGReading: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []
    private var problem: String?

    /// Reads a picture; one that is not well-formed fails the test.
    init(_ svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        let isRead = parser.parse()
        #expect(isRead && problem == nil, "\(problem ?? "not well-formed")")
    }

    func all(_ name: String, class style: String? = nil) -> [Element] {
        elements.filter { element in
            guard element.name == name else { return false }
            guard let style else { return true }
            return element.attributes["class", default: ""].split(separator: " ").contains(Substring(style))
        }
    }

    /// The lines of a path of relative steps, as points.
    static func lines(_ data: String) -> [[SIMD2<Double>]] {
        data.split(separator: "M").map { part in
            var numbers: [Double] = []
            var number = ""
            for character in part + " " {
                if character == "-" || character == " " || character == "l" || character == "z"
                    || (character == "." && number.contains("."))
                {
                    if let value = Double(number) { numbers.append(value) }
                    number = ""
                }
                if character == "-" || character == "." || character.isNumber { number.append(character) }
            }
            var here = SIMD2<Double>.zero
            return stride(from: 0, to: numbers.count - 1, by: 2).map { index in
                here += [numbers[index], numbers[index + 1]]
                return here
            }
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
