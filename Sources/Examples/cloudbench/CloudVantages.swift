import GeoKit
import TraceCore
import TraceCoreCloud
import TraceCoreCommandLine
import TraceCoreServer

/// The options that choose from where clouds are measured.
struct CloudVantages {
    let from = Option(
        "from", each: ValueKind("NAME", expecting: "the name of a looking glass") { $0.isEmpty ? nil : $0 },
        help:
            "Measure from the looking glass of this name; `here` is this machine. Repeat the option for several, which measure "
            + "at the same time and come out as a matrix. The simulated `clouds` have `tokyo` and `sao-paulo`.")
    let file = Option(
        "vantage", value: .file,
        help:
            "The looking glasses that `--from` can name, as lookingglass has them: a JSON array of objects with `name`, "
            + "`url`, and perhaps `token`, `latitude` and `longitude`. Without `--from`, all of them.")

    var group: OptionGroup { OptionGroup("From elsewhere", [from, file]) }

    /// What asks, and from where.
    struct Point: Sendable {
        /// Nil for this machine.
        let name: String?
        let here: Coordinate?
        let asker: any CloudAsker
    }

    /// The name of this machine.
    static let here = "here"

    /// The vantage points that were asked for, in their order; or this machine alone.
    func chosen(over ground: CloudNetwork.Ground, in parsed: ParsedArguments) throws -> [Point] {
        var seen: Set<String> = []
        let names = parsed[from].filter { seen.insert($0).inserted }
        guard let path = parsed[file] else {
            let known = ground.places
            return try names.isEmpty
                ? [Self.own(ground)]
                : names.map { name in
                    if name == Self.here { return Self.own(ground) }
                    if let point = known.first(where: { $0.name == name }) { return point }
                    throw UsageError(
                        known.isEmpty
                            ? "--from names a looking glass of a file: give --vantage FILE as well"
                            : "--from: there is no \(UntrustedText(name).word); there is "
                                + ([Self.here] + known.compactMap(\.name)).joined(separator: ", "))
                }
        }
        let points = try VantagePoint.list(in: path)
        guard !points.isEmpty else { throw UsageError("--vantage: \(Input(path).name) has no looking glass") }
        let wanted = names.isEmpty ? points.map(\.name) : names
        return try wanted.map { name in
            if name == Self.here, !points.contains(where: { $0.name == name }) { return Self.own(ground) }
            return Self.point(try VantagePoint.named(name, of: points, in: path), isExplained: true)
        }
    }

    /// All that can be chosen beside this machine.
    ///
    /// - Parameter complain: Takes what goes wrong with looking glasses, for the operator.
    func all(
        over ground: CloudNetwork.Ground, in parsed: ParsedArguments,
        complain: @escaping @Sendable (VantagePoint.Failure) -> Void
    ) throws -> [Point] {
        guard let path = parsed[file] else { return ground.places }
        return try VantagePoint.list(in: path, complain: complain).map { Self.point($0, isExplained: false) }
    }

    static func own(_ ground: CloudNetwork.Ground) -> Point {
        Point(name: nil, here: ground.here, asker: OwnAsker(prober: ground.prober))
    }

    private static func point(_ point: VantagePoint, isExplained: Bool) -> Point {
        Point(name: point.name, here: point.place?.coordinate, asker: VantageAsker(point, isExplained: isExplained))
    }
}

extension CloudRuns {
    /// The runs from several vantage points, which ask the same addresses.
    init(
        over ground: CloudNetwork.Ground, _ catalogue: CloudCatalogue, _ regions: [CloudRegion],
        _ settings: CloudRun.Settings, from points: [CloudVantages.Point]
    ) {
        let providers = Dictionary(catalogue.providers.map { ($0.code, $0.name) }) { first, _ in first }
        let names = SharedNames(ground.prober(.icmp).resolver)
        self.init(
            points.map { point in
                CloudRun(
                    CloudRun.Description(
                        startedAt: .now, network: ground.name, catalogue: catalogue.date, settings: settings,
                        regions: regions, providers: providers, here: point.here, from: point.name),
                    policy: ground.policy, locators: ground.locators, names: names, asker: point.asker)
            })
    }
}
