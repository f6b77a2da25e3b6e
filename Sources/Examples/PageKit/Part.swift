internal import TraceCore

/// A part of a page that can change: an element with a name, made of further parts or of markup.
///
/// A page that lives is a tree of parts, made anew from what is known. What differs from the tree before is sent as patches, and
/// what the patches come to is what the page without script shows.
public struct Part: Sendable, Hashable {
    /// The name of the element in the page.
    package let id: String
    private let tag: HTML.Tag
    private let attributes: [HTML.Attribute]
    /// What comes before the parts in it.
    private let head: HTML
    private let parts: [Part]

    /// A part of markup.
    package init(_ id: String, _ tag: HTML.Tag = .div, _ attributes: [HTML.Attribute] = [], _ html: HTML) {
        self.init(id, tag, attributes, head: html, parts: [])
    }

    /// A part of parts.
    package init(
        _ id: String, _ tag: HTML.Tag = .div, _ attributes: [HTML.Attribute] = [], head: HTML = HTML(), parts: [Part]
    ) {
        self.id = id
        self.tag = tag
        self.attributes = attributes
        self.head = head
        self.parts = parts
    }

    /// The whole element.
    package var html: HTML { HTML(tag, [.id(id)] + attributes, content) }

    private var content: HTML {
        var content = head
        for part in parts { content += part.html }
        return content
    }

    /// What a page that shows another tree has to replace.
    package func patches(since old: Part?) -> [Patch] {
        guard self != old else { return [] }
        // The elements within are the same: only what is in them can differ.
        guard let old, old.id == id, head == old.head, parts.count == old.parts.count,
            zip(parts, old.parts).allSatisfy({ $0.id == $1.id && $0.tag == $1.tag && $0.attributes == $1.attributes }),
            !parts.isEmpty
        else { return [Patch(id: id, html: content)] }
        return zip(parts, old.parts).flatMap { $0.patches(since: $1) }
    }
}

/// What an element of a page is to show from now on.
public struct Patch: Sendable, Hashable, Encodable {
    /// The name of the element.
    public let id: String
    /// What it contains.
    public let html: HTML

    /// A patch of one's own.
    public init(id: String, html: HTML) {
        self.id = id
        self.html = html
    }

    private enum Key: String, CodingKey { case id, html }

    /// Writes an object of two texts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        try container.encode(html.text, forKey: .html)
    }
}
