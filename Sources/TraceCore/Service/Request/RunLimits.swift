/// What a request may ask for, and what is taken for what it does not say.
///
/// The limits as they are made suit a server that strangers use; ``none`` has none, for programs of your own.
public struct RunLimits: Sendable {
    /// What may be done.
    public var verbs: Set<RunRequest.Verb> = [.ping, .trace, .monitor, .paths, .mtu]
    /// What probes may be.
    public var methods: Set<ProbeMethod> = [.icmp, .udp, .tcp]
    /// The fields that are not the requester's to choose.
    public var closed: Set<RunRequest.Key> = [
        .source, .interface, .mark, .sourcePort, .allowsBroadcast, .mode, .adaptive, .shortestInterval, .preload,
        .countsAnswers, .pattern,
    ]
    /// The least and the most of fields that are numbers.
    public var numbers: [RunRequest.Key: ClosedRange<Int>] = [
        .count: 1...100, .queries: 1...10, .flows: 1...64, .size: 0...1_472, .window: 1...1_024, .maxFlows: 8...1_024,
        .attempts: 1...3, .tries: 2...6, .retries: 0...3, .maxTTL: 1...64,
    ]
    /// The least and the most of fields that are times.
    ///
    /// No interval between pings or rounds is zero: a run that never waits would keep a thread to itself.
    public var times: [RunRequest.Key: ClosedRange<Duration>] = [
        .interval: .milliseconds(100) ... .seconds(60), .timeout: .milliseconds(50) ... .seconds(10),
        .period: .milliseconds(100) ... .seconds(60), .sendInterval: .zero ... .seconds(1),
    ]
    /// How long a run may last, its look-ups included; runs without an end are ended then.
    public var longest: Duration? = .seconds(120)
    /// The most probes that a run may send, by its settings.
    public var mostProbes: Int? = 10_000
    /// The most hosts of one request, the addresses of networks counted.
    public var mostTargets: Int? = 1
    /// What is done where a request names the verb and no settings.
    public var defaults: [RunRequest.Verb: RunRequest.Work] = [
        .ping: .ping(PingSettings(count: 4)), .monitor: .monitor(MonitorSettings(rounds: 10)),
        .paths: .paths(MultipathSettings(maxFlows: 128)),
    ]

    /// The limits of a server that strangers use.
    public init() {}

    /// No limits but those of the library itself.
    public static let none: RunLimits = {
        var limits = RunLimits()
        limits.verbs = Set(RunRequest.Verb.allCases)
        limits.closed = []
        limits.numbers = [:]
        limits.times = [:]
        limits.longest = nil
        limits.mostProbes = nil
        limits.mostTargets = nil
        limits.defaults = [:]
        return limits
    }()

    /// How long a request may run, by what it says itself and by the limit.
    public func deadline(of request: RunRequest) -> Duration? {
        guard let longest else { return request.deadline }
        return min(request.deadline ?? longest, longest)
    }
}

extension RunLimits {
    /// Checks a request, all of it, before anything is looked up.
    ///
    /// - Throws: What is wrong, with what is allowed.
    public func check(_ request: RunRequest) throws(RequestError) {
        let verb = request.work.verb
        // The method with its usual port: one that was asked for is checked.
        let plain: ProbeTransport =
            switch request.transport.kind {
            case .icmp: .icmp
            case .udp: .udp
            case .tcp: .tcp
            }
        let usual = RunRequest([], defaults[verb] ?? verb.usual, by: plain)
        for field in RunRequest.fields(of: verb) {
            guard let value = field.get(request) else { continue }
            try check(value, of: field, unless: usual)
        }
        try checkWhole(request)
    }

    /// Checks the value of a field, which may be anything that the server has chosen itself.
    func check(
        _ value: RequestValue, of field: RequestField<RunRequest>, unless usual: RunRequest
    ) throws(RequestError) {
        guard !isAllowed(value, for: field.key), value != field.get(usual) else { return }
        throw refusal(of: value, for: field)
    }

    /// Checks what is not in one field alone.
    func checkWhole(_ request: RunRequest) throws(RequestError) {
        let verb = request.work.verb
        guard verbs.contains(verb) else {
            throw RequestError(
                .refused, .verb, verb.rawValue, "it is not done here; \(Self.list(verbs.map(\.rawValue))) is")
        }
        guard methods.contains(request.transport.method) else {
            throw RequestError(
                .refused, .method, request.transport.method.rawValue,
                "it is not used here; \(Self.list(methods.map(\.rawValue))) is")
        }
        try checkAmount(request)
        try Self.checkSettings(request)
        for target in request.targets { _ = try TargetText(target, isSweep: verb == .sweep) }
    }

    private func isAllowed(_ value: RequestValue, for key: RunRequest.Key) -> Bool {
        if closed.contains(key) { return false }
        return switch value {
        case .integer(let number): numbers[key]?.contains(number) ?? true
        case .time(let time): (times[key]?.contains(time) ?? true) && (key != .deadline || time <= longest ?? time)
        default: true
        }
    }

    /// Why a field cannot have a value that is not allowed.
    private func refusal(of value: RequestValue, for field: RequestField<RunRequest>) -> RequestError {
        if closed.contains(field.key) {
            return RequestError(.refused, field.key, value.shown, "requests cannot choose it here")
        }
        return RequestError(.malformed, field.key, value.shown, kind(of: field).expectation)
    }

    /// What a field can be here, of all that it can be.
    func kind<Subject>(of field: RequestField<Subject>) -> RequestKind {
        switch field.kind {
        case .integer(let range): return .integer(numbers[field.key]?.clamped(to: range) ?? range)
        case .time(let range):
            let allowed = times[field.key] ?? range
            guard field.key == .deadline, let longest else { return .time(allowed) }
            return .time(allowed.clamped(to: .zero...longest))
        case .choice(let names) where field.key == .method:
            return .choice(names.filter { methods.contains(ProbeMethod(rawValue: $0)) })
        default: return field.kind
        }
    }

    /// How many hosts there are, and how many probes that comes to.
    private func checkAmount(_ request: RunRequest) throws(RequestError) {
        guard !request.targets.isEmpty else {
            throw RequestError(.malformed, .target, nil, "a host is wanted, and none is given")
        }
        var hosts = 0
        for target in request.targets {
            let network = request.work.verb == .sweep ? IPNetwork(target) : nil
            hosts = hosts.addingReportingOverflow(Int(clamping: network?.hosts.count ?? 1)).partialValue
            guard hosts > 0, hosts <= mostTargets ?? .max else {
                throw RequestError(
                    .malformed, .targets, "\(request.targets.count) entries",
                    "they are more than \(mostTargets ?? .max) hosts, which is the most here")
            }
        }
        guard let mostProbes else { return }
        // Without an end of its own, a run is bounded by what it may last.
        let time = deadline(of: request) ?? .seconds(86_400)
        guard let each = request.work.mostProbes(within: time) else { return }
        let (probes, isTooMany) = each.multipliedReportingOverflow(by: hosts)
        guard !isTooMany, probes <= mostProbes else {
            throw RequestError(
                .malformed, "The request comes to more than \(mostProbes) probes, which are the most here")
        }
    }

    /// What the library itself says of the settings.
    private static func checkSettings(_ request: RunRequest) throws(RequestError) {
        do throws(ProbeError) {
            switch request.work {
            case .ping(let settings): try settings.validate()
            case .trace(let settings): try settings.validate()
            case .monitor(let settings): try settings.validate()
            case .paths(let settings): try settings.validate()
            case .mtu(let settings): try settings.validate()
            case .sweep(let settings): try settings.validate()
            }
            try request.live.check(request.transport, nil)
        } catch {
            throw RequestError(.malformed, error.message)
        }
    }

    private static func list(_ names: [String]) -> String { names.sorted().joined(separator: ", ") }
}
