/// Decides which look-ups are made when, who waits for them and what is known: the resolver without its threads, its
/// clock and the system.
///
/// A waiter is whatever the caller keeps for a question; the desk hands it back with the answer.
struct LookupDesk<Waiter> {
    /// What becomes of a question.
    enum Admission {
        /// Here is the answer, or why there is none.
        case answered(LookupAnswer)
        /// The waiter is kept; a thread has to be started for the question, if one is given.
        case waits(start: LookupQuestion?)
    }

    private let settings: SystemResolver.Settings
    private var cache: LookupCache
    /// The open questions, and the waiters of each.
    private var waiters: [LookupQuestion: [Int: Waiter]] = [:]
    /// Those of them that a thread has taken, and when: never more than there are threads.
    private var started: [LookupQuestion: Duration] = [:]
    /// The questions that wait for a thread; some may not be asked any more.
    private var forward = Queue<LookupQuestion>()
    private var reverse = Queue<LookupQuestion>()

    init(settings: SystemResolver.Settings) {
        self.settings = settings
        cache = LookupCache(limit: settings.cacheLimit)
    }

    /// The threads that are at work.
    var running: Int { started.count }
    /// The questions that wait for a thread.
    var queued: Int { waiters.count - started.count }
    /// The room that the questions take which wait, or have waited.
    var lineLength: Int { forward.count + reverse.count }

    /// The answer that is known.
    mutating func known(_ question: LookupQuestion, at now: Duration) -> LookupAnswer? {
        cache.answer(to: question, at: now)
    }

    /// Takes in a question.
    ///
    /// - Parameter number: The waiter's number, by which it can leave.
    mutating func ask(_ question: LookupQuestion, for waiter: Waiter, number: Int, at now: Duration) -> Admission {
        if let answer = cache.answer(to: question, at: now) { return .answered(answer) }
        let isReverse = question.isReverse
        let isFull = isFull(forReverse: isReverse)
        if isFull, areAllStuck(forReverse: isReverse, at: now) { return .answered(.failed(allStuck)) }
        if waiters[question] != nil {
            waiters[question]?[number] = waiter
            return .waits(start: nil)
        }
        if isFull, queued >= settings.queueLimit { return .answered(.failed(tooMany)) }
        waiters[question] = [number: waiter]
        guard isFull else {
            started[question] = now
            return .waits(start: question)
        }
        if isReverse { reverse.append(question) } else { forward.append(question) }
        return .waits(start: nil)
    }

    /// Removes a waiter before its answer has come; nil if it has had an answer already.
    mutating func leave(_ question: LookupQuestion, number: Int) -> Waiter? {
        guard let waiter = waiters[question]?.removeValue(forKey: number) else { return nil }
        // What runs cannot be stopped, and its answer is worth keeping; what waits need not run.
        if started[question] == nil, waiters[question]?.isEmpty ?? false {
            waiters[question] = nil
            tidyLines()
        }
        return waiter
    }

    /// Takes in an answer, and gives those who have to be told and the question that the thread takes next; without
    /// one it has to end.
    mutating func finish(
        _ question: LookupQuestion, with answer: LookupAnswer, at now: Duration
    ) -> (waiters: [Waiter], next: LookupQuestion?) {
        guard started.removeValue(forKey: question) != nil else { return ([], nil) }
        let told = waiters.removeValue(forKey: question) ?? [:]
        cache.keep(answer, to: question, until: now + life(of: answer, to: question), now: now)
        return (Array(told.values), takeNext(at: now))
    }

    private mutating func takeNext(at now: Duration) -> LookupQuestion? {
        // A run cannot begin without addresses; names can come later.
        for isReverse in [false, true] where !isFull(forReverse: isReverse) {
            while let question = isReverse ? reverse.popFirst() : forward.popFirst() {
                guard isWaiting(question) else { continue }
                started[question] = now
                return question
            }
        }
        return nil
    }

    private func isWaiting(_ question: LookupQuestion) -> Bool {
        waiters[question] != nil && started[question] == nil
    }

    private func isFull(forReverse isReverse: Bool) -> Bool {
        if running >= settings.threads(forReverse: false) { return true }
        return isReverse && started.keys.count(where: \.isReverse) >= settings.threads(forReverse: true)
    }

    /// Whether nothing that a question would wait for has come back within its time.
    private func areAllStuck(forReverse isReverse: Bool, at now: Duration) -> Bool {
        let all = running >= settings.threads(forReverse: false)
        return started.allSatisfy { question, since in
            (!all && question.isReverse != isReverse) || now - since >= settings.timeLimit
        }
    }

    /// Removes abandoned questions from the lines once they are the greater part of them.
    private mutating func tidyLines() {
        guard lineLength > 2 * queued + 64 else { return }
        let live = Set(waiters.keys.filter(isWaiting))
        forward.removeAll { !live.contains($0) }
        reverse.removeAll { !live.contains($0) }
    }

    private func life(of answer: LookupAnswer, to question: LookupQuestion) -> Duration {
        switch answer {
        case .addresses: settings.addressLife
        case .name: settings.nameLife
        case .none: settings.negativeLife
        // Otherwise each run would ask again for names that no server knows, and block a thread for long each
        // time. Failed look-ups of addresses are not kept: the cable may just have been plugged in.
        case .failed(let error):
            question.isReverse && error.code == .lookupFailed ? settings.negativeLife : .zero
        }
    }

    private var allStuck: ProbeError {
        ProbeError(
            .lookupFailed,
            "Name look-ups hang: none of those under way had an answer within "
                + "\(settings.timeLimit.secondsText(decimals: 1)) s",
            remedy: "See whether the name servers of this host answer, or give addresses")
    }

    private var tooMany: ProbeError {
        ProbeError(
            .outOfResources, "\(queued) name look-ups wait already", remedy: "Ask for fewer at a time")
    }
}
