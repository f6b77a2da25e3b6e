import TraceCore

/// The metrics of one ping in Prometheus' text exposition format.
func prometheus(_ report: PingReport) -> [String] { prometheus([report]) }

/// The metrics of several pings: the lines of a metric stay together below its one head, as the format demands.
func prometheus(_ reports: [PingReport]) -> [String] {
    metrics.flatMap { metric -> [String] in
        let samples = reports.flatMap { report in
            metric.samples(report).map { sample in
                let labels = (baseLabels(of: report) + sample.labels).map { "\($0.name)=\"\(labelValue($0.value))\"" }
                return "\(metric.name){\(labels.joined(separator: ","))} \(sample.value)"
            }
        }
        guard !samples.isEmpty else { return [] }
        return ["# HELP \(metric.name) \(metric.help)", "# TYPE \(metric.name) gauge"] + samples
    }
}

/// A ping as Prometheus reads it, from its events: nothing until the run is over, then all lines.
struct PrometheusText: EventText {
    private var fold = PingReport.Fold()

    init() {}

    mutating func apply(_ event: ProbeEvent) -> [String] {
        fold.apply(event)
        guard case .ended = event.fact else { return [] }
        return fold.report().map { prometheus($0) } ?? []
    }
}

// MARK: - How it is made

private struct Label {
    let name: String
    let value: String
}

private struct Sample {
    let value: String
    var labels: [Label] = []
}

private struct Metric: Sendable {
    let name: String
    let help: String
    let samples: @Sendable (PingReport) -> [Sample]
}

// Gauges, and no counters: they are of one run, and the next one begins at 0 again.
private let metrics: [Metric] = [
    Metric(name: "ping_probes", help: "Probes by what became of them.") { report in
        [
            Sample(value: "\(report.received)", labels: [Label(name: "result", value: "answered")]),
            Sample(value: "\(report.unreachable)", labels: [Label(name: "result", value: "unreachable")]),
            Sample(value: "\(report.lost)", labels: [Label(name: "result", value: "lost")]),
            Sample(value: "\(report.failed)", labels: [Label(name: "result", value: "not_sent")]),
        ]
    },
    Metric(name: "ping_probes_sent", help: "Probes that were sent.") { [Sample(value: "\($0.sent)")] },
    Metric(name: "ping_late_replies", help: "Answers to probes that had been given up.") {
        [Sample(value: "\($0.late)")]
    },
    Metric(name: "ping_duplicate_replies", help: "Answers to probes that had been answered before.") {
        [Sample(value: "\($0.duplicates)")]
    },
    Metric(name: "ping_loss_ratio", help: "Share of lost probes among the decided ones, from 0 to 1.") { report in
        report.lossPercent.map { [Sample(value: "\($0 / 100)")] } ?? []
    },
    Metric(name: "ping_rtt_seconds", help: "Round trips to the target.") { report in
        guard let rtt = report.rtt else { return [] }
        let figures: [(String, Duration?)] = [
            ("min", rtt.min), ("avg", rtt.average), ("max", rtt.max), ("stddev", rtt.standardDeviation),
            ("p50", rtt.p50), ("p90", rtt.p90), ("p95", rtt.p95), ("p99", rtt.p99), ("jitter", rtt.jitter),
        ]
        return figures.compactMap { name, time in
            time.map { Sample(value: $0.secondsText(decimals: 9), labels: [Label(name: "stat", value: name)]) }
        }
    },
]

private func baseLabels(of report: PingReport) -> [Label] {
    var labels: [Label] = []
    if let target = report.target {
        labels.append(Label(name: "target", value: target.text))
        labels.append(Label(name: "address", value: "\(target.address)"))
    }
    // A recording that has lost its beginning knows neither.
    let how = [("method", report.run.method?.rawValue), ("mode", report.run.mode)]
    return labels + how.compactMap { name, value in value.map { Label(name: name, value: $0) } }
}

/// The format has three escapes, and no other. A recorded run may come from anyone, so what could write to a terminal
/// is made harmless first.
private func labelValue(_ text: String) -> String {
    var value = ""
    // By scalar: a quote with an accent on it is another character, and still ends the value.
    for scalar in UntrustedText(text).escaped.unicodeScalars {
        switch scalar {
        case "\\": value += "\\\\"
        case "\"": value += "\\\""
        case "\n": value += "\\n"
        default: value.unicodeScalars.append(scalar)
        }
    }
    return value
}

// MARK: - With the simulated internet

/// From a report.
func prometheusOfDemo() async throws -> [String] {
    let prober = SimulatedProber(.icmp, .demo)
    var reports: [PingReport] = []
    for host in ["tokyo.example", "london.example"] {
        reports.append(try await Pinger(prober).ping(host, count: 4))
    }
    return prometheus(reports)
}

/// From events as they come; a recorded run gives the same lines.
func prometheusOfEvents() async throws -> (live: [String], recorded: [String]) {
    let pinger = Pinger(SimulatedProber(.icmp, .demo), settings: PingSettings(count: 4))
    var text = PrometheusText()
    var live: [String] = []
    var events: [ProbeEvent] = []
    for try await event in pinger.events(for: "tokyo.example") {
        live += text.apply(event)
        events.append(event)
    }
    return (live, PrometheusText().lines(of: events))
}
