package import TraceCore

/// What benchmarks from several vantage points found together: a report for each, and which regions are best for all of them.
///
/// What one proves counts for all: an address that answers faster than light comes from its region is no region from anywhere.
package struct CloudMatrix: Sendable, Codable {
    /// A region that was measured from everywhere, with its rank for all.
    package struct Place: Sendable, Hashable, Codable {
        /// The region.
        package let id: String
        /// One more than how many are surely better.
        package let rank: Int
        /// The last rank that it may have.
        package let lastRank: Int
        /// The mean of its medians.
        package let medianMs: Double
    }

    package static let schemaVersion = 1

    package let schemaVersion: Int
    /// A report for each vantage point, in the order in which they are shown.
    package let reports: [CloudReport]
    /// The regions that were measured from wherever anything was, the best for all first.
    package let all: [Place]

    /// The reports of vantage points, together.
    package init(_ reports: [CloudReport]) {
        (schemaVersion, self.reports) = (Self.schemaVersion, reports)
        all = Self.rank(reports.filter { !$0.isBlank })
    }

    /// By the mean of what counts: its interval is as wide as the means of theirs.
    private static func rank(_ reports: [CloudReport]) -> [Place] {
        var figures: [String: [CloudRanking.Figure]] = [:]
        var medians: [String: Double] = [:]
        for report in reports {
            let ranked = report.results.filter { $0.rank != nil }
            for (id, figure) in CloudRanking.figures(of: ranked.map(\.sample), by: report.weights) {
                figures[id, default: []].append(figure)
            }
            for result in ranked { medians[result.region.id, default: 0] += result.rttMs?.median ?? 0 }
        }
        let count = Double(reports.count)
        let whole = figures.filter { $0.value.count == reports.count }.sorted { $0.key < $1.key }.map { id, all in
            let figure = CloudRanking.Figure(
                low: all.reduce(0) { $0 + $1.low } / count, middle: all.reduce(0) { $0 + $1.middle } / count,
                high: all.reduce(0) { $0 + $1.high } / count)
            return (id: id, figure: figure)
        }
        return CloudRanking(figures: whole).places.map { place in
            let median = (medians[place.id] ?? 0) / count
            return Place(
                id: place.id, rank: place.rank, lastRank: place.lastRank, medianMs: (median * 1_000).rounded() / 1_000)
        }
    }

    /// The report of a vantage point; nil is this machine.
    package func report(from: String?) -> CloudReport? { reports.first { $0.run.from == from } }

    /// What `--json` wrote: of one vantage point, or of several.
    package static func reading(_ bytes: [UInt8]) throws -> CloudMatrix {
        struct Kind: Decodable { let run: CloudRun.Description? }
        let isOne = try JSON.decode(Kind.self, from: bytes).run != nil
        return isOne
            ? CloudMatrix([try JSON.decode(CloudReport.self, from: bytes)])
            : try JSON.decode(CloudMatrix.self, from: bytes)
    }

    /// What `--json` writes.
    package func json(style: JSON.Style = .compact) throws -> String {
        reports.count == 1 ? try JSON.text(reports[0], style: style) : try JSON.text(self, style: style)
    }

    /// The results as CSV: a line for each vantage point and region.
    package var csv: [String] {
        [CloudReport.columns.joined(separator: ",")] + reports.flatMap { $0.csv.dropFirst() }
    }

    /// Whether any region was ranked anywhere.
    package var isRanked: Bool { reports.contains { $0.results.contains { $0.rank != nil } } }

    /// What became better or worse since an earlier run, for each vantage point that is in both.
    package func comparisons(since earlier: CloudMatrix) -> [CloudComparison] {
        reports.compactMap { report in
            earlier.report(from: report.run.from).map { CloudComparison(from: $0, to: report) }
        }
    }
}

extension CloudReport {
    /// Whether nothing was measured, so that nothing can be said of any region.
    package var isBlank: Bool { !results.contains { $0.rttMs != nil } }
}

extension CloudMatrix {
    /// Makes a matrix of the events of a run from several vantage points, or from one, at any time.
    package struct Fold: Sendable {
        private var order: [String?] = []
        private var folds: [String?: CloudReport.Fold] = [:]
        /// When the last thing happened.
        package private(set) var last = Duration.zero

        package init() {}

        package mutating func apply(_ event: CloudEvent) {
            last = event.at
            if case .began = event.fact, folds[event.from] == nil { order.append(event.from) }
            // What comes without its beginning is of no run.
            guard case .began = event.fact else {
                folds[event.from]?.apply(event)
                return
            }
            var fold = CloudReport.Fold()
            fold.apply(event)
            folds[event.from] = fold
        }

        /// Ends what is under way, for a reason.
        package mutating func end(_ reason: String, at time: Duration? = nil) {
            for from in order where folds[from]?.isUnderWay ?? false {
                folds[from]?.apply(CloudEvent(at: time ?? last, from: from, .ended(reason)))
            }
        }

        /// Whether anything has begun and is not over.
        package var isUnderWay: Bool { folds.values.contains { $0.isUnderWay } }

        /// The part of the run that the last one is at.
        package var step: CloudEvent.Step {
            let steps = CloudEvent.Step.allCases
            let open = folds.values.filter(\.isUnderWay).compactMap { steps.firstIndex(of: $0.step) }
            return open.min().map { steps[$0] } ?? folds.values.first?.step ?? .resolving
        }

        /// How much of what is to be asked in this part has been.
        package var progress: (done: Int, of: Int) {
            let step = step
            return folds.values.filter { $0.step == step && ($0.isUnderWay || !isUnderWay) }.map(\.progress).reduce(
                (0, 0)
            ) {
                ($0.0 + $1.done, $0.1 + $1.of)
            }
        }

        /// The matrix, or nil before anything has begun.
        package func matrix(by weights: CloudRanking.Weights = CloudRanking.Weights()) -> CloudMatrix? {
            let known = order.compactMap { folds[$0] }
            guard !known.isEmpty else { return nil }
            let proofs = known.count > 1 ? known.flatMap(\.proofs) : []
            return CloudMatrix(known.compactMap { $0.report(by: weights, knowing: proofs) })
        }

        /// The report where there is one vantage point, or nil before anything has begun.
        package func report(by weights: CloudRanking.Weights = CloudRanking.Weights()) -> CloudReport? {
            matrix(by: weights)?.reports.first
        }
    }
}
