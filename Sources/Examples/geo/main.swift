import TraceCoreCommandLine
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
let rest = Array(arguments.dropFirst())

// The first word is a command; without one, addresses are looked up.
do {
    switch arguments.first {
    case "build": try BuildCommand().run(rest)
    case "verify": VerifyCommand().run(rest)
    case "info": try InfoCommand().run(rest)
    case "dump": try DumpCommand().run(rest)
    default: exit(try LookUpCommand().run(arguments))
    }
    Output.standard.flush()
} catch {
    Output.standard.flush()
    Output.error.print("geo: \(error)")
    exit(2)
}
