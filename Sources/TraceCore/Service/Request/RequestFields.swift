// The tables of fields, in the order in which they are read and written. Ranges are what a field can be at all, and no limits.

extension PingSettings {
    static let requestFields: [RequestField<PingSettings>] = [
        .integer(.count, \.count, 1...1_000_000_000, "The number of probes; without it, until the run is ended."),
        .flag(.countsAnswers, \.countsAnswers, "Whether the count is one of answers."),
        .time(.interval, \.interval, "The time between two probes."),
        .time(.timeout, \.timeout, "How long an answer is waited for."),
        .integer(.ttl, \.ttl, 1...255, "How many hops a probe may live."),
        .integer(.size, \.size, 0...65_507, "The payload of a probe in bytes."),
        .integer(.preload, \.preload, 1...65_536, "How many probes are sent at once at the start."),
        .flag(.adaptive, \.adaptive, "Whether an answer lets the next probe go at once."),
        .time(.shortestInterval, \.shortestInterval, "The shortest time between two probes."),
        .integer(.window, \.window, 1...65_536, "The most probes that are out at a time."),
    ]
}

extension TraceSettings.Patience {
    static let requestFields: [RequestField<TraceSettings.Patience>] = [
        .time(.timeout, \.max, "How long an answer is waited for at the most."),
        .integer(
            .here, \.here, 0...1_000, "The wait at a hop that has answered, in its own round trips; 0 for the timeout."),
        .integer(
            .near, \.near, 0...1_000, "The wait before a hop that has answered, in its round trips; 0 for the timeout."),
        .integer(
            .beyond, \.beyond, 0...1_000,
            "The wait behind the last answer, in the longest round trips; 0 for the timeout."),
        .time(.floor, \.floor, "The shortest wait at and before hops that have answered."),
        .time(.beyondFloor, \.beyondFloor, "The shortest wait behind the last answer."),
    ]
}

extension TraceSettings {
    static let requestFields: [RequestField<TraceSettings>] =
        pathFields + [
            .integer(.size, \.size, 0...65_507, "The payload of a probe in bytes.")
        ]

    /// All but the size of packets.
    static let pathFields: [RequestField<TraceSettings>] =
        [
            .integer(.firstTTL, \.firstTTL, 1...255, "The first hop that is asked."),
            .integer(.maxTTL, \.maxTTL, 1...255, "The last hop that is asked."),
            .integer(.queries, \.queries, 1...100, "The probes for each hop."),
            .integer(.window, \.window, 1...65_536, "The most probes that are out at a time."),
            .time(.sendInterval, \.sendInterval, "The time between two probes."),
            .integer(.gapLimit, \.gapLimit, 0...255, "How many silent hops in a row end the trace; 0 for any number."),
            .text(
                .flow, \.flow, "a number from 0 to 65535, perQuery or perProbe is wanted",
                read: { TraceSettings.Flow(requestText: $0) }, write: { $0.requestText },
                "The flow of the probes, or whether each query or each probe has one of its own."),
        ] + TraceSettings.Patience.requestFields.map { $0.lifted(\.patience) }
}

extension TraceSettings.Flow {
    fileprivate init?(requestText text: String) {
        switch text {
        case "perQuery": self = .perQuery
        case "perProbe": self = .perProbe
        default:
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let flow = UInt16(text) else { return nil }
            self = .constant(flow)
        }
    }

    fileprivate var requestText: String {
        switch self {
        case .constant(let flow): "\(flow)"
        case .perQuery: "perQuery"
        case .perProbe: "perProbe"
        }
    }
}

extension MonitorSettings {
    static let requestFields: [RequestField<MonitorSettings>] = [
        .integer(.count, \.rounds, 1...1_000_000_000, "The number of rounds; without it, until the run is ended."),
        .time(.interval, \.interval, "The time between the starts of two rounds."),
        .integer(.firstTTL, \.firstTTL, 1...255, "The first hop that is asked."),
        .integer(.maxTTL, \.maxTTL, 1...255, "The last hop that is asked."),
        .time(.timeout, \.timeout, "How long an answer is waited for."),
        .integer(.gapLimit, \.gapLimit, 1...255, "How many hops behind the last answer are asked."),
        .time(.sendInterval, \.sendInterval, "The time between two probes of a round."),
        .text(
            .flow, \.flow, "a number from 0 to 65535 is wanted", read: { UInt16($0) }, write: { "\($0)" },
            "The flow of the probes, or the first of several."),
        .integer(.flows, \.flows, 1...4_096, "How many flows the rounds take in turn."),
        .integer(.size, \.size, 0...65_507, "The payload of a probe in bytes."),
    ]
}

extension MultipathSettings {
    static let requestFields: [RequestField<MultipathSettings>] =
        [
            .number(.confidence, \.confidence, 0.5...0.999_999, "How sure it is to be that nothing is missed."),
            .integer(.firstTTL, \.firstTTL, 1...255, "The first hop that is asked."),
            .integer(.maxTTL, \.maxTTL, 1...255, "The last hop that is asked."),
            .integer(.maxFlows, \.maxFlows, 8...16_384, "The most flows that are asked about."),
            .integer(.window, \.window, 1...65_536, "The most probes that are out at a time."),
            .time(.sendInterval, \.sendInterval, "The time between two probes."),
            .integer(.attempts, \.attempts, 1...10, "How often a probe without an answer is sent."),
            .integer(.gapLimit, \.gapLimit, 0...255, "How many silent hops in a row end the search; 0 for any number."),
            .integer(.size, \.size, 0...65_507, "The payload of a probe in bytes."),
        ] + TraceSettings.Patience.requestFields.map { $0.lifted(\.patience) }
}

extension PathMTUSettings {
    static let requestFields: [RequestField<PathMTUSettings>] =
        TraceSettings.pathFields.map { $0.lifted(\.trace) } + [
            .integer(.largest, \.largest, 69...65_535, "The largest packet that is tried, IP header and all."),
            .integer(.tries, \.tries, 2...12, "How often a size is tried at the least."),
            .time(.trialFloor, \.floor, "The shortest wait for the answer to a large packet."),
            .time(.trialInterval, \.sendInterval, "The time between two packets that are tried."),
        ]
}

extension SweepSettings {
    static let requestFields: [RequestField<SweepSettings>] = [
        RequestField(
            .retries, .integer(0...20),
            "How often a silent host is asked again; not together with a count or a period.",
            get: { if case .untilReply(let retries) = $0.mode { .integer(retries) } else { nil } }
        ) { settings, value in
            if case .integer(let retries) = value { settings.mode = .untilReply(retries: retries) }
        },
        RequestField(
            .count, .integer(1...1_000_000_000), "The number of probes for each host, whether answers come or not.",
            get: { if case .count(let count, _) = $0.mode { .integer(count) } else { nil } }
        ) { settings, value in
            if case .integer(let count) = value { settings.mode = .count(count, period: .seconds(1)) }
        },
        RequestField(
            .period, .time(RequestKind.anyTime),
            "The time between two probes for one host; without a count, until the run is ended.",
            get: { settings in
                switch settings.mode {
                case .untilReply: nil
                case .count(_, let period), .repeating(let period): .time(period)
                }
            }
        ) { settings, value in
            guard case .time(let period) = value else { return }
            if case .count(let count, _) = settings.mode {
                settings.mode = .count(count, period: period)
            } else {
                settings.mode = .repeating(period: period)
            }
        },
        .time(.sendInterval, \.interval, "The time between two probes, whatever their hosts."),
        .time(.timeout, \.timeout, "How long the answer to a first probe is waited for."),
        .number(.backoff, \.backoff, 1...5, "How much longer each further try waits."),
        .integer(.window, \.window, 1...65_536, "The most probes that are out at a time."),
        .integer(.ttl, \.ttl, 1...255, "How many hops a probe may live."),
        .integer(.size, \.size, 0...65_507, "The payload of a probe in bytes."),
    ]
}

extension LiveProber.Options {
    static let requestFields: [RequestField<LiveProber.Options>] = [
        .integer(.trafficClass, \.packets.trafficClass, 0...255, "The type of service: DSCP and ECN."),
        .flag(.dontFragment, \.packets.dontFragment, "Whether routers must not fragment."),
        .text(
            .pattern, \.packets.pattern, "up to 16 bytes in hexadecimal are wanted, such as ff00",
            read: { [UInt8](requestHex: $0) }, write: { $0.isEmpty ? nil : $0.requestHex }, "What fills the payload."),
        .integer(.flowLabel, \.packets.flowLabel, 0...0xF_FFFF, "The label of IPv6 flows."),
        .choice(
            .identity, \.packets.identity,
            [("automatic", .automatic), ("classic", .classic), ("paris", .paris), ("dublin", .dublin)],
            "Where a probe carries its number."),
        .text(
            .source, \.source, "an address is wanted", read: { IPAddress($0).map { .some($0) } },
            write: { $0.map { "\($0)" } }, "The address that probes are sent from."),
        .text(
            .interface, \.interface, "the name of a network interface is wanted",
            // IFNAMSIZ, and what the kernel takes for a name.
            read: {
                (1...15).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }
                    ? $0 : nil
            },
            write: { $0 }, "The interface that probes leave by."),
        .integer(.mark, \.mark, 0...4_294_967_295, "The mark that routing rules and the firewall know the probes by."),
        .integer(.sourcePort, \.sourcePort, 1...65_535, "The port that UDP and TCP probes are sent from."),
        .flag(.allowsBroadcast, \.allowsBroadcast, "Whether probes may go to broadcast addresses."),
        .choice(
            .mode, \.mode, LiveProber.Options.Mode.allCases.map { ($0.rawValue, $0) },
            "The system's way to the network."),
    ]
}

extension [UInt8] {
    fileprivate init?(requestHex text: String) {
        let digits = Array(text.utf8)
        guard (2...32).contains(digits.count), digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Character(Unicode.Scalar(digits[index])).hexDigitValue,
                let low = Character(Unicode.Scalar(digits[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self = bytes
    }

    fileprivate var requestHex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension RunRequest {
    /// What all verbs have; the verb itself has been read before.
    static let commonFields: [RequestField<RunRequest>] =
        [
            RequestField(
                .target, .text("a host is wanted"), "The host: a name or an address.",
                get: { $0.targets.count == 1 ? .text($0.targets[0]) : nil }
            ) { request, value in
                if case .text(let text) = value { request.targets = [text] }
            },
            RequestField(
                .targets, .list, "The hosts, if there are several.",
                get: { $0.targets.count == 1 ? nil : .list($0.targets) }
            ) { request, value in
                if case .list(let texts) = value { request.targets = texts }
            },
            RequestField(
                .method, .choice(["icmp", "udp", "tcp"]), "What the probes are.",
                get: { .text($0.transport.method.rawValue) }
            ) { request, value in
                request.transport =
                    switch value {
                    case .text("udp"): .udp
                    case .text("tcp"): .tcp
                    default: .icmp
                    }
            },
            RequestField(
                .port, .integer(1...65_535), "The port that is probed.",
                get: { $0.transport.port.map { .integer(Int($0)) } }
            ) { request, value throws(RequestError) in
                guard case .integer(let port) = value else { return }
                switch request.transport.kind {
                case .udp: request.transport = .udp(port: UInt16(clamping: port))
                case .tcp: request.transport = .tcp(port: UInt16(clamping: port))
                case .icmp: throw RequestError(.malformed, .port, value.shown, "ICMP has no ports; ask by udp or tcp")
                }
            },
            .choice(.family, \.family, [("ipv4", .v4), ("ipv6", .v6)], "The only family of addresses that counts."),
            .flag(.names, \.names, "Whether names are looked up of the addresses that answer."),
            .time(.deadline, \.deadline, "How long it may take in all, look-ups included."),
        ] + LiveProber.Options.requestFields.map { $0.lifted(\.live) }

    /// The fields of a request for a verb.
    static func fields(of verb: Verb) -> [RequestField<RunRequest>] { fieldsByVerb[verb] ?? [] }

    /// Where in its table each field of a verb is.
    static let positions: [Verb: [Key: Int]] = fieldsByVerb.mapValues { fields in
        Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.key, $0) })
    }

    private static let fieldsByVerb: [Verb: [RequestField<RunRequest>]] = [
        .ping: commonFields
            + PingSettings.requestFields.map {
                $0.lifted(get: { if case .ping(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .ping($1)
                }
            },
        .trace: commonFields
            + TraceSettings.requestFields.map {
                $0.lifted(get: { if case .trace(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .trace($1)
                }
            },
        .monitor: commonFields
            + MonitorSettings.requestFields.map {
                $0.lifted(get: { if case .monitor(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .monitor($1)
                }
            },
        .paths: commonFields
            + MultipathSettings.requestFields.map {
                $0.lifted(get: { if case .paths(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .paths($1)
                }
            },
        .mtu: commonFields
            + PathMTUSettings.requestFields.map {
                $0.lifted(get: { if case .mtu(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .mtu($1)
                }
            },
        .sweep: commonFields
            + SweepSettings.requestFields.map {
                $0.lifted(get: { if case .sweep(let settings) = $0.work { settings } else { nil } }) {
                    $0.work = .sweep($1)
                }
            },
    ]
}
