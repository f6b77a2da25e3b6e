public import TraceCore

/// A part of a page, which is markup already.
///
/// It is made of elements and of text, and text is always escaped. There is no way to put markup of one's own into a page, so
/// nothing that a stranger wrote can become any.
///
/// ```swift
/// HTML(.p, .class("note")) {
///     "from "
///     HTML(.a, .href(Link(["host"], ["name": name]))) { name }
/// }
/// ```
public struct HTML: Sendable, Hashable {
    /// The markup.
    public private(set) var text = ""

    /// Nothing.
    public init() {}

    /// An element.
    public init(_ tag: Tag, _ attributes: Attribute?..., @Builder content: () -> HTML = { HTML() }) {
        self.init(tag, attributes, content())
    }

    /// An element with attributes that are made elsewhere.
    public init(_ tag: Tag, _ attributes: [Attribute?], _ content: HTML = HTML()) {
        text = "<" + tag.rawValue
        for attribute in attributes { if let attribute { text += attribute.markup } }
        text += ">"
        guard !tag.isEmpty else { return }
        text += content.text + "</" + tag.rawValue + ">"
    }

    /// Text of our own, or text that is escaped for display already.
    public init(_ text: String) { self.text = text.escapedForPages }

    /// Lines as they would stand in a terminal, for a `pre`.
    public init(lines: [String]) { text = lines.map(\.escapedForPages).joined(separator: "\n") }

    /// Text that a stranger wrote: nothing in it is invisible, or turns the text around it.
    public init(_ text: UntrustedText) { self.text = text.escapedForPages }

    /// A drawing of the libraries. Its style is in the page's own sheet, because pages allow none within elements.
    package init(drawing svg: String) {
        guard let start = svg.firstRange(of: "<style>"), let end = svg.firstRange(of: "</style>") else {
            text = svg
            return
        }
        text = String(svg[..<start.lowerBound]) + svg[end.upperBound...]
    }

    /// A style sheet of our own, for a document that brings all with it.
    init(sheet bytes: [UInt8]) { text = "<style>\n" + String(decoding: bytes, as: UTF8.self) + "</style>" }

    /// How many bytes it has.
    public var size: Int { text.utf8.count }

    /// Adds what comes behind it.
    public static func += (left: inout HTML, right: HTML) { left.text += right.text }

    /// A whole document.
    func document() -> [UInt8] { Array(("<!DOCTYPE html>\n" + text + "\n").utf8) }

    /// The elements that pages have. Scripts and styles are none of them, but for those of `WebPage`.
    public enum Tag: String, Sendable {
        case html, head, title, meta, link, script, noscript, body, header, main, footer, section, div, span, p, a
        case h1, h2, h3, ul, li, dl, dt, dd, table, thead, tbody, tr, th, td, pre, abbr
        case form, fieldset, legend, label, input, button, details, summary
        case svg, path, rect, text

        /// Whether it has no content and no end.
        var isEmpty: Bool {
            switch self {
            case .meta, .link, .input: true
            default: false
            }
        }
    }

    /// An attribute of an element. None of them is a script.
    public struct Attribute: Sendable, Hashable {
        let markup: String

        /// An attribute of which only this file says the name.
        private init(_ name: StaticString, _ value: String) {
            markup = " \(name)=\"" + value.escapedForPages + "\""
        }

        /// An attribute that is there or not.
        private init(_ name: StaticString) { markup = " \(name)" }

        /// What patches and labels find it by.
        public static func id(_ id: String) -> Attribute { Attribute("id", id) }
        /// The classes.
        public static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
        /// Where a link leads.
        public static func href(_ link: Link) -> Attribute { Attribute("href", link.text) }
        /// Where a form is sent.
        public static func action(_ link: Link) -> Attribute { Attribute("action", link.text) }
        /// What a script or a picture is read from.
        public static func src(_ link: Link) -> Attribute { Attribute("src", link.text) }
        /// The name of a field.
        public static func name(_ name: String) -> Attribute { Attribute("name", name) }
        /// The value of a field.
        public static func value(_ value: String) -> Attribute { Attribute("value", value) }
        /// The kind of a field or a button.
        public static func type(_ type: String) -> Attribute { Attribute("type", type) }
        /// What a field shows while it is empty.
        public static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
        /// What is said of an element.
        public static func title(_ text: String) -> Attribute { Attribute("title", text) }
        /// The role for screen readers.
        public static func role(_ role: String) -> Attribute { Attribute("role", role) }
        /// The name for screen readers.
        public static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
        /// The scope of a table's head.
        public static func scope(_ scope: String) -> Attribute { Attribute("scope", scope) }
        /// How a link is related.
        public static func rel(_ relation: String) -> Attribute { Attribute("rel", relation) }
        /// The language of a page.
        public static func lang(_ language: String) -> Attribute { Attribute("lang", language) }
        /// The content of a `meta`.
        public static func content(_ text: String) -> Attribute { Attribute("content", text) }
        /// A form that changes something.
        public static let post = Attribute(markup: " method=\"post\"")
        /// A `meta` that goes to another page at once.
        public static func refresh(to link: Link) -> Attribute {
            Attribute(markup: " http-equiv=\"refresh\"" + Attribute("content", "0; url=" + link.text).markup)
        }
        /// The encoding of a page.
        public static let utf8 = Attribute("charset", "utf-8")
        /// A field without which a form is not sent.
        public static let required = Attribute("required")
        /// A box or a choice that is chosen.
        public static let checked = Attribute("checked")
        /// What can be opened is open.
        public static let open = Attribute("open")
        /// Not shown.
        public static let absent = Attribute("hidden")
        /// Where the keyboard is at the start.
        public static let autofocus = Attribute("autofocus")
        /// A script that waits for the page.
        public static let `defer` = Attribute("defer")
        /// Can be reached by the keyboard, to scroll what is too wide.
        public static let focusable = Attribute("tabindex", "0")
        /// The name under which a link is stored.
        public static func download(_ name: String) -> Attribute { Attribute("download", name) }
        /// Not completed or corrected by the browser: the names of hosts are no words.
        public static let plain = Attribute(
            markup: " autocomplete=\"off\" autocapitalize=\"off\" autocorrect=\"off\" spellcheck=\"false\"")
        /// The keyboard of a phone, and the least and the most of a number.
        public static func number(_ range: ClosedRange<Int>) -> Attribute {
            Attribute(markup: " inputmode=\"numeric\" min=\"\(range.lowerBound)\" max=\"\(range.upperBound)\"")
        }
        /// What the script of the page reads.
        public static func data(_ name: Data, _ value: String) -> Attribute {
            Attribute(markup: " data-\(name.rawValue)=\"" + value.escapedForPages + "\"")
        }
        /// What a drawing of a page is made of.
        package static func drawing(_ name: StaticString, _ value: String) -> Attribute { Attribute(name, value) }

        private init(markup: String) { self.markup = markup }

        /// The names of what the script reads.
        public enum Data: String, Sendable {
            /// Where the patches of a run come from.
            case live
            /// The host that a click makes the next target.
            case target
            /// What a link copies.
            case copy
            /// Where a button ends a run.
            case stop
            /// The name under which a result is kept.
            case kept
            /// The name of a column, where a narrow page shows cells below one another.
            case column
            /// A picture that can be moved and made larger.
            case zoom
            /// The stream of patches has no end: where it breaks off, it is asked for again.
            case lasting
            /// The times, in seconds since 1970, at the ends of the axis of a chart.
            case from, to
            /// The page that shows a part of a chart.
            case page
        }
    }

    /// Joins parts to one.
    @resultBuilder public enum Builder {
        /// A part.
        public static func buildExpression(_ part: HTML) -> HTML { part }
        /// Text of our own.
        public static func buildExpression(_ text: String) -> HTML { HTML(text) }
        /// Text of a stranger.
        public static func buildExpression(_ text: UntrustedText) -> HTML { HTML(text) }
        /// Several parts.
        public static func buildBlock(_ parts: HTML...) -> HTML { joined(parts) }
        /// A part that may be missing.
        public static func buildOptional(_ part: HTML?) -> HTML { part ?? HTML() }
        /// One of two parts.
        public static func buildEither(first part: HTML) -> HTML { part }
        /// One of two parts.
        public static func buildEither(second part: HTML) -> HTML { part }
        /// The parts of a loop.
        public static func buildArray(_ parts: [HTML]) -> HTML { joined(parts) }

        private static func joined(_ parts: [HTML]) -> HTML {
            var whole = HTML()
            for part in parts { whole += part }
            return whole
        }
    }
}

extension UntrustedText {
    /// Escaped for display and for markup. Unlike `html`, it is never cut: a page has room.
    fileprivate var escapedForPages: String { escaped.markup }
}

extension String {
    /// Escaped for markup; and for display, should anything in it be invisible after all.
    fileprivate var escapedForPages: String {
        let escaped = UntrustedText(self).escaped
        // Escaping doubles backslashes too, which are no hazard in a text that is escaped already.
        return escaped == self || escaped.replacing("\\\\", with: "\\") == self ? markup : escaped.markup
    }
}

/// Where a link leads: a path of this server.
public struct Link: Sendable, Hashable {
    /// The link as it stands in a page.
    public let text: String

    /// A path of this server, with a query. Everything is percent-encoded.
    public init(_ path: [String], _ query: [(String, String)] = []) {
        var text = "/" + path.map(Self.encoded).joined(separator: "/")
        if !query.isEmpty {
            text += "?" + query.map { Self.encoded($0.0) + "=" + Self.encoded($0.1) }.joined(separator: "&")
        }
        self.text = text
    }

    /// What a path or a query may have as it is; the rest is percent-encoded.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for octet in text.utf8 {
            switch octet {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x3A:
                result.unicodeScalars.append(Unicode.Scalar(octet))
            default: result += "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
