/// Elements that come out in the order in which they went in.
///
/// Taking an element out moves no other: the space before the first is freed once it is more than half of all.
struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count &- head }
    var isEmpty: Bool { count == 0 }

    /// The element that has waited longest.
    var first: Element? { head < elements.count ? elements[head] : nil }

    /// The element at a place in the queue; 0 is the first.
    subscript(place: Int) -> Element { elements[head + place] }

    mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the first element out.
    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head]
        head &+= 1
        // A short head is not worth a move; an empty queue is reset for nothing.
        if head == elements.count || head > 64 && head > elements.count / 2 { dropHead() }
        return first
    }

    /// Takes the first element out if it meets a condition.
    mutating func popFirst(where isMeant: (Element) -> Bool) -> Element? {
        guard let first, isMeant(first) else { return nil }
        return popFirst()
    }

    /// Removes elements; the others keep their order.
    mutating func removeAll(where isDropped: (Element) -> Bool) {
        dropHead()
        elements.removeAll(where: isDropped)
    }

    private mutating func dropHead() {
        if head == elements.count { elements.removeAll(keepingCapacity: true) } else { elements.removeFirst(head) }
        head = 0
    }
}
