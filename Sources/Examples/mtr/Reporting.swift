import TraceCoreCommandLine
import TraceCoreGeoOptions
import Glibc
import TraceCore

/// The options that say what is printed, and the printing.
struct Reporting {
    /// What is printed, if the path is not shown on the screen.
    enum Form {
        case text, wideText, mtrJSON, csv, json, ndjson
    }

    let report = Option("r", "report", help: "Print a report instead of taking the whole screen.")
    let wide = Option("w", "report-wide", help: "Print a report in which no name is cut.")
    let mtrJSON = Option(
        "j", "mtr-json", help: "Print the JSON document that mtr's `--json` prints. `--json` is this project's own.")
    let csv = Option("C", "csv", help: "Print comma-separated values as mtr does.")
    let own = OutputOptions()
    let order = Option(
        "o", "order", value: .fields, default: .latency,
        help: "Show these columns in this order: `L` loss, `D` lost, `R` answered, `S` sent, `N` newest, `B` best, "
            + "`A` average, `W` worst, `V` deviation, `G` geometric mean, `J` jitter, `M` its mean, `X` its worst, "
            + "`I` interarrival jitter; a space is a gap.")
    let both = Option("b", "show-ips", help: "Show addresses beside names.")
    let labels = Option("e", "mpls", help: "Show MPLS labels in a report; the screen always can.")
    let systems = Option(
        "z", "aslookup",
        help: "In a report, mtr's JSON and CSV, show the number of the network that each host belongs to, as the "
            + "databases of `--geo` know it.")
    let geography = DatabaseOptions(help: "With `-z`, look the numbers up in this database (mmdb)")

    let changes = Option(
        "changes",
        help: "Print a line for each change of the path as it happens, instead of a report: other routers, more or "
            + "fewer hops, slower or faster answers, loss, outages. With `--ndjson` each is an object, with `--json` "
            + "all are in one document at the end.")
    let limit = Option(
        "limit", value: .duration(unit: .milliseconds(1), .microseconds(1) ... .seconds(60)),
        help: "With `--changes`, also tell when the path is slower than this; a bare number is milliseconds.")

    let state = Option(
        "state", value: .file,
        help: "With `--changes`, go on from what this file knows of the path, and keep it there: changes between two "
            + "watches are told, and none twice. Made if it is not there; one file for each path.")

    var group: OptionGroup {
        OptionGroup(
            "Output",
            [
                report, wide, mtrJSON, csv, own.json, own.ndjson, changes, limit, state, order,
                asking.probes.numeric, both, labels, systems, geography.databases,
            ])
    }

    // `-r` says only that it is to be a report, and goes with each form of one, as with mtr.
    var exclusive: [[any OptionRow]] {
        [
            [mtrJSON, csv, own.json, own.ndjson], [changes, report], [changes, wide], [changes, mtrJSON],
            [changes, csv], [asking.probes.numeric, both],
        ]
    }

    /// What was asked for, or nil for the screen.
    func form(in parsed: ParsedArguments) -> Form? {
        if parsed[mtrJSON] { return .mtrJSON }
        if parsed[csv] { return .csv }
        if parsed[own.json] { return .json }
        if parsed[own.ndjson] { return .ndjson }
        return parsed[wide] ? .wideText : parsed[report] ? .text : nil
    }

    /// Who knows the numbers of networks, or nil where they are not asked for.
    ///
    /// - Throws: A sentence about what there is no room for, or no database; or why one cannot be read.
    func systems(in parsed: ParsedArguments) throws -> (@Sendable (IPAddress) -> UInt32?)? {
        guard parsed[systems] else {
            if parsed[geography.databases].isEmpty { return nil }
            throw UsageError("--geo is for -z: nothing else is looked up in a database")
        }
        switch form(in: parsed) {
        case .text, .wideText, .mtrJSON,
            .csv where !parsed[changes]:
            break
        default: throw UsageError("-z is for reports in the forms of mtr: give -r, -w, -j or -C as well")
        }
        return try geography.systems(for: "-z", in: parsed, over: network)
    }

    func hosts(in parsed: ParsedArguments) -> MTRReport.HostStyle {
        parsed[asking.probes.numeric] ? .addresses : parsed[both] ? .both : .names
    }

    /// Prints a report in a form.
    func print(
        _ path: MonitorReport, as form: Form, in parsed: ParsedArguments, trafficClass: UInt8?, bitPattern: UInt8?,
        system: (@Sendable (IPAddress) -> UInt32?)?
    ) throws {
        let report = MTRReport(
            path, fields: parsed[order], hosts: hosts(in: parsed), showsLabels: parsed[labels],
            trafficClass: trafficClass, bitPattern: bitPattern, system: system)
        let output = Output.standard
        switch form {
        case .text: for line in report.textLines() { output.print(line) }
        case .wideText: for line in report.textLines(isWide: true) { output.print(line) }
        case .mtrJSON: output.print(try JSON.text(report, style: .pretty))
        case .csv: for line in report.csvLines(version: "TraceCore-0.1.0") { output.print(line) }
        // Both are printed as the run goes.
        case .json, .ndjson: break
        }
        output.flush()
    }
}

extension ValueKind where Value == MTRReport.Fields {
    /// The letters of columns.
    fileprivate static var fields: Self {
        Self("FIELDS", expecting: "a list of columns such as \"LS NABWV\", each given once") { MTRReport.Fields($0) }
    }
}
