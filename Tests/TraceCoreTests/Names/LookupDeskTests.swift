import Testing

@testable import TraceCore

@Suite struct `The desk where look-ups are asked for` {
    private typealias Desk = LookupDesk<Int>

    private let host = LookupQuestion.addresses(of: "host.example")
    private let found = LookupAnswer.addresses([IPAddress(192, 0, 2, 1)])

    private static func host(_ number: Int) -> LookupQuestion { .addresses(of: "host\(number).example") }
    private static func router(_ number: UInt32) -> LookupQuestion { .name(of: IPAddress(v4: 0xC000_0200 + number)) }

    private static func settings(
        threads: Int = 4, queue: Int = 100, cache: Int = 100
    ) -> SystemResolver.Settings {
        SystemResolver.Settings(
            threads: threads, queueLimit: queue, timeLimit: .seconds(10), addressLife: .seconds(60),
            nameLife: .seconds(600), negativeLife: .seconds(30), cacheLimit: cache)
    }

    @Test func `who asks the same shares one look-up, and all are told`() {
        var desk = Desk(settings: Self.settings())
        #expect(desk.ask(host, for: 1, number: 1, at: .zero).start == host)
        #expect(desk.ask(host, for: 2, number: 2, at: .seconds(1)).start == nil)
        #expect(desk.running == 1)
        let told = desk.finish(host, with: found, at: .seconds(2))
        #expect(told.waiters.sorted() == [1, 2])
        #expect(told.next == nil && desk.running == 0)
    }

    @Test(arguments: [
        (LookupQuestion.addresses(of: "a"), LookupAnswer.addresses([IPAddress(192, 0, 2, 1)]), 60),
        (.addresses(of: "a"), .none, 30),
        (.addresses(of: "a"), .failed(ProbeError(.lookupFailed, "")), 0),
        (router(1), .name("r1.example"), 600),
        (router(1), .none, 30),
        (router(1), .failed(ProbeError(.lookupFailed, "")), 30),
        (router(1), .failed(ProbeError(.outOfResources, "")), 0),
    ])
    func `an answer is known for as long as its kind holds`(
        question: LookupQuestion, answer: LookupAnswer, seconds: Int
    ) {
        var desk = Desk(settings: Self.settings())
        _ = desk.ask(question, for: 1, number: 1, at: .seconds(5))
        _ = desk.finish(question, with: answer, at: .seconds(100))
        if seconds > 0 {
            let last = Duration.seconds(100 + seconds) - .nanoseconds(1)
            #expect(desk.known(question, at: last) == answer)
            #expect(desk.ask(question, for: 2, number: 2, at: last).answer == answer)
        }
        #expect(desk.known(question, at: .seconds(100 + seconds)) == nil)
        #expect(desk.ask(question, for: 3, number: 3, at: .seconds(100 + seconds)).start == question)
    }

    @Test func `look-ups wait for a thread, and those that a run needs come first`() {
        var desk = Desk(settings: Self.settings(threads: 2))
        #expect(desk.ask(Self.router(1), for: 1, number: 1, at: .zero).start == Self.router(1))
        #expect(desk.ask(Self.router(2), for: 2, number: 2, at: .zero).start == nil)
        #expect(desk.ask(Self.host(1), for: 3, number: 3, at: .zero).start == Self.host(1))
        #expect(desk.ask(Self.host(2), for: 4, number: 4, at: .zero).start == nil)
        #expect(desk.ask(Self.host(3), for: 5, number: 5, at: .zero).start == nil)
        #expect(desk.queued == 3)
        #expect(desk.finish(Self.router(1), with: .none, at: .zero).next == Self.host(2))
        #expect(desk.finish(Self.host(1), with: found, at: .zero).next == Self.host(3))
        #expect(desk.finish(Self.host(3), with: found, at: .zero).next == Self.router(2))
        #expect(desk.finish(Self.host(2), with: found, at: .zero).next == nil)
        #expect(desk.queued == 0 && desk.running == 1)
    }

    @Test func `names of addresses never take the last threads`() {
        var desk = Desk(settings: Self.settings(threads: 8))
        let starts = (0..<20).map { desk.ask(Self.router($0), for: 0, number: Int($0), at: .zero).start }
        #expect(starts.compactMap(\.self).count == 6)
        #expect(desk.ask(Self.host(1), for: 0, number: 100, at: .zero).start == Self.host(1))
        #expect(desk.ask(Self.host(2), for: 0, number: 101, at: .zero).start == Self.host(2))
        #expect(desk.running == 8)
        // A thread that has no address to find ends rather than take a seventh name.
        #expect(desk.finish(Self.host(1), with: found, at: .zero).next == nil)
        #expect(desk.finish(Self.router(0), with: .none, at: .zero).next == Self.router(6))
    }

    @Test func `one look-up too many is refused, and says so`() throws {
        var desk = Desk(settings: Self.settings(threads: 1, queue: 2))
        for number in 0..<3 { _ = desk.ask(Self.host(number), for: 0, number: number, at: .zero) }
        let error = try #require(desk.ask(Self.host(3), for: 0, number: 3, at: .zero).error)
        #expect(error.code == .outOfResources && error.message.contains("2 name look-ups wait"))
        // Who shares one does not wait in the line.
        #expect(desk.ask(Self.host(2), for: 0, number: 4, at: .zero).error == nil)
    }

    @Test func `where all threads hang, nobody else begins to wait`() throws {
        var desk = Desk(settings: Self.settings(threads: 2))
        _ = desk.ask(Self.host(1), for: 0, number: 1, at: .zero)
        _ = desk.ask(Self.host(2), for: 0, number: 2, at: .seconds(1))
        #expect(desk.ask(Self.host(3), for: 0, number: 3, at: .seconds(10)).error == nil)
        for question in [Self.host(1), Self.host(4), Self.router(1)] {
            let error = try #require(desk.ask(question, for: 0, number: 4, at: .seconds(11)).error)
            #expect(error.code == .lookupFailed && error.message.contains("hang"))
        }
        // One comes back, and takes the one that waited; then things go on.
        #expect(desk.finish(Self.host(1), with: .none, at: .seconds(12)).next == Self.host(3))
        #expect(desk.ask(Self.host(4), for: 0, number: 5, at: .seconds(12)).error == nil)
    }

    @Test func `names that hang hold up no addresses`() throws {
        var desk = Desk(settings: Self.settings(threads: 4))
        for number in 0..<3 { _ = desk.ask(Self.router(UInt32(number)), for: 0, number: number, at: .zero) }
        #expect(desk.ask(Self.router(9), for: 0, number: 9, at: .seconds(60)).error != nil)
        #expect(desk.ask(host, for: 0, number: 10, at: .seconds(60)).start == host)
    }

    @Test func `what nobody waits for any more is not looked up, unless it has begun`() {
        var desk = Desk(settings: Self.settings(threads: 1))
        _ = desk.ask(Self.host(1), for: 11, number: 1, at: .zero)
        _ = desk.ask(Self.host(2), for: 22, number: 2, at: .zero)
        _ = desk.ask(Self.host(3), for: 33, number: 3, at: .zero)
        #expect(desk.leave(Self.host(2), number: 2) == 22)
        #expect(desk.leave(Self.host(2), number: 2) == nil)
        #expect(desk.leave(Self.host(1), number: 1) == 11)
        #expect(desk.queued == 1)
        let told = desk.finish(Self.host(1), with: found, at: .zero)
        #expect(told.waiters == [] && told.next == Self.host(3))
        // Its answer is worth keeping all the same.
        #expect(desk.known(Self.host(1), at: .zero) == found)
    }

    @Test func `askers who come and go leave nothing behind`() {
        var desk = Desk(settings: Self.settings(threads: 1, queue: 10))
        _ = desk.ask(host, for: 0, number: 0, at: .zero)
        for number in 1...100_000 {
            let question = Self.host(number % 7)
            #expect(desk.ask(question, for: number, number: number, at: .zero).error == nil)
            #expect(desk.leave(question, number: number) == number)
        }
        #expect(desk.queued == 0 && desk.lineLength <= 64)
        #expect(desk.finish(host, with: found, at: .zero).next == nil)
    }

    @Test func `of too many answers those go that nobody has asked for longest`() {
        var cache = LookupCache(limit: 8)
        for number in 0..<8 { cache.keep(found, to: Self.host(number), until: .seconds(60), now: .zero) }
        _ = cache.answer(to: Self.host(0), at: .seconds(1))
        cache.keep(found, to: Self.host(8), until: .seconds(60), now: .seconds(1))
        #expect(cache.count == 8)
        #expect(cache.answer(to: Self.host(0), at: .seconds(1)) == found)
        #expect(cache.answer(to: Self.host(1), at: .seconds(1)) == nil)
        #expect(cache.answer(to: Self.host(8), at: .seconds(1)) == found)
        // What has expired goes before anything that has not.
        cache.keep(.none, to: Self.host(1), until: .seconds(100), now: .seconds(61))
        #expect(cache.count == 1)
    }

    @Test(arguments: [0, 1, 2, 1000]) func `no more answers are kept than allowed`(limit: Int) {
        var cache = LookupCache(limit: limit)
        for number in 0..<5000 {
            cache.keep(found, to: Self.host(number), until: .seconds(60), now: .zero)
            #expect(cache.count <= limit)
        }
        #expect(limit == 0 || cache.answer(to: Self.host(4999), at: .zero) == found)
    }
}

extension LookupDesk.Admission {
    fileprivate var start: LookupQuestion? {
        if case .waits(let start) = self { start } else { nil }
    }
    fileprivate var answer: LookupAnswer? {
        if case .answered(let answer) = self { answer } else { nil }
    }
    fileprivate var error: ProbeError? {
        if case .failed(let error) = answer { error } else { nil }
    }
}
