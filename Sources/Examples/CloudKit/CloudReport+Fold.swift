internal import GeoKit
internal import TraceCore

extension CloudReport {
    /// Makes a report of the events of a run, at any time.
    package struct Fold: Sendable {
        private var run: CloudRun.Description?
        private var results: [String: Result] = [:]
        private(set) var last = Duration.zero
        private var isOver = false
        package private(set) var step = CloudEvent.Step.resolving
        private var unfinished: String?

        package init() {}

        /// What the run is about, once it has begun.
        package var description: CloudRun.Description? { run }

        package mutating func apply(_ event: CloudEvent) {
            last = event.at
            switch event.fact {
            case .began(let run):
                self.run = run
                results = Dictionary(run.regions.map { ($0.id, Result($0)) }) { first, _ in first }
            case .step(let step): self.step = step
            case .resolved(let id, let address, _): results[id]?.address = address
            case .obstacle(let id, let obstacle, let reason):
                results[id]?.reason = reason
                results[id]?.verdict =
                    switch obstacle {
                    case .noHost: .noHost
                    case .unresolved: .unresolved
                    case .refused: .refused
                    case .silent: .silent
                    }
            case .method(let id, let method): results[id]?.method = method
            case .round(let id, let rtt): results[id]?.roundTripsMs.append(rtt.map(\.inMilliseconds))
            case .traced(let id, let path): results[id]?.path = path
            case .ended(let reason): (isOver, unfinished) = (true, reason)
            }
        }

        /// Whether the run has begun and is not over.
        package var isUnderWay: Bool { run != nil && !isOver }

        /// How much of what is to be asked has been, for a line that shows it.
        package var progress: (done: Int, of: Int) {
            guard let run else { return (0, 0) }
            let all = results.values
            switch step {
            case .resolving: return (all.count { $0.address != nil || $0.verdict != .notMeasured }, run.regions.count)
            case .looking:
                return (all.count { $0.method != nil || $0.verdict != .notMeasured }, run.regions.count)
            case .measuring:
                let asked = all.filter { $0.method != nil }
                return (asked.reduce(0) { $0 + $1.sent }, asked.count * run.settings.rounds)
            case .tracing: return (all.count { $0.path != nil }, all.count { $0.rttMs != nil || $0.received > 0 })
            }
        }

        /// The report, or nil before the run has begun.
        package func report(by weights: CloudRanking.Weights = CloudRanking.Weights()) -> CloudReport? {
            report(by: weights, knowing: [])
        }

        /// The report, with what other vantage points prove of addresses.
        func report(by weights: CloudRanking.Weights, knowing proofs: [FrontProof]) -> CloudReport? {
            guard let run else { return nil }
            var results = results
            for id in results.keys { results[id]?.summarize() }
            _ = Self.unmask(&results, run)
            for proof in proofs where results[proof.id]?.address == proof.address {
                guard results[proof.id]?.verdict == .measured else { continue }
                results[proof.id]?.verdict = .frontEnd
                results[proof.id]?.reason = proof.reason
            }
            Self.rank(&results, by: weights)
            let order = results.values.sorted { first, second in
                if let one = first.rank, let other = second.rank, one != other { return one < other }
                if (first.rank == nil) != (second.rank == nil) { return first.rank != nil }
                let (one, other) = (first.rttMs?.median ?? .infinity, second.rttMs?.median ?? .infinity)
                return (one, first.region.id) < (other, second.region.id)
            }
            return CloudReport(
                schemaVersion: CloudReport.schemaVersion, run: run, tookMs: last.inMilliseconds,
                unfinished: isOver ? unfinished : "under way", weights: weights, results: order)
        }

        /// Which addresses are nearer than their regions, as light proves from here. That is so from wherever one asks. Where it
        /// is doubtful where that is, nothing is proven.
        var proofs: [FrontProof] {
            guard let run else { return [] }
            var results = results
            for id in results.keys { results[id]?.summarize() }
            let proofs = Self.unmask(&results, run)
            return CloudReport.doubts(run, results.values) ? [] : proofs
        }

        /// Finds front ends, and puts the distances in.
        ///
        /// - Returns: Those that light unmasks.
        private static func unmask(_ results: inout [String: Result], _ run: CloudRun.Description) -> [FrontProof] {
            let here = run.here
            var proofs: [FrontProof] = []
            let sightings = results.values.compactMap(\.sighting).sorted { $0.id < $1.id }
            let judge = CloudJudge(sightings, here: here)
            var sharers: [IPAddress: [CloudRegion]] = [:]
            for result in results.values where result.rttMs != nil {
                if let address = result.address { sharers[address, default: []].append(result.region) }
            }
            for id in results.keys where results[id]?.rttMs != nil {
                let isAnycast = results[id]?.region.endpoint?.evidence == .anycast
                results[id]?.verdict = isAnycast ? .frontEnd : .measured
                if isAnycast {
                    results[id]?.reason = "a front end: its provider answers for all regions from places near the asker"
                }
            }
            for sighting in sightings {
                guard let result = results[sighting.id] else { continue }
                let distance = here.map { $0.distanceKm(to: sighting.place) }
                results[sighting.id]?.distanceKm = distance.map { ($0 * 10).rounded() / 10 }
                let light = distance.map { CloudJudge.light(km: $0).inMilliseconds }
                results[sighting.id]?.lightMs = light.map { ($0 * 1_000).rounded() / 1_000 }
                let others = result.address.flatMap { sharers[$0] }?.filter {
                    ($0.coordinate?.distanceKm(to: sighting.place) ?? 0) > 500
                }
                if judge.isElsewhere(sighting) {
                    results[sighting.id]?.verdict = .frontEnd
                    let time = CloudText.number(sighting.least.inMilliseconds)
                    let proof =
                        light.map {
                            "it answers in \(time) ms, and light to \(result.region.city) and back takes "
                                + "\(CloudText.number($0)) ms"
                        }
                    results[sighting.id]?.reason =
                        proof.map { "a front end near \(run.place): \($0)" }
                        ?? "a front end: from wherever the others answer as they do, \(result.region.city) is too far for \(time) ms"
                    guard let address = result.address else { continue }
                    proofs.append(
                        FrontProof(
                            id: sighting.id, address: address,
                            reason: "a front end: from \(run.place) "
                                + (proof ?? "it answers in \(time) ms, which is too fast for \(result.region.city)")))
                } else if let others, !others.isEmpty {
                    results[sighting.id]?.verdict = .frontEnd
                    results[sighting.id]?.reason =
                        "a front end: \(result.address.map { "\($0)" } ?? "") answers for \(others[0].id), too, which is far "
                        + "from there"
                }
            }
            return proofs
        }

        private static func rank(_ results: inout [String: Result], by weights: CloudRanking.Weights) {
            let ranked = results.values.filter { $0.verdict == .measured }
            let samples = { (results: [Result]) in results.map(\.sample) }
            for place in CloudRanking(samples(ranked), by: weights).places {
                results[place.id]?.rank = place.rank
                results[place.id]?.lastRank = place.lastRank
            }
            for own in Dictionary(grouping: ranked, by: \.region.provider).values {
                for place in CloudRanking(samples(own), by: weights).places {
                    results[place.id]?.rankOfProvider = place.rank
                }
            }
            for own in Dictionary(grouping: ranked, by: \.region.continent).values {
                for place in CloudRanking(samples(own), by: weights).places {
                    results[place.id]?.rankOfContinent = place.rank
                }
            }
        }
    }
}

extension CloudReport.Result {
    /// Works the figures out of the round trips.
    fileprivate mutating func summarize() {
        guard sent > 0 else { return }
        let times = roundTripsMs.compactMap { $0 }
        lossPercent = 100 * Double(sent - times.count) / Double(sent)
        guard !times.isEmpty else {
            if verdict == .notMeasured { (verdict, reason) = (.silent, "it answered no more when it was measured") }
            return
        }
        let sorted = times.sorted()
        func quantile(_ share: Double) -> Double { sorted[Int((Double(sorted.count - 1) * share).rounded())] }
        let steps = zip(times, times.dropFirst()).map { abs($0 - $1) }
        let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        rttMs = CloudReport.RoundTrips(
            min: sorted[0], p10: quantile(0.1), median: median, p90: quantile(0.9), max: sorted[sorted.count - 1],
            mean: times.reduce(0, +) / Double(times.count),
            jitter: steps.isEmpty ? 0 : steps.reduce(0, +) / Double(steps.count))
    }
}
