import CTraceCoreNamespace
import TraceCoreCommandLine
import Glibc
import TraceCore

let device = Option("device", value: .interface, default: "sim0", help: "Call the network interface so.")
let vantage = Option("vantage", value: .text, placeholder: "NAME", help: "Stand at this vantage, and not at the first.")
let seed = Option("seed", value: .integer(UInt64(0)...), help: "Decide by this number what happens by chance.")
let mtu = Option(
    "mtu", value: .integer(UInt16(1280)...65535), default: 1500, help: "Take packets of at most this size.")
let exact = Option(
    "exact",
    help: "Keep delays to the microsecond: count them from when the kernel sent a packet, and wait awake for the last "
        + "moments before an answer is due. It takes up to a processor.")
let defaultRoute = Option(
    "default-route", help: "Send everything to the simulated internet. With a command that is always so.")
let logFile = Option("log", value: .file, help: "Write a line of CSV to this file for each packet, with its times.")
let user = Option("user", value: .user, help: "Run the command as this user, without any privilege.")
let pings = Option(
    "ping-group-range", value: .choice(PrivateNetwork.PingGroups.self),
    help: "Say who may ping without privileges: everybody, or nobody.")
let hosts = Option("hosts", help: "Let the command look up the topology's names, and no others.")
let topology = Operand("topology", value: .internet, help: "The simulated internet: `demo`, or a topology file.")
let words = Operand("command", each: .text, help: "A command with its arguments, after `--`.")

let command = Command(
    "simnet", summary: "Connect a simulated internet to this machine, for any tool to use.",
    description: [
        "Makes a network interface behind which a simulated internet lies, with the delays, losses and oddities that "
            + "its topology describes. Packets of any program are answered there, each at its time.",
        "With a command, the interface is in a network of the command's own, which is gone when the command ends; "
            + "nothing else on the machine notices. `simnet` ends with the command's exit code and hands signals on to "
            + "it. Without a command, the interface is beside the machine's others until Ctrl-C.",
        "It needs Linux and root, or the capability `CAP_NET_ADMIN`; with a command, an ordinary user will do where "
            + "the system lets users have namespaces and open `/dev/net/tun`.",
    ],
    options: [
        OptionGroup("The internet", [vantage, seed]), OptionGroup("The interface", [device, mtu, defaultRoute, exact]),
        OptionGroup("The command", [user, pings, hosts]), OptionGroup("Output", [logFile]),
    ],
    operands: [topology, words],
    exitCodes: [
        0: "Without a command: it was asked to end.",
        125: "The interface could not be made, or the log not be written.",
        126: "The command could not be run.", 127: "There is no such command.",
    ],
    usageExitCode: 125,
    examples: [
        "sudo simnet demo -- traceroute -n 203.0.113.110": "Trace a path that is not there.",
        "sudo simnet demo --hosts -- mtr -r tokyo.example": "The same by name, with mtr.",
        "sudo simnet demo --user nobody --ping-group-range open -- ping -c 3 203.0.113.10": "Without any privilege.",
        "sudo simnet demo --log packets.csv": "Join the demo to this machine, and write down what happens.",
    ],
    seeAlso: ["trace(1)", "ping(1)", "network_namespaces(7)"])

let parsed = command.parseOrExit()
let hasCommand = !parsed[words].isEmpty
for option in [
    (parsed[user] != nil, "--user"), (parsed[pings] != nil, "--ping-group-range"), (parsed[hosts], "--hosts"),
]
where option.0 && !hasCommand {
    command.fail(UsageError("\(option.1) is about a command, and none was given: write it after --"))
}

do {
    let internet = try SimulatedInternet(at: parsed[topology])
    let record: RecordFile? = if let path = parsed[logFile] { try RecordFile(path) } else { nil }
    if hasCommand {
        let network = try PrivateNetwork(hidesFiles: parsed[hosts])
        if network.isUserOwned, parsed[user] != nil {
            throw ProbeError(
                .notPermitted, "Only root can become another user", remedy: "Leave --user out, or use sudo")
        }
        if let groups = parsed[pings] { try network.allowPings(to: groups) }
        if parsed[hosts] { try NameFiles.cover(for: internet) }
    }
    let link = try SimulatedLink(
        internet,
        options: SimulatedLink.Options(
            device: parsed[device], vantage: parsed[vantage], seed: parsed[seed], mtu: parsed[mtu],
            takesDefaultRoute: parsed[defaultRoute] || hasCommand, isExact: parsed[exact]))
    // Every thread from here on leaves signals to this one.
    tracecore_namespace_hold_signals()
    if let record {
        try link.start { record.append($0) }
    } else {
        try link.start()
    }

    var exitCode: Int32 = 0
    if hasCommand {
        exitCode = try CommandProcess(parsed[words], as: parsed[user]).wait()
    } else {
        Output.error.print("simnet: \(parsed[topology]) is behind \(link.device); Ctrl-C ends it")
        tracecore_namespace_await_end()
    }
    let counts = try link.stop()
    if !hasCommand {
        Output.error.print(
            "simnet: \(counts.carried) packets, \(counts.answered) answers, \(counts.lost + counts.withoutRoute) lost")
    }
    if counts.dropped > 0 {
        Output.error.print("simnet: \(counts.dropped) packets were dropped: too many were on their way")
    }
    if counts.unrecorded > 0 {
        Output.error.print("simnet: \(counts.unrecorded) packets are missing from the log: the disk was too slow")
    }
    try record?.check()
    exit(exitCode)
} catch let failure as CommandProcess.Failure {
    command.fail(failure, exitCode: failure.exitCode)
} catch {
    command.fail("\(error)", exitCode: 125)
}
