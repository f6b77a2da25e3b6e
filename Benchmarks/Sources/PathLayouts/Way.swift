/// A part of a path: routers one after the other, or several ways side by side.
package indirect enum Way {
    case node(String)
    case sequence([Way])
    case choice([Way])

    /// As topologies write it.
    package var text: String {
        switch self {
        case .node(let name): name
        case .sequence(let parts): parts.map(\.text).joined(separator: " ")
        case .choice(let ways): "(" + ways.map(\.text).joined(separator: " | ") + ")"
        }
    }

    package var names: [String] {
        switch self {
        case .node(let name): [name]
        case .sequence(let parts), .choice(let parts): parts.flatMap(\.names)
        }
    }

    /// The nodes that it begins with; none if it may be empty.
    package var first: [String] {
        switch self {
        case .node(let name): [name]
        case .sequence(let parts): parts.first?.first ?? []
        case .choice(let ways): ways.flatMap(\.first)
        }
    }

    /// The links within it and to what comes behind it, given what that begins with.
    package func links(before next: [String], into links: inout Set<Link>) {
        switch self {
        case .node(let name): for other in next { links.insert(Link(from: name, to: other)) }
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() {
                part.links(before: next, into: &links)
                next = part.first
            }
        case .choice(let ways): for way in ways { way.links(before: next, into: &links) }
        }
    }

    package struct Link: Hashable {
        package let from: String
        package let to: String

        package init(from: String, to: String) { (self.from, self.to) = (from, to) }
    }
}

/// Ways by short words: `"a"`, `wide("b", 4)`, `["c", "d"]`.
extension Way: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    package init(stringLiteral name: String) { self = .node(name) }
    package init(arrayLiteral parts: Way...) { self = .sequence(parts) }
}

package func wide(_ name: String, _ count: Int) -> Way { .choice((1...count).map { .node("\(name)\($0)") }) }
package func either(_ ways: Way...) -> Way { .choice(ways) }
