import TraceCore
import TraceCoreCommandLine
import TraceCoreHTTP
import TraceCoreServer

extension LookingGlass {
    /// Answers the routes of webtrace and of the Python module's agent: `target=` is the one's, `dest=` the other's.
    func old(_ route: String, _ call: HTTPCall) async throws -> HTTPAnswer {
        let client = setup.admission.client(of: call)
        do {
            let pairs = try call.request.target.queryItems()
            let isHead = call.request.method == "HEAD"
            if pairs.contains(where: { $0.key == "dest" }) {
                return try await agent(route, pairs, client, isHead: isHead)
            }
            return try await webtrace(route, pairs, client, isHead: call.request.method == "HEAD")
        } catch let fault as HTTPFault {
            return HTTPAnswer(fault.status, text: "ERROR: \(fault.message)")
        }
    }

    // MARK: webtrace

    /// What the tools print, line by line. What keeps a run from beginning is a line, too, as it was there.
    private func webtrace(
        _ route: String, _ pairs: [(key: String, value: String)], _ client: Client, isHead: Bool
    ) async throws -> HTTPAnswer {
        let type = HTTPFields([
            "Content-Type": "text/plain; charset=utf-8", "X-Accel-Buffering": "no", "Cache-Control": "no-store",
        ])
        guard let target = pairs.first(where: { $0.key == "target" })?.value, !target.isEmpty else {
            return HTTPAnswer(.badRequest, text: "ERROR: No target specified")
        }
        var family: IPAddress.Family?
        switch pairs.first(where: { $0.key == "aftype" })?.value {
        case "ipv4": family = .v4
        case "ipv6": family = .v6
        default: break
        }
        let work: RunRequest.Work
        let document: any RunDocument
        let limits = setup.service.limits
        switch route {
        case "mtr":
            work = limits.defaults[.monitor] ?? .monitor(MonitorSettings(rounds: 10))
            document = TextLines(MTRReport.Split(hosts: .both))
        case "ping":
            work = limits.defaults[.ping] ?? .ping(PingSettings(count: 4))
            document = TextLines(PingReport.Text())
        default:
            work = .trace(TraceSettings())
            document = TextLines(TraceReport.Text())
        }
        do {
            try setup.admission.checkToken(client)
            let verdict = try setup.admission.admit(client)
            let request = RunRequest(target, work, family: family, deadline: settings.oldDeadline)
            if isHead { return HTTPAnswer(.ok, type, body: .stream { _ in }) }
            let feed = try await feed(request, from: nil, for: client)
            let output = RunOutput(type.first("content-type") ?? "", WebtraceLines(document, route))
            var answer = output.answer(feed, verdict)
            for field in type.all { answer.fields.set(field.name, field.value) }
            return answer
        } catch let error as RequestError where error.kind == .malformed {
            // The name of a host that does not exist came as a line of the tool, with the status of success.
            return HTTPAnswer(
                .ok, type, body: .bytes(Array("\(route): \(error)\n\nERROR: \(route) exited with status 2".utf8)))
        } catch {
            var answer = Refusal(error).answer
            answer.fields.set("content-type", "text/plain; charset=utf-8")
            answer.body = .bytes(Array("ERROR: \(Refusal(error).sentence)\n".utf8))
            return answer
        }
    }

    // MARK: The agent

    /// The two dictionaries that embedders of the Python module know.
    private func agent(
        _ route: String, _ pairs: [(key: String, value: String)], _ client: Client, isHead: Bool
    ) async throws -> HTTPAnswer {
        do {
            try setup.admission.checkToken(client)
            let verdict = try setup.admission.admit(client)
            guard route == "ping" || route == "traceroute" || route == "trace" else {
                throw RequestError(.malformed, field: "dest", "/ping and /traceroute take it; the others take target=")
            }
            let request = try Self.agentRequest(pairs, isPing: route == "ping", setup.service.limits)
            if isHead {
                return HTTPAnswer(.ok, HTTPFields(["Content-Type": "application/json"]), body: .stream { _ in })
            }
            let feed = try await feed(request, from: nil, for: client)
            let document: any RunDocument =
                route == "ping"
                ? FoldDocument(PingReport.Fold.self, json: .compact) { PingDictionary($0) }
                : FoldDocument(TraceReport.Fold.self, json: .compact) { TracerouteDictionary($0) }
            return RunOutput("application/json", document).answer(feed, verdict)
        } catch {
            return Refusal(error).answer
        }
    }

    /// `dest`, `port`, `ttl` or `max_ttl`, `timeout` and `packets` as a request.
    static func agentRequest(
        _ pairs: [(key: String, value: String)], isPing: Bool, _ limits: RunLimits
    ) throws(RequestError) -> RunRequest {
        let names = [
            "dest": "target", "port": "port", "timeout": "timeout", "packets": isPing ? "count" : "queries",
            "ttl": isPing ? "ttl" : "maxTTL", "max_ttl": isPing ? "ttl" : "maxTTL",
        ]
        var translated: [(key: String, value: String)] = []
        for pair in pairs {
            guard let name = names[pair.key] else {
                throw RequestError(
                    .malformed, field: pair.key, value: pair.value,
                    "there is no such field; there is \(names.keys.sorted().joined(separator: ", "))")
            }
            // The module asks by ICMP unless there is a port.
            if name == "port" { translated.append(("method", "udp")) }
            translated.append((name, pair.value))
        }
        if !translated.contains(where: { $0.key == "method" }) { translated.append(("method", "icmp")) }
        return try RunRequest(parsing: translated, as: isPing ? .ping : .trace, limits: limits)
    }
}

/// The lines of a tool, and what webtrace says at the end where the tool would have failed.
private struct WebtraceLines: RunDocument {
    private var lines: any RunDocument
    private let tool: String
    private var reason: RunEnd.Reason?
    private var hasAnswers = false

    init(_ lines: any RunDocument, _ route: String) {
        self.lines = lines
        tool = route == "trace" ? "traceroute" : route
    }

    mutating func apply(_ event: ProbeEvent, to lines: inout FpingOutput.Lines) {
        if event.reply?.kind.isFromTarget ?? false { hasAnswers = true }
        if case .ended(let end) = event.fact { reason = end.reason }
        self.lines.apply(event, to: &lines)
    }

    func end() throws -> String {
        let rest = try lines.end()
        switch reason {
        case .deadline: return rest + "\nTIMEOUT: \(tool) timed out"
        case .failed: return rest + "\nERROR: \(tool) exited with status 2"
        default: return rest + (tool == "ping" && !hasAnswers ? "\nERROR: ping exited with status 1" : "")
        }
    }
}
