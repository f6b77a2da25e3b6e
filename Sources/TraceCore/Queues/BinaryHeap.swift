/// A priority queue: the smallest element comes out first.
///
/// Elements that compare equal come out in any order: if their order matters, it must be part of the comparison.
struct BinaryHeap<Element: Comparable & Sendable>: Sendable {
    private var elements: [Element] = []

    var count: Int { elements.count }

    /// The smallest element.
    var first: Element? { elements.first }

    mutating func insert(_ element: Element) {
        elements.append(element)
        rise(from: elements.count &- 1)
    }

    /// Takes the smallest element out.
    mutating func popFirst() -> Element? {
        guard let first = elements.first, let last = elements.popLast() else { return nil }
        if !elements.isEmpty { sink(last, from: 0) }
        return first
    }

    /// Removes elements, in no particular order.
    mutating func removeAll(where isDropped: (Element) -> Bool) {
        elements.removeAll(where: isDropped)
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(elements[index], from: index) }
    }

    // A moving element is written only once, at its final place; the others move into the hole.

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
