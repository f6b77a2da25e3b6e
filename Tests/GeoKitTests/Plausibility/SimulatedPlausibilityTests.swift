import GeoKit
import Testing
import TraceCore

/// A simulated way, what is claimed of it, and what must be left.
struct PlausibilityCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var path: JourneyPath
    var knowsSource = true
    /// What is left of a hop where that is not the truth without a mark.
    var marks: [Int: String] = [:]

    init(
        _ description: String, _ cities: [String], claims: [Int: [String]] = [:], slow: [Int: Int] = [:],
        knowsSource: Bool = true, marks: [Int: String] = [:]
    ) {
        testDescription = description
        path = JourneyPath(cities: cities, slow: slow, claims: claims)
        self.knowsSource = knowsSource
        self.marks = marks
    }

    private static let toTokyo = ["Lisbon", "London", "New York", "Chicago", "Los Angeles", "Tokyo"]
    private static let toFrankfurt = ["Lisbon", "Madrid", "Paris", "Frankfurt", "Frankfurt"]
    private static let toSydney = ["Lisbon", "Marseille", "Mumbai", "Singapore", "Sydney"]

    static let truths = [
        PlausibilityCase("to Tokyo", toTokyo), PlausibilityCase("to Frankfurt", toFrankfurt),
        PlausibilityCase("to Sydney", toSydney),
        PlausibilityCase("to Sao Paulo", ["Lisbon", "Fortaleza", "Sao Paulo"]),
        PlausibilityCase("to Johannesburg", ["Marseille", "Nairobi", "Johannesburg"]),
        PlausibilityCase("a detour home", ["Lisbon", "London", "New York", "Madrid", "Lisbon"]),
        PlausibilityCase("round the world", ["London", "New York", "Tokyo", "Singapore", "Mumbai", "Lisbon"]),
        PlausibilityCase("a slow router", toFrankfurt, slow: [2: 300]),
        PlausibilityCase("a slow target", toTokyo, slow: [6: 900]),
        PlausibilityCase("to Frankfurt from somewhere", toFrankfurt, knowsSource: false),
        PlausibilityCase("to Tokyo from somewhere", toTokyo, knowsSource: false),
        PlausibilityCase("to Auckland from somewhere", toSydney + ["Auckland"], slow: [3: 80], knowsSource: false),
    ]

    static let lies = [
        PlausibilityCase(
            "a router of Frankfurt in Sydney", toFrankfurt, claims: [4: ["Sydney"]], marks: [4: "✗ Sydney"]),
        PlausibilityCase(
            "a router of Madrid in New York", toFrankfurt, claims: [2: ["New York"]], marks: [2: "✗ New York"]),
        PlausibilityCase("a router of London in Tokyo", toTokyo, claims: [2: ["Tokyo"]], marks: [2: "✗ Tokyo"]),
        PlausibilityCase(
            "a router of New York in Sydney", toTokyo, claims: [3: ["Sydney"]], marks: [3: "✗ Sydney"]),
        PlausibilityCase(
            "the home gateway at the provider's office", toFrankfurt, claims: [1: ["Madrid"]], marks: [1: "✗ Madrid"]),
        PlausibilityCase(
            "the target on the wrong continent", toFrankfurt, claims: [5: ["Chicago"]], marks: [5: "✗ Chicago"]),
        PlausibilityCase(
            "a service nearby that a database has in California", ["Lisbon", "Lisbon", "Madrid"],
            claims: [3: ["Los Angeles"]], marks: [3: "✗ Los Angeles"]),
        PlausibilityCase("the second opinion is possible", toFrankfurt, claims: [4: ["Sydney", "Frankfurt"]]),
        PlausibilityCase("the first opinion is possible", toFrankfurt, claims: [4: ["Frankfurt", "Sydney"]]),
        PlausibilityCase(
            "no opinion is possible", toFrankfurt, claims: [4: ["Sydney", "Tokyo", "Auckland"]], marks: [4: "✗ Sydney"]),
        PlausibilityCase(
            "a whole trace in one office far away", toFrankfurt,
            claims: [1: ["Tokyo"], 2: ["Tokyo"], 3: ["Tokyo"], 4: ["Tokyo"], 5: ["Tokyo"]],
            marks: [1: "✗ Tokyo", 2: "✗ Tokyo", 3: "✗ Tokyo", 4: "✗ Tokyo", 5: "✗ Tokyo"]),
        // What cannot be told stays.
        PlausibilityCase("a neighbour city", toFrankfurt, claims: [3: ["Brussels"]], marks: [3: "Brussels"]),
        PlausibilityCase(
            "far routers said to be near, which are slow then", toTokyo, claims: [5: ["Madrid"]], marks: [5: "Madrid"]),
        PlausibilityCase(
            "a continent as exact as that", toFrankfurt, claims: [3: ["New York~5000"]], marks: [3: "New York"]),
        PlausibilityCase("a country without a point", toFrankfurt, claims: [3: ["KE"]], marks: [3: "KE"]),
        PlausibilityCase("nothing", toFrankfurt, claims: [3: []], marks: [3: "-"]),
        // What another cause may have is doubtful.
        PlausibilityCase(
            "a slow router in New York, and answers from behind it are fast", toFrankfurt, claims: [2: ["New York"]],
            slow: [2: 200], marks: [2: "New York ?"]),
        PlausibilityCase(
            "a slow router in Sydney, and the target answers fast", toFrankfurt, claims: [4: ["Sydney"]],
            slow: [4: 900], marks: [4: "Sydney ?"]),
        PlausibilityCase(
            "by Dakar to Frankfurt, sooner than that takes", toFrankfurt, claims: [3: ["Dakar"]],
            slow: [2: 60, 3: 60, 4: 14, 5: 14], marks: [3: "Dakar ?"]),
        // Without the source, one is held against the others.
        PlausibilityCase(
            "one of five in Sydney", toFrankfurt, claims: [4: ["Sydney"]], knowsSource: false, marks: [4: "✗ Sydney"]),
        PlausibilityCase(
            "one of five in Sydney, or in Frankfurt", toFrankfurt, claims: [4: ["Sydney", "Frankfurt"]],
            knowsSource: false),
        PlausibilityCase(
            "two of six in Tokyo", toFrankfurt + ["Frankfurt"], claims: [2: ["Tokyo"], 3: ["Tokyo"]],
            knowsSource: false,
            marks: [2: "✗ Tokyo", 3: "✗ Tokyo"]),
        PlausibilityCase(
            "one against one", ["Lisbon", "Madrid"], claims: [2: ["Tokyo"]], knowsSource: false,
            marks: [1: "Lisbon ?", 2: "Tokyo ?"]),
        PlausibilityCase(
            "two against two", ["Lisbon", "Madrid", "Paris", "Paris"], claims: [3: ["Tokyo"], 4: ["Tokyo"]],
            knowsSource: false, marks: [1: "Lisbon ?", 2: "Madrid ?", 3: "Tokyo ?", 4: "Tokyo ?"]),
        PlausibilityCase(
            "a slow one of five in Sydney, fast ones behind it", toFrankfurt, claims: [3: ["Sydney"]], slow: [3: 400],
            knowsSource: false, marks: [3: "Sydney ?"]),
        PlausibilityCase(
            "nobody else to ask", ["Lisbon", "Madrid"], claims: [1: [], 2: ["Tokyo"]], knowsSource: false,
            marks: [1: "-", 2: "Tokyo"]),
    ]
}

@Suite(.onItsOwnThread) struct `What a simulated trace leaves of the places that are claimed` {
    @Test(arguments: PlausibilityCase.truths)
    func `nothing speaks against the truth`(one: PlausibilityCase) async throws {
        let located = try await one.path.located(knowingSource: one.knowsSource)
        #expect(located.marks == one.path.cities)
    }

    @Test(arguments: PlausibilityCase.lies)
    func `a place that cannot be is marked and not chosen`(one: PlausibilityCase) async throws {
        let located = try await one.path.located(knowingSource: one.knowsSource)
        let expected = one.path.cities.enumerated().map { one.marks[$0.offset + 1] ?? $0.element }
        #expect(located.marks == expected)
    }

    @Test func `every opinion is kept, with what speaks against it`() async throws {
        var path = JourneyPath(cities: ["Lisbon", "Madrid", "Paris", "Frankfurt", "Frankfurt"])
        path.claims[4] = ["Sydney", "Frankfurt", "Tokyo"]
        let router = try #require(try await path.located(knowingSource: true).hops[3].responders.first)
        #expect(router.opinions.map(\.verdict.isImpossible) == [true, false, true])
        #expect(router.place?.city == "Frankfurt")
        #expect(router.opinions[0].verdict.reason?.rule == .answer)
        #expect(router.opinions[0].verdict.reason?.hop == nil)
        #expect(router.opinions[0].verdict.reason?.kilometres == Int(World.distance("Lisbon", "Sydney")))
        #expect(router.opinions[0].verdict.reason?.time == router.rtt)
    }

    @Test func `of routers that share a hop only the misplaced one is marked`() async throws {
        let internet = try SimulatedInternet(
            parsing: """
                vantage here 192.0.2.10
                router a 198.51.100.1 delay=1ms
                router b 198.51.100.2 delay=9ms
                router c 198.51.100.3 delay=9ms
                host h 203.0.113.7 delay=1ms name=target.example
                path h: a (b | c)
                """)
        let trace = try await PathTracer(
            SimulatedProber(.udp, internet), settings: TraceSettings(queries: 16, flow: .perQuery)
        ).trace("target.example")
        var fixed = FixedGeolocator()
        fixed.places[IPAddress(198, 51, 100, 2)] = [World.place("Paris")]
        fixed.places[IPAddress(198, 51, 100, 3)] = [World.place("Tokyo")]
        let located = LocatedTrace(trace: trace, source: World.place("Lisbon"), geolocator: fixed)
        #expect(Set(located.marks[1].split(separator: " | ")) == ["Paris", "✗ Tokyo"])
    }

    @Test func `the demo is where its routers' names say`() async throws {
        for host in [
            "frankfurt.example", "tokyo.example", "sydney.example", "saopaulo.example", "johannesburg.example",
        ] {
            let trace = try await PathTracer(SimulatedProber(.udp, .demo)).trace(host)
            let located = LocatedTrace(
                trace: trace, source: World.place("Lisbon"), geolocator: RouterNameGeolocator())
            let opinions = located.hops.flatMap(\.responders).flatMap(\.opinions)
            #expect(opinions.count >= 3)
            #expect(opinions.allSatisfy { $0.verdict == .plausible }, "\(host): \(located.marks)")
        }
    }
}
