import TraceCoreCommandLine
import TraceCore

/// What does not go together. Nothing that is given may be ignored: it works, or the program says why it cannot.
extension TraceOptions {
    var exclusive: [[any OptionRow]] {
        let live: [any OptionRow] = [
            targets, rate, concurrency, firstTTL, maxTTL, queries, window, pause, wait, gaps, network.realTime,
            paths.confidence, vantage.from,
        ]
        let places: [any OptionRow] = [geography.databases, geography.systems, geography.map]
        let manyHosts: [any OptionRow] = [targets, rate, concurrency]
        return probes.exclusive(with: network)
            + pairs(network.replay, live)
            + pairs(
                paths.join,
                probes.sending + live + places + [
                    network.network, network.replay, mtu, extensions, back, tcpOptions, rewrites, chart.file,
                ])
            + pairs(
                paths.paths,
                manyHosts + places + [queries, window, mtu, extensions, back, tcpOptions, rewrites, chart.file])
            + pairs(mtu, manyHosts + places + [rewrites, chart.file])
            + pairs(targets, [chart.file])
            + pairs(vantage.from, [network.network, targets, concurrency, geography.here])
            + pairs(output.ndjson, [output.json, geography.databases, geography.systems, rewrites])
    }

    private func pairs(_ option: any OptionRow, _ others: [any OptionRow]) -> [[any OptionRow]] {
        others.map { [option, $0] }
    }

    /// Refuses what the table of exclusive options cannot say.
    ///
    /// - Throws: A sentence about the first thing that is wrong.
    func check(_ parsed: ParsedArguments, hosts: [String]) throws(UsageError) {
        try probes.check(parsed, over: network)
        try ProbeOptions.check(firstTTL, isNotBehind: maxTTL, in: parsed)
        if let map = parsed[geography.map], map == parsed[chart.file] {
            throw UsageError("--map and --chart name the same file: give each its own")
        }
        let isJoining = !parsed[paths.join].isEmpty
        if parsed[paths.join].count == 1 {
            throw UsageError("--join: one run alone cannot be joined; give it several times")
        }
        if isJoining, !hosts.isEmpty { throw UsageError("--join takes recorded runs alone, and no host") }
        try network.checkHosts(hosts.count, in: parsed)
        if parsed[tcpOptions] != nil, parsed[network.replay] == nil, probes.method(in: parsed) != .tcp {
            throw UsageError("-O info is for TCP: give -T as well")
        }
        if parsed[paths.confidence] != nil, !parsed[paths.paths] { throw UsageError("--confidence is for --paths") }
        switch parsed[probes.identity] {
        case .classic where parsed[paths.paths]:
            throw UsageError("--identity classic gives each probe a flow of its own, which --paths cannot follow")
        case .dublin where parsed[mtu]:
            throw UsageError("--identity dublin needs the lengths of packets, and --mtu needs them too")
        default: break
        }
    }

    /// What is printed.
    ///
    /// - Throws: A sentence about what the format has no room for.
    func format(in parsed: ParsedArguments) throws(UsageError) -> TraceFormat {
        let format = try output.format(in: parsed)
        if !format.showsPlaces, !parsed[geography.databases].isEmpty {
            throw UsageError("--geo: places are shown as text and as JSON; \(format.rawValue) has no room for them")
        }
        if !format.showsPlaces, parsed[geography.systems] {
            throw UsageError("-A: networks are shown as text and as JSON; \(format.rawValue) has no room for them")
        }
        if !format.showsPlaces, parsed[rewrites] {
            throw UsageError("--rewrites: shown as text and as JSON; \(format.rawValue) has no room for it")
        }
        if format != .text, parsed[back] || parsed[tcpOptions] != nil {
            let name = parsed[back] ? "--back" : "-O info"
            throw UsageError("\(name): shown as text only; \(format.rawValue) has another form for what hosts answer")
        }
        if !format.showsExtensions, parsed[extensions] {
            throw UsageError("--extensions: \(format.rawValue) has no room for what routers say about their interfaces")
        }
        return format
    }
}
