package import GeoKit
package import TraceCore

/// A benchmark: which regions are asked, how, and by what.
///
/// First all names are looked up. Then each host is asked by ICMP, those that are silent by TCP 443 and then TCP 80, and how one
/// answers first is how it is measured. All are measured together: a round asks each host once, at even distances over all
/// of them, so that none has the quiet minute for itself. At last the paths of the best are traced.
package struct CloudRun: Sendable {
    /// What is asked, and how often.
    package struct Settings: Sendable, Hashable, Codable {
        /// Round trips for each region.
        package var rounds = 10
        /// Probes a second, in all.
        package var rate = 250
        /// How long an answer is waited for, in milliseconds.
        package var timeoutMs = 2_000
        /// The most probes that are out at a time.
        package var window = 4_096
        package var family: Int?
        /// How many of the best regions are traced, beside the best one of each provider; nil for all.
        package var paths: Int? = 10

        package init() {}
    }

    /// What a run is about.
    package struct Description: Sendable, Hashable, Codable {
        package let startedAt: UTCTime
        /// `internet`, or the name of the simulated one.
        package let network: String
        package let catalogue: String
        package let settings: Settings
        package let regions: [CloudRegion]
        package let providers: [String: String]
        /// Where what asks is, if that is known.
        package let here: Coordinate?
        /// The vantage point that asks; nil for this machine.
        package let from: String?

        package init(
            startedAt: UTCTime, network: String, catalogue: String, settings: Settings, regions: [CloudRegion],
            providers: [String: String], here: Coordinate?, from: String? = nil
        ) {
            (self.startedAt, self.network, self.catalogue) = (startedAt, network, catalogue)
            (self.settings, self.regions, self.providers, self.here) = (settings, regions, providers, here)
            self.from = from
        }
    }

    package let description: Description
    let asker: any CloudAsker
    private let resolver: any NameResolver
    private let policy: TargetPolicy
    let locator: GeolocatorChain
    let home: Place?

    /// A run.
    ///
    /// - Parameters:
    ///   - policy: Which addresses may be asked.
    ///   - locators: Who knows places of routers.
    ///   - names: Who knows the addresses of hosts.
    ///   - asker: What asks.
    package init(
        _ description: Description, policy: TargetPolicy = .publicOnly, locators: [any Geolocator] = [],
        names: any NameResolver, asker: any CloudAsker
    ) {
        self.description = description
        self.policy = policy
        locator = GeolocatorChain(locators + [RouterNameGeolocator()])
        home = description.here.map { Place(source: description.from ?? "here", coordinate: $0) }
        (resolver, self.asker) = (names, asker)
    }

    /// A run that this machine makes.
    ///
    /// - Parameter prober: Gives a prober of a method.
    package init(
        _ description: Description, policy: TargetPolicy = .publicOnly, locators: [any Geolocator] = [],
        prober: @escaping @Sendable (ProbeTransport) -> any Prober
    ) {
        self.init(
            description, policy: policy, locators: locators, names: prober(.icmp).resolver,
            asker: OwnAsker(prober: prober))
    }

    /// The run. It is cancelled when nobody reads it any more.
    package func events() -> AsyncStream<CloudEvent> { CloudRuns([self]).events() }

    typealias Say = @Sendable (CloudEvent.Fact) -> Void

    /// Runs to the end, and says what happens after the beginning. When it is cancelled there is nobody who hears of the end.
    func work(_ say: @escaping Say) async {
        do throws(ProbeError) {
            try await run(say)
            say(.ended(nil))
        } catch {
            if !Task.isCancelled { say(.ended("\(error)")) }
        }
    }

    private func run(_ say: @escaping Say) async throws(ProbeError) {
        say(.step(.resolving))
        for region in description.regions where region.endpoint == nil {
            say(.obstacle(id: region.id, .noHost, reason: "no host is known for it"))
        }
        let found = await resolve(say)
        try check()
        say(.step(.looking))
        let methods = try await look(for: found, say)
        try check()
        say(.step(.measuring))
        let times = try await measure(found, methods, say)
        try check()
        say(.step(.tracing))
        try await trace(times, methods, found, say)
    }

    private func check() throws(ProbeError) {
        if Task.isCancelled { throw ProbeError(.cancelled, "The benchmark was cancelled") }
    }

    /// Addresses by the method by which they answer.
    func groups(
        _ addresses: [IPAddress], _ methods: [IPAddress: CloudMethod]
    ) -> [(method: CloudMethod, addresses: [IPAddress])] {
        CloudMethod.allCases.map { method in (method, addresses.filter { methods[$0] == method }) }
            .filter { !$0.addresses.isEmpty }
    }

    /// Does the same for several things at the same time; what comes of it is in their order.
    ///
    /// - Throws: The first error, once all have ended.
    func sideBySide<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ work: @escaping @Sendable (Element) async throws(ProbeError) -> Value
    ) async throws(ProbeError) -> [Value] {
        let results = await withTaskGroup(of: (Int, Result<Value, ProbeError>).self) { group in
            for (index, element) in elements.enumerated() {
                group.addTask {
                    do throws(ProbeError) { return (index, .success(try await work(element))) } catch {
                        return (index, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [Int: Result<Value, ProbeError>]()) { $0[$1.0] = $1.1 }
        }
        var values: [Value] = []
        for index in elements.indices { if let result = results[index] { values.append(try result.get()) } }
        return values
    }

    // MARK: Addresses

    /// The addresses with the regions that they answer for; one may answer for several.
    private func resolve(_ say: @escaping Say) async -> [IPAddress: [String]] {
        let resolver = resolver
        var hosts = description.regions.compactMap { region in region.endpoint.map { (region.id, $0.host) } }[...]
        var found: [IPAddress: [String]] = [:]
        await withTaskGroup(of: (String, IPAddress?).self) { group in
            func next() {
                guard let (id, host) = hosts.popFirst() else { return }
                group.addTask { (id, await address(of: host, id: id, by: resolver, say)) }
            }
            for _ in 0..<32 { next() }
            for await (id, address) in group {
                if let address { found[address, default: []].append(id) }
                if !Task.isCancelled { next() }
            }
        }
        return found.mapValues { $0.sorted() }
    }

    private func address(
        of host: String, id: String, by resolver: any NameResolver, _ say: Say
    ) async -> IPAddress? {
        let addresses: [IPAddress]
        do throws(ProbeError) {
            addresses = try await resolver.addresses(of: host)
        } catch {
            if error.code != .cancelled { say(.obstacle(id: id, .unresolved, reason: error.message)) }
            return nil
        }
        let wanted = addresses.filter { address in
            description.settings.family.map { ($0 == 4) == address.isV4 } ?? true
        }
        guard let address = wanted.first else {
            say(
                .obstacle(
                    id: id, .unresolved,
                    reason: "\(UntrustedText(host).escaped) has no IPv\(description.settings.family ?? 4) address"))
            return nil
        }
        if let refusal = policy.refusal(of: address) {
            let name = IPAddress(host) == nil ? "\(UntrustedText(host).escaped) is \(address): " : ""
            say(.obstacle(id: id, .refused, reason: "\(name)\(refusal)"))
            return nil
        }
        say(.resolved(id: id, address, of: addresses.count))
        return address
    }

    // MARK: Methods

    /// By which method each address answers: the first of them that does. Those that are silent to all of them are asked three
    /// times more by all at once: a lossy region is not silent.
    private func look(
        for found: [IPAddress: [String]], _ say: @escaping Say
    ) async throws(ProbeError) -> [IPAddress: CloudMethod] {
        var methods: [IPAddress: CloudMethod] = [:]
        var silent = found.keys.sorted()
        func take(_ answers: [IPAddress], _ method: CloudMethod) {
            for address in answers where methods[address] == nil {
                methods[address] = method
                for id in found[address] ?? [] { say(.method(id: id, method)) }
            }
            silent.removeAll { methods[$0] != nil }
        }
        let wait = Duration.milliseconds(description.settings.timeoutMs)
        for method in CloudMethod.allCases where !silent.isEmpty {
            let rate = description.settings.rate
            take(try await answers(of: silent, to: method, within: min(wait, .milliseconds(600)), rate: rate), method)
        }
        if !silent.isEmpty {
            let rate = max(1, description.settings.rate / CloudMethod.allCases.count)
            let longer = max(wait / 2, min(wait, .milliseconds(600)))
            let again = try await sideBySide(CloudMethod.allCases) { [silent] method throws(ProbeError) in
                try await answers(of: silent, to: method, within: longer, tries: 3, rate: rate)
            }
            for (method, answers) in zip(CloudMethod.allCases, again) { take(answers, method) }
        }
        for address in silent {
            for id in found[address] ?? [] {
                say(.obstacle(id: id, .silent, reason: "\(address) answers neither ICMP nor TCP 443 nor TCP 80"))
            }
        }
        return methods
    }

    private func answers(
        of addresses: [IPAddress], to method: CloudMethod, within wait: Duration, tries: Int = 1, rate: Int
    ) async throws(ProbeError) -> [IPAddress] {
        var settings = SweepSettings(rate: rate)
        settings.mode = .untilReply(retries: tries - 1)
        settings.backoff = 1
        settings.timeout = wait
        settings.window = description.settings.window
        let answers = Lock<[IPAddress]>([])
        try await asker.sweep(addresses, by: method, settings) { event in
            guard case .reply(let probe, let reply) = event.fact, reply.kind.isFromTarget else { return }
            answers.withLock { $0.append(probe.target) }
        }
        try check()
        // What was not asked has not answered, whoever says so.
        let answered = Set(answers.withLock { $0 })
        return addresses.filter { answered.contains($0) }
    }
}
