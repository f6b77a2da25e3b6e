import Glibc
import TraceCoreCommandLine

let arguments = Array(CommandLine.arguments.dropFirst())

// The first word is a command; without one, clouds are measured.
switch arguments.first {
case "catalogue": await CatalogueCommand().run(Array(arguments.dropFirst()))
case "serve": await ServeCommand().run(Array(arguments.dropFirst()))
default: await BenchCommand().run(arguments)
}
