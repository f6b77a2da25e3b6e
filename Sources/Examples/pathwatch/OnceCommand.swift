import Glibc
import TraceCore
import TraceCoreCommandLine
import TraceCoreGeoOptions
import TraceCoreWatch

/// Traces hosts once, and prints the older monitoring script's report.
struct OnceCommand {
    let hosts = Operand("host", each: .host, help: "The hosts, by name or address.")
    let address = Option(
        "i", "ip_address", "ip-address", value: .host, help: "One more host, as the older script has it.")

    let probes = ProbeOptions(
        ProbeHabits(
            method: .udp, spellings: [:],
            omitted: ProbeHabits.Name.allCases.filter {
                ![.icmp, .udp, .tcp, .port, .ipv4, .ipv6, .numeric].contains($0)
            }))
    let network = NetworkOptions()

    let country = Option(
        "c", "country", value: .text, placeholder: "CC", default: TraceSource.thisMachine,
        help: "Trace from there: a name in the file of `--json_file`. `LO` is this machine.")
    let sources = Option(
        "j", "json_file", "json-file", value: .file, default: "sources.json",
        help: "The looking glasses and web pages that `--country` can name.")
    let timeout = Option(
        "s", "timeout", value: .duration(unit: .seconds(1), .milliseconds(100) ... .seconds(3_600)),
        default: .seconds(120), help: "How long a trace, and whatever is downloaded, may take.")

    let databases = DatabaseOptions(help: "Say where each hop is, by this database (mmdb) and by the names of routers")
    let noGeo = Option("n", "no_geo", "no-geo", help: "Say of no hop where it is.")
    let publicAddress = Option(
        "public-address", value: .text, placeholder: "URL",
        help:
            "Ask this service for the address that others see, such as https://api.ipify.org. Nobody is asked without it."
    )

    let store = Option(
        "store", value: .file, help: "Keep the run in this file, and compare it with the last one for the same host.")
    let webhook = Option(
        "w", "webhook", value: .text, placeholder: "URL",
        help: "Do not print the report: send it there, if one of the three rules finds something.")
    let longest = Option(
        "max_latency", "max-latency", value: .duration(unit: .milliseconds(1)), default: .milliseconds(20),
        help: "A hop that takes longer is told of.")
    let difference = Option(
        "hop_time_diff", "hop-time-diff", value: .duration(unit: .milliseconds(1)), default: .milliseconds(20),
        help: "An address that takes another time than in the last run, by more than this, is told of.")

    var command: Command {
        Command(
            "pathwatch once", summary: "Trace hosts once, and print the report of the older monitoring script.",
            description: [
                "Prints a JSON object for one host, and a list of them for several, with `null` for one that could not be traced: `ifaces`, `hops`, `probe_start`, `probe_end`, "
                    + "`pub_ip` and `routes`. It needs no privilege and starts no program.",
                "Three rules are looked at: a hop that takes longer than `--max_latency`, an address that takes another time than in "
                    + "the last run by more than `--hop_time_diff`, and another number of hops. The last run is that of `--store` "
                    + "for the same host, asked from the same place in the same way. With `--webhook`, the report is sent if one of them finds something, "
                    + "with what was found as `event_source`; without it, what was found is said on standard error if a limit is "
                    + "given. What cannot be sent is kept in the store, and sent with the next run.",
            ],
            options: [
                OptionGroup("What to trace", [address]), probes.methodGroup,
                OptionGroup("From where", [country, sources, timeout]),
                OptionGroup(
                    "What is said", [databases.databases, databases.here, noGeo, probes.numeric, publicAddress]),
                OptionGroup("What is kept, and who is told", [store, webhook, longest, difference]),
                OptionGroup("Network", [network.network, network.realTime]),
            ],
            oneOf: [
                [probes.icmp, probes.udp, probes.tcp], [probes.ipv4, probes.ipv6], [databases.databases, noGeo],
            ],
            operands: [hosts],
            exitCodes: [
                0: "Each host was traced; one that does not answer is a result.",
                2: "One could not be traced, or what came of it could not be kept or sent.",
            ],
            examples: [
                "pathwatch once --network demo tokyo.example": "The report of a path through the simulated internet.",
                "pathwatch once --store runs.db --geo city.mmdb www.example.com":
                    "Keep the run, with the places of its hops.",
                "pathwatch once --country US 192.0.2.7": "Have a page of sources.json trace it.",
                "pathwatch once --store runs.db --webhook https://hooks.example/path www.example.com":
                    "Send the report if the path is slow, or not as it was.",
            ], seeAlso: ["pathwatch(1)", "trace(1)"])
    }

    /// An option that says how to ask, if one was given.
    func asking(in parsed: ParsedArguments) -> String? {
        let flags = [
            ("--icmp", probes.icmp), ("--udp", probes.udp), ("--tcp", probes.tcp), ("-4", probes.ipv4),
            ("-6", probes.ipv6),
            ("--numeric", probes.numeric),
        ]
        return parsed.isGiven(probes.port) ? "--port" : flags.first { parsed[$0.1] }?.0
    }

    @MainActor func run(_ arguments: [String]) async {
        let parsed = command.parseOrExit(arguments)
        do {
            let once = try OnceRun(self, in: parsed)
            exit(try await once.show())
        } catch let error as UsageError {
            command.fail(error)
        } catch {
            command.fail("\(error)", exitCode: 2)
        }
    }
}
