/// Remembers what it has seen of late: at least half as much as its limit, never more than that.
struct RecentSet<Element: Hashable> {
    private let limit: Int
    private var recent: Set<Element> = []
    /// What `recent` was before it was half of the limit.
    private var before: Set<Element> = []

    init(limit: Int) { self.limit = max(2, limit) }

    var count: Int { recent.count + before.count }

    mutating func reserveCapacity(_ count: Int) { recent.reserveCapacity(count) }

    /// Takes an element in; whether it is new, or was seen so long ago that it is forgotten.
    mutating func insert(_ element: Element) -> Bool {
        if recent.contains(element) { return false }
        let isNew = before.remove(element) == nil
        recent.insert(element)
        if recent.count >= limit / 2 {
            before = recent
            recent = []
        }
        return isNew
    }

    /// Forgets an element.
    mutating func remove(_ element: Element) {
        recent.remove(element)
        before.remove(element)
    }
}
