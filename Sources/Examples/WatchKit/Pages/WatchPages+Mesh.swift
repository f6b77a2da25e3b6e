internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePages

extension WatchPages {
    /// What was lost on the way to another agent and what on the way back, where packets are counted.
    func bothDirections(of watch: Watch) -> [Part] {
        let now = UTCTime.now
        guard watch.target.from == nil, let mesh, let finding = mesh.finding(watch.target.title, at: now),
            daemon.settings.agents.contains(where: { $0.name == finding.name && $0.host == watch.target.host })
        else { return [] }
        let minutes = watch.minutes
        let roundTrips = (minutes.reduce(0) { $0 + $1.sent }, minutes.reduce(0) { $0 + $1.lost })
        let words =
            mesh.trouble.map { "Nothing is counted: \($0)" }
            ?? finding.words(port: mesh.port, roundTrips: roundTrips, at: now)
        let ways = [
            ("There, to \(UntrustedText(finding.name).escaped)", finding.there, "not told"),
            ("Back, from \(UntrustedText(finding.name).escaped)", finding.back, "nothing arrives"),
        ]
        let table = HTML(.table, .class("figures")) {
            HTML(.thead) {
                HTML(.tr) {
                    HTML(.th, .scope("col")) { "Direction" }
                    HTML(.th, .scope("col"), .class("number")) { "Lost" }
                    HTML(.th, .scope("col"), .class("number")) { "Sent" }
                }
            }
            HTML(.tbody) {
                for (name, count, silence) in ways {
                    HTML(.tr) {
                        HTML(.th, .scope("row")) { name }
                        HTML(.td, .class("number"), .data(.column, "Lost")) {
                            finding.isSilent ? silence : count.lossPercent.map(Figures.percent) ?? "–"
                        }
                        HTML(.td, .class("number"), .data(.column, "Sent")) { Int(count.sent).grouped }
                    }
                }
            }
        }
        return [
            Part(
                "mesh", .section, [.class("run")],
                HTML(.h2) { "Both directions" } + table + HTML(.p) { UntrustedText(words) }
                    + (finding.isSilent ? others(finding) : HTML("")))
        ]
    }

    /// Where the round trips of the other end are, if all agents send to the same place.
    private func others(_ finding: MeshFinding) -> HTML {
        HTML(.p, .class("ways")) {
            HTML(.a, .href(Link(["fleet", "targets", finding.here]))) { "This one from all places" }
            HTML(.a, .href(Link(["fleet", "targets", finding.name]))) {
                "\(UntrustedText(finding.name).escaped) from all places"
            }
        }
    }

    /// What is known of all agents of the mesh, for programs.
    var meshJSON: JSON.Value {
        func count(_ count: MeshCount) -> JSON.Value {
            .object([
                .init("sent", .integer(Int64(clamping: count.sent))),
                .init("received", .integer(Int64(clamping: count.received))),
            ])
        }
        return .array(
            (mesh?.findings() ?? []).map { finding in
                .object([
                    .init("name", .string(finding.name)), .init("silent", .bool(finding.isSilent)),
                    .init("lastArrival", finding.lastArrival.map { .string("\($0)") } ?? .null),
                    .init("there", count(finding.there)), .init("back", count(finding.back)),
                    .init(
                        "minutes",
                        .array(
                            finding.minutes.map { minute in
                                .object([
                                    .init(
                                        "time",
                                        .string("\(UTCTime(microsecondsSince1970: minute.minute * 60_000_000))")),
                                    .init("there", count(minute.there)), .init("back", count(minute.back)),
                                ])
                            })),
                ])
            })
    }
}
