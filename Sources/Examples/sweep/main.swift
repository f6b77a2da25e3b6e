import TraceCoreCommandLine

let options = SweepOptions()
let hosts = Operand("host", each: .host, help: "The hosts to ask. With `-g`: networks, or a first and a last address.")

let command = Command(
    "sweep", summary: "Ask many hosts whether they answer.",
    description: [
        "Asks each host until it answers, many at a time, and says which are alive. Without hosts it reads a list of "
            + "them from standard input. With `-c`, `-C` or `-l` it asks each host a number of times.",
        "Options, lines and exit codes are those of fping. What is said of hosts goes to standard output; sums and "
            + "statistics of text go to standard error.",
    ],
    options: options.groups, oneOf: options.exclusive, operands: [hosts],
    exitCodes: [
        0: "All hosts are alive; with `-x`, at least that many.", 1: "Some are not.", 2: "A name has no address.",
        3: "The command line is wrong.", 4: "The hosts could not be asked, or the answers could not be printed.",
        143: "The system asked the program to end (SIGTERM); what was known until then was printed.",
    ],
    usageExitCode: 3, failureExitCode: 4,
    examples: [
        "sweep -a -g 203.0.113.0/24 --network demo": "Who is alive in a simulated network.",
        "sweep -C 5 -q -f hosts.txt": "Five round trips of each host in a list.",
        "sweep -g 10.0.0.0/14 -i 0.02 -r 1 -a > alive.txt": "A large network at 50,000 probes a second.",
    ],
    seeAlso: ["ping(1)", "trace(1)", "fping(8)"])

await command.run { parsed in
    try await SweepRun(options, hosts: parsed[hosts], in: parsed).show()
}
