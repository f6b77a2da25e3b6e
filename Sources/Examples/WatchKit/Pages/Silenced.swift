internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP
internal import TraceCorePathStore
internal import TraceCoreReceivers

/// What somebody wants to hear nothing of, for how long, and why: from a form or from JSON.
struct Silenced {
    var labels: [String: String] = [:]
    var length = Duration.seconds(7_200)
    var why = ""

    /// How long a silence may last.
    static let lengths: ClosedRange<Duration> = .seconds(60) ... .seconds(366 * 86_400)

    init(labels: [String: String]) { self.labels = labels }

    /// What an alert is about.
    init(suggestedBy alert: Alert) {
        labels = alert.targets.count == 1 ? ["target": alert.targets[0]] : alert.labels.filter { $0.key == "router" }
    }

    /// What a form says: `labels`, `for` and `why`.
    init(form items: [(key: String, value: String)]) throws(HTTPFault) {
        for (key, value) in items {
            switch key {
            case "labels": labels = try Self.labels(in: value)
            case "for":
                guard let time = Duration(settingText: value), Self.lengths.contains(time) else {
                    throw HTTPFault(.badRequest, "how long is a time from 1m to 366d, such as 2h")
                }
                length = time
            case "why": why = String(value.prefix(500))
            default: break
            }
        }
        guard !labels.isEmpty else { throw HTTPFault(.badRequest, "labels say what is silenced, such as target=Tokyo") }
    }

    /// What an object says: `labels`, `for` and `why`.
    init(json bytes: [UInt8]) throws(HTTPFault) {
        let root: SettingsNode
        do throws(SettingsMistake) {
            root = try SettingsNode(parsing: bytes)
        } catch {
            throw HTTPFault(.badRequest, "\(error)")
        }
        let members = root.members(["labels", "for", "why"])
        labels = members["labels"]?.labels(isOwn: false) ?? [:]
        if let node = members["for"] { length = node.time(Self.lengths) }
        if let node = members["why"] { why = String(node.text().prefix(500)) }
        if labels.isEmpty { root.note("labels say what is silenced, as in {\"target\": \"Tokyo\"}") }
        guard root.file.mistakes.isEmpty else {
            throw HTTPFault(.badRequest, root.file.mistakes.map(\.description).joined(separator: "; "))
        }
    }

    /// Pairs as `target=Tokyo, team=asia`; a value with a comma is in quotation marks.
    static func labels(in text: String) throws(HTTPFault) -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text[...]
        while let start = rest.firstIndex(where: { !$0.isWhitespace && $0 != "," }) {
            rest = rest[start...]
            guard let pair = rest.prefixMatch(of: #/([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"([^"]*)"|([^,]*?))\s*(?:,|$)/#)
            else {
                throw HTTPFault(.badRequest, "labels are written as target=Tokyo, team=asia")
            }
            labels[String(pair.1)] = String(pair.2 ?? pair.3 ?? "")
            rest = rest[pair.range.upperBound...]
        }
        return labels
    }

    /// The pairs as they are written in a form.
    var text: String {
        labels.sorted { $0.key < $1.key }
            .map { $0.value.contains(",") || $0.value.isEmpty ? "\($0.key)=\"\($0.value)\"" : "\($0.key)=\($0.value)" }
            .joined(separator: ", ")
    }

    /// The silence, from now on.
    func silence(by name: String) throws -> Silence {
        let now = UTCTime.now
        return Silence(labels: try JSON.encode(labels), since: now, until: now + length, by: name, why: why)
    }
}

extension Silence {
    /// The labels that are silenced.
    var pairs: [String: String] { (try? JSON.decode([String: String].self, from: labels)) ?? [:] }

    /// All of it, for programs.
    var json: JSON.Value {
        .object([
            .init("id", .integer(id)),
            .init("labels", .object(pairs.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
            .init("since", .string("\(since)")), .init("until", .string("\(until)")), .init("by", .string(by)),
            .init("why", .string(why)),
        ])
    }
}
