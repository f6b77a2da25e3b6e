/// Numbers about a program, as Prometheus and others of its kind read them.
public struct Metrics: Sendable {
    /// What is written.
    public enum Format: String, Sendable, CaseIterable {
        /// Prometheus' text, version 0.0.4.
        case prometheus = "text/plain; version=0.0.4; charset=utf-8"
        /// OpenMetrics, version 1.0.0.
        case openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"

        /// The format that a client asks for.
        public init(for fields: HTTPFields) {
            let type = fields.accepted(of: ["text/plain", "application/openmetrics-text"])
            self = type == "application/openmetrics-text" ? .openMetrics : .prometheus
        }
    }

    /// How many of the things that were measured were how large.
    public struct Histogram: Sendable, Hashable {
        let bounds: [Double]
        private(set) var counts: [Int]
        private(set) var sum = 0.0

        /// An empty one, with the upper bounds of its ranges in ascending order.
        public init(bounds: [Double]) {
            self.bounds = bounds
            counts = [Int](repeating: 0, count: bounds.count + 1)
        }

        /// Counts a number.
        public mutating func count(_ number: Double) {
            counts[bounds.firstIndex { number <= $0 } ?? bounds.count] += 1
            sum += number
        }
    }

    /// A name and its value. Values may come from strangers; names are of the program.
    public typealias Label = (name: StaticString, value: String)

    /// What numbers of a name mean.
    public enum Kind: String, Sendable {
        /// It only grows; the name ends in `_total`.
        case counter
        /// It grows and shrinks.
        case gauge
        /// Ranges with their counts.
        case histogram
    }

    private let isOpen: Bool
    private var text = ""

    /// No numbers yet.
    public init(_ format: Format) { isOpen = format == .openMetrics }

    /// The whole text.
    public var bytes: [UInt8] { Array((isOpen ? text + "# EOF\n" : text).utf8) }

    /// Adds counters or gauges of a name, each with labels of its own.
    public mutating func add(
        _ kind: Kind, _ name: StaticString, _ help: StaticString, _ samples: [(labels: [Label], value: Double)]
    ) {
        begin(name, help, kind)
        for sample in samples { line("\(name)", sample.labels, Self.number(sample.value)) }
    }

    /// Adds a counter or a gauge without labels.
    public mutating func add(_ kind: Kind, _ name: StaticString, _ help: StaticString, _ value: Double) {
        add(kind, name, help, [([], value)])
    }

    /// Adds histograms.
    public mutating func add(
        _ name: StaticString, _ help: StaticString, _ samples: [(labels: [Label], value: Histogram)]
    ) {
        begin(name, help, .histogram)
        for (labels, histogram) in samples {
            var count = 0
            for (bound, more) in zip(histogram.bounds + [.infinity], histogram.counts) {
                count += more
                // With a fraction in either format: a series has one name, whoever asks.
                let end = bound == .infinity ? "+Inf" : "\(bound)"
                line("\(name)_bucket", labels + [("le", end)], "\(count)")
            }
            line("\(name)_sum", labels, Self.number(histogram.sum))
            line("\(name)_count", labels, "\(count)")
        }
    }

    private mutating func begin(_ name: StaticString, _ help: StaticString, _ kind: Kind) {
        // OpenMetrics names a counter without its ending.
        var family = "\(name)"
        if isOpen, kind == .counter, family.hasSuffix("_total") { family.removeLast(6) }
        text += "# HELP \(family) \(escaped("\(help)", quotes: isOpen))\n# TYPE \(family) \(kind.rawValue)\n"
        if isOpen, kind != .counter, let unit = ["seconds", "bytes"].first(where: { family.hasSuffix("_" + $0) }) {
            text += "# UNIT \(family) \(unit)\n"
        }
    }

    private mutating func line(_ name: String, _ labels: [Label], _ value: String) {
        let labels = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        text += "\(name)\(labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") \(value)\n"
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "\n" || quotes && scalar == "\"" { result.append("\\") }
            result.append(scalar == "\n" ? "n" : scalar)
        }
        return String(result)
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
