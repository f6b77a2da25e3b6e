internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePages
internal import TraceCorePathStore
internal import TraceCoreReceivers

extension WatchPages {
    /// An alert as it was kept, with what became of its messages.
    private typealias Kept = (alert: StoredAlert, deliveries: [StoredDelivery])

    /// The alerts: those that are going on, whenever they began, and those that began in a span of time and are over.
    func alerts(_ view: View) async -> [Part] {
        let (from, to) = view.span(now: .now)
        let read = try? await daemon.store.read { (reader) throws(StoreError) in
            let open = try reader.openAlerts()
            let over = try reader.alerts(from: from, to: to, limit: Self.most).filter { $0.resolved != nil }
            return try (
                open.map { (alert) throws(StoreError) in (alert, try reader.deliveries(about: alert.id)) },
                over.map { (alert) throws(StoreError) in (alert, try reader.deliveries(about: alert.id)) }
            )
        }
        guard let (open, over) = read else {
            // What is wrong is known without the store, too.
            let words = HTML(.p, .class("refused")) { "What was kept cannot be read." }
            let list = HTML(.ul, .class("events")) { for alert in daemon.alerts { HTML(.li) { alert.summary } } }
            return [Part("alerts", .section, [.class("run")], HTML(.h2) { "Now" } + list + words)]
        }
        return [
            Part("alerts", .section, [.class("run")], HTML(.h2) { "Now" } + list(open, "Nothing is wrong.")),
            await silences(),
            Part(
                "over", .section, [.class("run")],
                HTML(.h2) { "Over, from \(from.shown) to \(to.shown)" } + Self.ways("alerts")
                    + list(over, "None in this time.")
                    + (over.count < Self.most ? HTML() : HTML(.p) { "These are the newest \(Self.most) of them." })),
        ]
    }

    private func list(_ alerts: [Kept], _ none: String) -> HTML {
        guard !alerts.isEmpty else { return HTML(.p) { none } }
        return HTML(.ul, .class("events")) {
            for (alert, deliveries) in alerts {
                HTML(.li) {
                    let told = try? JSON.decode(Alert.self, from: alert.body)
                    HTML(.p) {
                        HTML(.a, .href(Link(["alerts", alert.key]))) { alert.since.shown }
                        " "
                        HTML(.span, .class(alert.resolved == nil ? "lossy" : "")) { told?.summary ?? alert.rule }
                        for detail in told?.details ?? [] { HTML(.span, .class("soft")) { " \(detail)" } }
                    }
                    if alert.resolved == nil, let told, let silence = silence(over: told) {
                        HTML(.p, .class("soft")) { "Silenced \(silence)" }
                    }
                    if !deliveries.isEmpty {
                        HTML(.p, .class("soft")) {
                            deliveries.map { "\(UntrustedText($0.receiver).escaped): \(Self.words(of: $0))" }
                                .joined(separator: "; ")
                        }
                    }
                }
            }
        }
    }

    private static func words(of delivery: StoredDelivery) -> String {
        let words = delivery.words.map { " (\($0))" } ?? ""
        return switch delivery.state {
        case .taken: "told\(words)"
        case .givenUp: "given up\(words)"
        case .waiting(let until): delivery.tries == 0 ? "on its way" : "again at \(until.shown)\(words)"
        }
    }

    // MARK: One alert

    /// An alert with all that is known of it; nil if there is none of this name.
    func alert(_ name: String) async -> [Part]? {
        let kept = try? await daemon.store.read { (reader) throws(StoreError) -> Kept? in
            guard let alert = try reader.alert(named: name) else { return nil }
            return (alert, try reader.deliveries(about: alert.id))
        }
        let body = kept.flatMap { try? JSON.decode(Alert.self, from: $0.alert.body) }
        // What is wrong is known without the store, too.
        guard let alert = body ?? daemon.alerts.first(where: { $0.id == name }) else { return nil }
        let isOver = kept?.alert.resolved != nil
        return [
            Part(
                "alert", .section, [.class("run")],
                HTML(.h2) { alert.summary }
                    + HTML.Builder.buildArray(alert.details.map { detail in HTML(.p) { detail } })
                    + facts(of: alert, kept?.alert.resolved)),
            Part(
                "deliveries", .section, [.class("run")],
                HTML(.h2) { "Who was told" } + Self.list(of: kept?.deliveries ?? [])),
        ] + (isOver || tokens == nil ? [] : [silenceForm(Silenced(suggestedBy: alert))])
    }

    private func facts(of alert: Alert, _ end: UTCTime?) -> HTML {
        let kind = WatchSettings.Rule.Kind(rawValue: alert.kind)
        let length = end.map { Duration.seconds(max(0, ($0 - alert.startsAt).components.seconds)).settingText }
        let until = end.map { "\($0.shown), after \(length ?? "")" } ?? "it is still so"
        return HTML(.dl, .class("sums")) {
            fact("Rule") { HTML("\(UntrustedText(alert.rule).escaped) (\(alert.severity))") }
            if kind?.isEvent ?? false {
                fact("When") { HTML(alert.startsAt.shown) }
            } else {
                fact("Since") { HTML(alert.startsAt.shown) }
                fact("Until") { HTML(until) }
            }
            fact(alert.targets.count == 1 ? "Target" : "Targets") {
                HTML.Builder.buildArray(
                    alert.targets.enumerated().map { index, name in
                        HTML(index > 0 ? ", " : "") + Self.target(name, isWatched: daemon.watch(name) != nil)
                    })
            }
            if alert.targets.count == 1, daemon.watch(alert.targets[0]) != nil {
                fact("Path") {
                    HTML(.a, .href(Self.link(to: alert.change?.at ?? alert.startsAt, of: alert.targets[0]))) {
                        "before and after"
                    }
                }
            }
            if end == nil, let silence = silence(over: alert) { fact("Silenced") { HTML(silence) } }
            if !alert.labels.isEmpty {
                fact("Labels") { HTML(Silenced(labels: alert.labels).text) }
            }
        }
    }

    /// Until when nobody is told of an alert, and who wanted that.
    private func silence(over alert: Alert) -> String? {
        daemon.silence(over: alert, at: .now).map { "until \($0.until.shown), by \(UntrustedText($0.by).escaped)" }
    }

    private func fact(_ name: String, _ value: () -> HTML) -> HTML {
        HTML(.div) {
            HTML(.dt) { name }
            HTML(.dd) { value() }
        }
    }

    private static func target(_ name: String, isWatched: Bool) -> HTML {
        isWatched
            ? HTML(.a, .href(Link(["targets", name]))) { UntrustedText(name) } : HTML(UntrustedText(name))
    }

    private static func list(of deliveries: [StoredDelivery]) -> HTML {
        guard !deliveries.isEmpty else { return HTML(.p) { "Nobody." } }
        return HTML(.ul, .class("events")) {
            for delivery in deliveries {
                HTML(.li) {
                    "\(delivery.made.shown) "
                    UntrustedText(delivery.receiver)
                    ": \(words(of: delivery))"
                    HTML(.span, .class("soft")) {
                        " \(delivery.tries) \(delivery.tries == 1 ? "try" : "tries"), as \(delivery.id)"
                    }
                }
            }
        }
    }
}
