/// Questions in the order in which they came.
struct LookupLine {
    private var questions: [LookupQuestion] = []
    /// Those in front of it are gone: taking one out moves none.
    private var head = 0

    var count: Int { questions.count - head }

    mutating func append(_ question: LookupQuestion) { questions.append(question) }

    mutating func popFirst() -> LookupQuestion? {
        guard head < questions.count else { return nil }
        defer {
            head += 1
            if head > questions.count / 2 { dropHead() }
        }
        return questions[head]
    }

    /// Drops the questions that are not among these.
    mutating func keep(_ live: Set<LookupQuestion>) {
        dropHead()
        questions.removeAll { !live.contains($0) }
    }

    private mutating func dropHead() {
        questions.removeFirst(head)
        head = 0
    }
}
