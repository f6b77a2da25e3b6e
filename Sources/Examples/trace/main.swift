import TraceCoreCommandLine

let options = TraceOptions()
let hosts = Operand(
    "host", each: .host,
    help: "The host to trace: a name or an address; or several. A number behind them is the size of the packets, IP "
        + "header and all: 60 bytes with IPv4 and 80 with IPv6 by default.")

let command = Command(
    "trace", summary: "Show the path that packets take to a host, or to many.",
    description: [
        "Asks every hop of the path at once, so that the whole path is known after one round trip. A host that is "
            + "silent or unreachable is a result and not an error.",
        "Several hosts are traced at the same time, at one rate over all of them. Each path is printed whole, and they "
            + "come in the order of the hosts. `--json` makes one array of them; the events of `--ndjson` say by `runID` "
            + "which host they are about, counted from 0.",
        "`--format` writes what other tools write or read. Of several hosts, `json` and `dict` make an array, `atlas` and "
            + "`scamper` a line each, `mtr` one document behind the other as mtr does, `mtr-csv` one table, and "
            + "`markdown` one section behind the other.",
    ],
    options: options.groups, oneOf: options.exclusive, operands: [hosts],
    exitCodes: [
        0: "Each host was reached.", 1: "One was not.",
        2: "One could not be traced, or the paths could not be printed.",
        143: "The system asked the program to end (SIGTERM); what was known until then was printed.",
    ],
    examples: [
        "trace --network demo tokyo.example": "A path through the built-in simulated internet.",
        "trace --network demo tokyo.example london.example sydney.example": "Three of them at once.",
        "trace --network demo --ndjson tokyo.example > run.ndjson": "Record the events of a run.",
        "trace --replay run.ndjson": "Report a recorded run again.",
        "trace --network demo --mtu tokyo.example": "How large packets may be, and where they become too large.",
        "trace -I --json --targets hosts.txt": "All hosts of a list, as one JSON document.",
        "trace --network demo --paths singapore.example": "Every path that routers balance over.",
        "trace --network demo --format markdown tokyo.example": "A table for a ticket.",
        "trace --join berlin.ndjson --join tokyo.ndjson --format dot": "One graph of what several machines recorded.",
        "trace --network demo -A tokyo.example": "Whose network each router belongs to.",
        "trace --network demo --map tokyo.svg tokyo.example": "Where the path runs, as text and on a map.",
    ],
    seeAlso: ["ping(1)", "sweep(1)", "traceroute(8)"])

await command.run { parsed in
    try await TraceRequest(options, hosts: parsed[hosts], in: parsed).show()
}
