internal import TraceCore

/// The rows of a matrix, as terminals and pages show them: what is ranked for all, then what was measured from some places.
struct CloudMatrixRows {
    struct Cell {
        let text: String
        /// How slow it is; nil where there is no figure.
        var shade: Int?
        var isLossy = false
    }

    struct Row {
        let region: CloudRegion
        let rank: String
        /// A cell for each vantage point.
        let cells: [Cell]
        /// The mean of its medians, where it is ranked for all.
        let mean: String
    }

    let rows: [Row]

    init(_ matrix: CloudMatrix) {
        var results: [String: [Int: CloudReport.Result]] = [:]
        for (index, report) in matrix.reports.enumerated() {
            for result in report.results { results[result.region.id, default: [:]][index] = result }
        }
        func row(_ id: String, _ place: CloudMatrix.Place?) -> Row? {
            guard let own = results[id], let region = own.values.first?.region else { return nil }
            let rank = place.map { $0.lastRank > $0.rank ? "\($0.rank)-\($0.lastRank)" : "\($0.rank)" }
            return Row(
                region: region, rank: rank ?? "",
                cells: matrix.reports.indices.map { Self.cell(own[$0], of: matrix.reports[$0]) },
                mean: place.map { CloudText.number($0.medianMs) } ?? "")
        }
        let ranked = Set(matrix.all.map(\.id))
        let others = results.compactMap { id, own -> (id: String, mean: Double)? in
            let medians = own.values.filter { $0.rank != nil }.compactMap { $0.rttMs?.median }
            guard !ranked.contains(id), !medians.isEmpty else { return nil }
            return (id, medians.reduce(0, +) / Double(medians.count))
        }.sorted { ($0.mean, $0.id) < ($1.mean, $1.id) }
        rows = matrix.all.compactMap { row($0.id, $0) } + others.compactMap { row($0.id, nil) }
    }

    private static func cell(_ result: CloudReport.Result?, of report: CloudReport) -> Cell {
        guard let result else { return Cell(text: "-") }
        if result.rank != nil, let rtt = result.rttMs {
            let isLossy = CloudReport.isLossy(result)
            return Cell(
                text: "\(isLossy ? "!" : "")\(CloudText.number(rtt.median))", shade: CloudShade.index(of: rtt.median),
                isLossy: isLossy)
        }
        return switch result.verdict {
        case .frontEnd: Cell(text: "front")
        case .silent: Cell(text: "silent")
        default: Cell(text: report.isBlank && report.unfinished != nil ? "failed" : "-")
        }
    }
}
