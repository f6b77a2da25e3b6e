import TraceCoreCommandLine

let arguments = Array(CommandLine.arguments.dropFirst())
let rest = Array(arguments.dropFirst())

// Pages of the program as a whole need none.
if let first = arguments.first, !first.hasPrefix("-") { await overview.checkDescriptors() }
switch arguments.first {
case "run": await RunCommand(isDemo: false).run(rest)
case "demo": await RunCommand(isDemo: true).run(rest)
case "check": await CheckCommand().run(rest)
case "test-receiver": await TestReceiverCommand().run(rest)
case "list": await ListCommand().run(rest)
case "show": await ShowCommand().run(rest)
case "chart": await ChartCommand().run(rest)
case "export": await ExportCommand().run(rest)
case "once": await OnceCommand().run(rest)
case "runs": await RunsCommand().run(rest)
case "map": await MapCommand().run(rest)
case "import": await ImportCommand().run(rest)
case "query": await QueryCommand().run(rest)
case "schema": await SchemaCommand().run(rest)
case "backup": await BackupCommand().run(rest)
default:
    _ = overview.parseOrExit(arguments)
    overview.fail(UsageError("a command is wanted: \(commands.map(\.key).joined(separator: ", "))"))
}
