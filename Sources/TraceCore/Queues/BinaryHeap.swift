/// Elements of which the least is at hand.
///
/// Of elements that are neither less than each other any may come first: where their order matters, it is a part of them.
struct BinaryHeap<Element: Comparable & Sendable>: Sendable {
    private var elements: [Element] = []

    var count: Int { elements.count }

    /// The least element.
    var first: Element? { elements.first }

    mutating func insert(_ element: Element) {
        elements.append(element)
        rise(from: elements.count &- 1)
    }

    /// Takes the least element out.
    mutating func popFirst() -> Element? {
        guard let first = elements.first, let last = elements.popLast() else { return nil }
        if !elements.isEmpty { sink(last, from: 0) }
        return first
    }

    /// Drops elements, in no order.
    mutating func removeAll(where isDropped: (Element) -> Bool) {
        elements.removeAll(where: isDropped)
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(elements[index], from: index) }
    }

    // An element that moves is written once, where it comes to rest, and the others move into its hole.

    private mutating func rise(from start: Int) {
        let element = elements[start]
        var index = start
        while index > 0 {
            let parent = (index &- 1) / 2
            guard element < elements[parent] else { break }
            elements[index] = elements[parent]
            index = parent
        }
        elements[index] = element
    }

    private mutating func sink(_ element: Element, from start: Int) {
        var index = start
        while true {
            var child = 2 &* index &+ 1
            guard child < elements.count else { break }
            if child &+ 1 < elements.count, elements[child &+ 1] < elements[child] { child &+= 1 }
            guard elements[child] < element else { break }
            elements[index] = elements[child]
            index = child
        }
        elements[index] = element
    }
}
