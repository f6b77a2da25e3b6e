import TraceCoreCommandLine
import TraceCore

/// A command with an option of every sort, as a program would declare it.
enum Sample {
    enum Mark: String, CaseIterable { case dots, stars, none }

    static let count = Option(
        "c", "count", value: .integer(1...1_000_000), help: "Stop after this many replies.")
    static let interval = Option(
        "i", "interval", value: .duration(unit: .seconds(1), .milliseconds(2) ... .seconds(3_600)),
        default: .seconds(1), help: "Wait this long between probes. More is kinder.")
    static let period = Option(
        "p", "period", value: .duration(unit: .milliseconds(1)), default: .milliseconds(1_000),
        help: "Wait this long between probes to one host.")
    static let waits = Option(
        "w", "wait", value: .list(of: .decimal(0...86_400), count: 1...3), placeholder: "MAX,HERE,NEAR",
        default: [5, 3, 10], help: "How long a reply is waited for.")
    static let source = Option("s", "source", value: .address, help: "Send from this address.")
    static let device = Option("I", "interface", value: .interface, help: "Send through this interface.")
    static let ratio = Option(
        "ratio", value: .decimal(-1...1), default: 0.5, help: "How it's weighed [0..1].")
    static let offset = Option("o", "offset", value: .integer(-10...10), default: 0, help: "An offset.")
    static let tos = Option(
        "Q", "tos", value: .integer(0...255) as ValueKind<UInt8>, help: "The type of service.")
    static let mark = Option(
        "mark", value: .choice(Mark.self), default: .dots, help: "What a reply looks like.")
    static let color = Option(
        "color", "colour", value: .choice(ColorChoice.self), placeholder: "WHEN", default: .auto,
        bare: .always,
        help: "When to use colour.")
    static let files = Option("f", "file", each: .file, help: "Read targets from this file.")
    static let numeric = Option("n", "numeric", help: "Show addresses only: `-n` asks no name server.")
    static let quiet = Option("q", "quiet", help: "Show the summary only.")
    static let json = Option("json", help: "Print one JSON document.")
    static let four = Option("4", "ipv4", help: "Use IPv4.")
    static let six = Option("6", "ipv6", help: "Use IPv6.")
    static let secret = Option("debug-plan", isHidden: true, help: "Print the plan.")

    static let host = Operand("host", value: .host, help: "Where to.")
    static let size = Operand("size", optional: .integer(28...65_000), help: "Bytes in each probe.")

    static let command = Command(
        "trace", summary: "Show the path to a host.",
        description: ["Sends probes with `-c` and waits.", ".hidden \\ things are 'quoted'."],
        version: "1.2.3", date: "2026-11-20",
        options: [
            OptionGroup(
                "Probes", [count, interval, period, waits, source, device, ratio, offset, tos, four, six]),
            OptionGroup("Output", [mark, color, files, numeric, quiet, json, secret]),
        ],
        oneOf: [[four, six], [quiet, json]], operands: [host, size],
        exitCodes: [0: "The host was reached.", 1: "It was not.", 2: "The command line is wrong."],
        environment: ["NO_COLOR": "Where set, colour is not used."],
        examples: ["trace -n example.com": "The path, without names."],
        seeAlso: ["ping(8)", "traceroute(8)"])

    static func parse(_ line: String) throws(UsageError) -> ParsedArguments {
        try command.parse(line.split(separator: " ").map(String.init))
    }
}
