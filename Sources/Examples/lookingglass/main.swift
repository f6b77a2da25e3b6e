import Foundation
import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCoreServer

let options = GlassOptions()

let command = Command(
    "lookingglass", summary: "Let others run ping, traceroute and mtr from this machine, on a web page and by an API.",
    description: [
        "Serves a page on which anybody can see the path from here to a host: traced, watched as mtr does, pinged, with all "
            + "paths and with the path MTU, as text, as charts and on a map. The same is there for programs, as events, reports "
            + "and text. It needs no privilege and starts no processes.",
        "What strangers may ask for has limits, and private networks cannot be asked: see `--ratelimit`, `--runs` and `--allow`.",
        "The settings and routes of webtrace work here, and so do those of the agent of the Python module for pings and traceroutes.",
        "On SIGTERM it takes no more requests and lets those that run come to an end. On SIGHUP it reads tokens, vantage points and "
            + "databases again.",
    ],
    options: options.groups,
    exitCodes: [0: "It was asked to end, and did.", 2: "It could not be started."],
    environment: [
        "LOOKINGGLASS_TITLE, LOOKINGGLASS_SERVERINFO, LOOKINGGLASS_RATELIMIT, LOOKINGGLASS_TIMEOUT, LOOKINGGLASS_MTRCOUNT, LOOKINGGLASS_PINGCOUNT":
            "As the options of these names; so are the names of webtrace, which begin with WEBTRACE_.",
        "LISTEN_FDS": "Sockets that systemd hands over.", "NOTIFY_SOCKET": "Where systemd is told how it goes.",
    ],
    examples: [
        "lookingglass --network demo": "A page with a simulated internet, at http://127.0.0.1:8080/.",
        "lookingglass -l 0.0.0.0:8080 -l '[::]:8080' --geo city.mmdb --title 'Example Net'":
            "A public looking glass with places.",
        "lookingglass --vantage others.json --tokens tokens.txt --no-page": "An agent for other looking glasses.",
    ],
    seeAlso: ["trace(1)", "mtr(1)", "ping(1)"])

await command.run { parsed in
    let settings = try Settings(options, parsed, ProcessInfo.processInfo.environment)
    let server = try Server("lookingglass", options.server, in: parsed)
    let glass = LookingGlass(settings, try settings.setup(for: server))
    if let warning = glass.setup.admission.tokens?.warning { Output.error.print("lookingglass: \(warning)") }
    Output.error.print("lookingglass: \(settings.whomItAsks(server))")
    return await server.serve(
        reload: {
            glass.replace(try settings.setup(for: server, after: glass.setup))
            return "tokens, vantage points and databases"
        }, stop: { glass.setup.service.shutdown() },
        isForThisMachine: options.service.isForThisMachine(in: parsed, of: server), prompt: { glass.prompt($0) },
        handler: { call in try await glass.answer(call) })
}
