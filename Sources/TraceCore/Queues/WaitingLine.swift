/// Things that wait for their turn, in the order in which they came.
struct WaitingLine<Element> {
    private var elements: [Element] = []
    /// Those in front of it are gone: taking one out moves none.
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        defer {
            head += 1
            if head > elements.count / 2 { dropHead() }
        }
        return elements[head]
    }

    /// Drops what is not among these.
    mutating func keep(_ live: Set<Element>) where Element: Hashable {
        dropHead()
        elements.removeAll { !live.contains($0) }
    }

    private mutating func dropHead() {
        elements.removeFirst(head)
        head = 0
    }
}
