internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore
internal import TraceCoreServer

extension WatchPages {
    /// Answers what is asked of silences; nil for all other calls.
    ///
    /// Everybody who may look can see them. Only who has a token makes and ends them, and a browser only from these pages:
    /// it would send the password that it knows for those of others, too.
    func silence(_ call: HTTPCall) async throws -> HTTPAnswer? {
        let method = call.request.method
        let path = call.request.target.segments
        switch (method, path.count) {
        case ("GET", 3), ("HEAD", 3):
            guard path == ["api", "v1", "silences"] else { return nil }
            return HTTPAnswer(json: JSON.Value.array(daemon.silences(at: .now).map(\.json)))
        case ("POST", 2) where path == ["alerts", "silences"]:
            let name = try mayChange(call)
            do {
                let form = try Silenced(form: HTTPTarget.items(of: call.body))
                _ = try await daemon.silence(form.silence(by: name))
            } catch let fault as HTTPFault {
                let words = Part(
                    "refused", .p, [.class("refused"), .role("alert")], HTML("Not silenced: \(fault.message)."))
                return page("Alerts", [words, await silences()], live: nil, fault.status)
            }
            return Self.back
        case ("POST", 4) where path[0] == "alerts" && path[1] == "silences" && path[3] == "end":
            _ = try mayChange(call)
            try await end(path[2])
            return Self.back
        case ("POST", 3) where path == ["api", "v1", "silences"]:
            let name = try mayChange(call)
            var silence = try Silenced(json: call.body).silence(by: name)
            silence.id = try await daemon.silence(silence)
            return HTTPAnswer(json: silence.json, HTTPStatus(201))
        case ("DELETE", 4) where path[0] == "api" && path[1] == "v1" && path[2] == "silences":
            _ = try mayChange(call)
            try await end(path[3])
            return HTTPAnswer(HTTPStatus(204), HTTPFields(), body: .bytes([]))
        default: return nil
        }
    }

    private static let back = HTTPAnswer(HTTPStatus(303), HTTPFields(["Location": "/alerts"]), body: .bytes([]))

    private func end(_ text: String) async throws {
        guard let id = Int64(text), try await daemon.endSilence(id) else {
            throw HTTPFault(.notFound, "there is no such silence, or it is over")
        }
    }

    /// The name of who may change something.
    ///
    /// - Throws: Why this call may not.
    private func mayChange(_ call: HTTPCall) throws(HTTPFault) -> String {
        guard let tokens, let name = tokens.name(for: call.request.fields, takesPasswords: true) else {
            throw HTTPFault(HTTPStatus(403), "Nothing can be changed here: the program was started without --tokens")
        }
        guard !call.isFromElsewhere(orFrom: daemon.settings.externalURL) else {
            throw HTTPFault(HTTPStatus(403), "This comes from a page of another site")
        }
        return name
    }

    // MARK: On the page

    /// The silences that last, and what makes one.
    func silences() async -> Part {
        let all = daemon.silences(at: .now)
        let list = HTML(.ul, .class("events")) {
            for silence in all {
                HTML(.li, .class("silence")) {
                    HTML(.span) {
                        Silenced(labels: silence.pairs).text
                        HTML(.span, .class("soft")) {
                            " until \(silence.until.shown), by \(UntrustedText(silence.by).escaped)"
                        }
                        if !silence.why.isEmpty { ": \(UntrustedText(silence.why).escaped)" }
                    }
                    if tokens != nil {
                        HTML(.form, .action(Link(["alerts", "silences", "\(silence.id)", "end"])), .post) {
                            HTML(.button, .type("submit"), .class("plain")) { "End" }
                        }
                    }
                }
            }
        }
        let none = HTML(.p) {
            "Nothing is silenced."
                + (tokens == nil ? " Who starts pathwatch with --tokens can silence alerts here." : "")
        }
        return Part(
            "silences", .section, [.class("run")], head: HTML(.h2) { "Silences" } + (all.isEmpty ? none : list),
            parts: tokens == nil ? [] : [silenceForm(Silenced(labels: [:]))])
    }

    /// The form that makes a silence.
    func silenceForm(_ silenced: Silenced) -> Part {
        func field(_ name: String, _ label: String, _ value: String, _ example: String, _ kind: String) -> HTML {
            HTML(.label, .class("field \(kind)")) {
                label
                HTML(
                    .input, .name(name), .value(value), .placeholder(example), .plain,
                    name == "why" ? nil : .required)
            }
        }
        let form = HTML(.form, .action(Link(["alerts", "silences"])), .post) {
            HTML(.div, .class("target")) {
                field("labels", "Tell nobody of alerts with", silenced.text, "target=Tokyo", "long")
                field("for", "For", silenced.length.settingText, "2h", "")
                field("why", "Why", silenced.why, "", "long")
                HTML(.button, .type("submit")) { "Silence" }
            }
        }
        return Part("silence", .div, [], form)
    }
}
