import TraceCoreCommandLine

let options = MTROptions()
let hosts = Operand("host", each: .host, help: "The hosts at the ends of the paths: names or addresses.")

let command = Command(
    "mtr", summary: "Watch the path that packets take to a host.",
    description: [
        "Asks every hop of the path once a second, and shows on the whole screen how often and how fast each answers. "
            + "`h` lists the keys, `q` quits.",
        "With `-r` and the options like it, or where standard output is not a terminal, it asks ten times and prints a report.",
    ],
    options: options.groups, oneOf: options.exclusive, operands: [hosts],
    exitCodes: [
        0: "The host answered, or the screen was left.", 1: "It did not answer.",
        2: "The path could not be watched, or the report could not be printed.",
        129: "The terminal was closed.",
        143: "The system asked the program to end (SIGTERM); a report has what was known until then.",
    ],
    optionsFrom: "MTR_OPTIONS",
    environment: [
        "MTR_OPTIONS": "Options, as words between spaces, that stand before those of the command line.",
        "NO_COLOR": "Where set, the screen has no colours.",
    ],
    examples: [
        "mtr --network demo tokyo.example": "A path through the built-in simulated internet, on the whole screen.",
        "mtr -r -c 10 --network demo tokyo.example": "A report of ten rounds.",
        "mtr -r -z --network demo tokyo.example": "A report that says whose network each router belongs to.",
        "mtr --network demo --ndjson -c 60 tokyo.example > run.ndjson": "Record a minute.",
        "mtr --changes --limit 50 --network demo -c 60 tokyo.example": "Tell what changes within a minute.",
        "mtr --changes --state tokyo.state --network demo tokyo.example":
            "Tell what changes, also since the last time.",
        "mtr -r -c 48 --flows 16 --network demo tokyo.example": "Each of the paths that routers balance over.",
        "mtr --network demo tokyo.example london.example": "Two paths; Tab shows the other.",
        "mtr --replay run.ndjson": "Look at the record on the screen; with --real-time, as it happened.",
    ],
    seeAlso: ["trace(1)", "ping(1)"])

await command.run { parsed in
    try await MTRRequest(options, hosts: parsed[hosts], in: parsed).show()
}
