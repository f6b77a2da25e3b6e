/// Answers that are known for a while. Their number is limited, and the least recently used ones go first.
struct LookupCache {
    private struct Entry {
        let answer: LookupAnswer
        let expires: Duration
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [LookupQuestion: Entry] = [:]
    /// Counts the uses, so that the order of two of them is known.
    private var uses = 0

    init(limit: Int) { self.limit = max(0, limit) }

    var count: Int { entries.count }

    /// The answer to a question, if it is known and still holds.
    mutating func answer(to question: LookupQuestion, at now: Duration) -> LookupAnswer? {
        guard let index = entries.index(forKey: question) else { return nil }
        guard entries.values[index].expires > now else {
            entries.remove(at: index)
            return nil
        }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index].answer
    }

    /// Keeps an answer until a time.
    mutating func keep(_ answer: LookupAnswer, to question: LookupQuestion, until expires: Duration, now: Duration) {
        guard limit > 0, expires > now else { return }
        uses += 1
        if entries[question] == nil, entries.count >= limit { makeRoom(at: now) }
        entries[question] = Entry(answer: answer, expires: expires, lastUse: uses)
    }

    /// Drops what has expired, and if that is little, also the least recently used: an eighth at once, for
    /// finding it takes a look at all.
    private mutating func makeRoom(at now: Duration) {
        let goal = limit - max(1, limit / 8)
        entries = entries.filter { $0.value.expires > now }
        guard goal > 0 else { return entries.removeAll() }
        guard entries.count > goal else { return }
        let oldestKept = entries.values.map(\.lastUse).sorted()[entries.count - goal]
        entries = entries.filter { $0.value.lastUse >= oldestKept }
    }
}
