import Testing
import TraceCore

@testable import TraceCoreHTTP

/// How a text is read: the requests and the seconds of each rate, or nil where it is refused.
private func read(_ text: String) -> String? {
    guard let rates = try? RequestRates(text) else { return nil }
    return rates.rates.map { "\($0.amount)/\($0.window.components.seconds)" }.joined(separator: " ")
}

@Suite struct `Rates of requests` {
    /// What PyPI's `limits` 5.8.0, the engine of Flask-Limiter, makes of the same texts.
    static let cases: [(text: String, rates: String?)] = [
        ("10/minute", "10/60"), ("10 per minute", "10/60"), ("10 per 1 minute", "10/60"), ("10/minutes", "10/60"),
        ("1/second;100/hour", "1/1 100/3600"), ("100 per 2 hours", "100/7200"), ("100/2hours", "100/7200"),
        ("1 / minute", "1/60"), ("10/MINUTE", "10/60"), ("10 PER Minute", "10/60"), (" 10/minute ", "10/60"),
        ("10/minute, 5/hour | 1/day", "10/60 5/3600 1/86400"), ("5/month", "5/2592000"),
        ("5 per 3 years", "5/93312000"),
        ("0/minute", "0/60"), ("10per minute", "10/60"), ("10perminute", "10/60"), ("010/minute", "10/60"),
        ("10/01 minute", "10/60"), ("10/minute\t;5/hour", "10/60 5/3600"), ("10/minute,", nil),
        ("10/minute;;5/hour", nil), ("10/min", nil), ("-1/minute", nil), ("1.5/minute", nil), ("1e3/hour", nil),
        ("10", nil), ("10/", nil), ("/minute", nil), ("", nil), ("  ", nil), (";", nil), ("10 minute", nil),
        ("10/minute hour", nil), ("10/week", nil), ("10//minute", nil), ("10//per minute", nil),
        ("10 per per minute", nil), ("10/per minute", nil), ("10/minute.", nil), ("x10/minute", nil),
        ("10/secondss", nil), ("10/s", nil), ("１０/minute", nil), ("10/minute;bogus", nil),
    ]

    @Test(arguments: cases) func `The notation is read as Flask-Limiter reads it`(text: String, rates: String?) {
        #expect(read(text) == rates)
    }

    @Test(arguments: ["10/0 minutes", "99999999999999999999/minute", "10/99999999999999999999 minutes", "10/ſecond"])
    func `What Flask-Limiter guesses at or cannot count to is refused`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `The error shows the part that is wrong, with nothing that moves a terminal`() {
        let error = #expect(throws: ProbeError.self) { try RequestRates("10/minute;5/\u{1b}[2Jday") }
        #expect(error?.message == #""5/\u{1b}[2Jday" is not a rate of requests"#)
        #expect(error?.remedy?.contains("10/minute") == true)
    }

    private let start = ContinuousClock.now

    @Test func `One request too many is told how long to wait, and waiting helps`() throws {
        let limiter = RequestRates.Limiter(try RequestRates("2/second;3/minute"))
        var verdicts: [RequestRates.Verdict] = []
        for milliseconds in [0, 100, 200, 1_000, 1_100, 60_000] {
            verdicts.append(limiter.take("a", at: start + .milliseconds(milliseconds)))
        }
        #expect(verdicts.map(\.wait) == [nil, nil, .milliseconds(800), nil, .milliseconds(58_900), nil])
        #expect(verdicts.map(\.limit) == [2, 2, 2, 3, 3, 2])
        #expect(verdicts.map(\.remaining) == [1, 0, 0, 0, 0, 1])
        #expect(verdicts[3].reset == .seconds(59))
        #expect(limiter.take("b", at: start).wait == nil)
    }

    @Test func `A rate of nothing takes nothing`() throws {
        let limiter = RequestRates.Limiter(try RequestRates("0/minute"))
        #expect(limiter.take("a", at: start).wait == .seconds(60))
        #expect(limiter.take("a", at: start + .seconds(90)).wait == .seconds(60))
    }

    @Test func `Addresses of an IPv6 network of 64 bits are one client, those of IPv4 one each`() throws {
        let limiter = RequestRates.Limiter(try RequestRates("1/minute"))
        let verdicts = try ["2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2"].map {
            limiter.take(try #require(IPAddress($0)), at: start).wait != nil
        }
        #expect(verdicts == [false, true, false, false, false])
    }

    @Test func `A crowd of clients takes a bounded room, and those who go on asking are remembered`() throws {
        let limiter = RequestRates.Limiter(try RequestRates("3/hour"), capacity: 100)
        for number in 0..<1_000 {
            if number.isMultiple(of: 40) { _ = limiter.take("steady", at: start) }
            #expect(limiter.take("\(number)", at: start).wait == nil)
            #expect(limiter.clients <= 100)
        }
        #expect(limiter.take("steady", at: start).wait != nil)
    }

    @Test func `Clients whose windows are over are forgotten`() throws {
        let limiter = RequestRates.Limiter(try RequestRates("1/minute"))
        for number in 0..<1_000 { _ = limiter.take("\(number)", at: start) }
        #expect(limiter.take("7", at: start + .seconds(59)).wait == .seconds(1))
        _ = limiter.take("x", at: start + .seconds(60))
        #expect(limiter.take("7", at: start + .seconds(61)).wait == nil)
        _ = limiter.take("x", at: start + .seconds(120))
        #expect(limiter.clients == 2)
    }

    @Test func `The fields have whole seconds, and none that is too early`() {
        var fields = HTTPFields()
        let verdict = RequestRates.Verdict(
            limit: 10, remaining: 0, reset: .milliseconds(1_200), wait: .milliseconds(1_200))
        verdict.add(to: &fields, at: UTCTime(microsecondsSince1970: 1_000_000_000))
        #expect(
            fields.all.map { "\($0.name): \($0.value)" } == [
                "x-ratelimit-limit: 10", "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1002", "retry-after: 2",
            ])
    }
}
