public import TraceCore

/// A whole page.
public struct WebPage: Sendable {
    private let title: String
    private let head: HTML
    private let heading: HTML
    private let content: HTML
    private let footer: HTML
    private let isEmbedded: Bool

    /// A page.
    ///
    /// - Parameters:
    ///   - title: The title, for the tab too.
    ///   - about: A line below the title.
    ///   - content: What is in it.
    ///   - footer: What is below.
    ///   - isEmbedded: Whether it is within another page, which has a title of its own.
    ///   - unscripted: Where a browser without script goes on.
    public init(
        title: String, about: String? = nil, content: HTML, footer: HTML = HTML(), isEmbedded: Bool = false,
        unscripted: Link? = nil
    ) {
        self.title = title
        self.content = content
        self.footer = footer
        self.isEmbedded = isEmbedded
        head = unscripted.map { link in HTML(.noscript) { HTML(.meta, .refresh(to: link)) } } ?? HTML()
        heading = HTML(.header) {
            HTML(.h1) { title }
            if let about { HTML(.p) { about } }
        }
    }

    /// The document.
    public var bytes: [UInt8] {
        HTML(.html, .lang("en")) {
            HTML(.head) {
                HTML(.meta, .utf8)
                HTML(.meta, .name("viewport"), .content("width=device-width, initial-scale=1"))
                HTML(.title) { title }
                HTML(.link, .rel("icon"), .href(Asset.icon.link))
                HTML(.link, .rel("stylesheet"), .href(Asset.style.link))
                HTML(.script, .src(Asset.script.link), .defer)
                head
            }
            HTML(.body, .class(isEmbedded ? "embedded" : "whole")) {
                heading
                HTML(.main) { content }
                HTML(.footer) { footer }
            }
        }.document()
    }

    /// The document with its style in it, and without a script: a file of its own.
    package var standalone: [UInt8] {
        HTML(.html, .lang("en")) {
            HTML(.head) {
                HTML(.meta, .utf8)
                HTML(.meta, .name("viewport"), .content("width=device-width, initial-scale=1"))
                HTML(.title) { title }
                HTML(sheet: Asset.style.bytes)
            }
            HTML(.body, .class("whole")) {
                heading
                HTML(.main) { content }
                HTML(.footer) { footer }
            }
        }.document()
    }

    /// What browsers are told with each page: that nothing but its own style and script may be used.
    ///
    /// - Parameter ancestors: The sites that may show the page within theirs, as in `frame-ancestors`; none of its own.
    public static func securityPolicy(framedBy ancestors: String = "'none'") -> String {
        "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors \(ancestors)"
    }
}

/// The form that asks for a run, filled in with what was asked.
public struct AskForm: Sendable {
    /// What is in the fields, as a query has it.
    private let values: [String: [String]]
    private let limits: RunLimits
    private let vantages: [String]

    /// A form.
    ///
    /// - Parameters:
    ///   - query: What was asked; empty at the start.
    ///   - limits: What may be asked.
    ///   - vantages: Where runs can be made from, by their names; the first is this machine.
    public init(_ query: [(key: String, value: String)], limits: RunLimits, vantages: [String]) {
        values = Dictionary(query.map { ($0.key, [$0.value]) }, uniquingKeysWith: +)
        self.limits = limits
        self.vantages = vantages
    }

    private static let verbs: [(RunRequest.Verb, String, String)] = [
        (.monitor, "mtr", "The path, asked again and again"), (.trace, "Trace", "The path, once"),
        (.ping, "Ping", "The host alone"), (.paths, "All paths", "Where routers share the load"),
        (.mtu, "Path MTU", "How large packets may be"),
    ]

    /// The form.
    public var html: HTML {
        HTML(.form, .id("ask"), .action(Link([])), .role("search")) {
            HTML(.div, .class("target")) {
                HTML(.label) {
                    "Host or address"
                    HTML(
                        .input, .name("target"), .value(value("target") ?? ""), .required, .plain,
                        value("target") == nil ? .autofocus : nil, .placeholder("example.com"))
                }
                HTML(.button, .type("submit")) { "Run" }
                HTML(.noscript) { HTML(.input, .type("hidden"), .name("whole"), .value("1")) }
            }
            HTML(.div, .class("choices")) {
                choice(
                    "verb", "What",
                    Self.verbs.filter { limits.verbs.contains($0.0) }.map { ($0.0.rawValue, $0.1, $0.2) })
                choice(
                    "method", "By",
                    [("icmp", "ICMP", ""), ("udp", "UDP", ""), ("tcp", "TCP", "")].filter {
                        limits.methods.contains(ProbeMethod(rawValue: $0.0))
                    })
                number("port", "Port", 1...65_535, "port")
                choice("family", "Over", [("", "Either", ""), ("ipv4", "IPv4", ""), ("ipv6", "IPv6", "")])
                if vantages.count > 1 { from }
            }
            HTML(.details, isOpen ? .open : nil) {
                HTML(.summary) { "More settings" }
                HTML(.div) {
                    number("count", "Rounds or pings", limits.numbers[.count] ?? 1...100)
                    time("interval", "Interval in s")
                    number("queries", "Probes a hop", limits.numbers[.queries] ?? 1...10)
                    number("maxTTL", "Most hops", limits.numbers[.maxTTL] ?? 1...64)
                    number("size", "Payload in bytes", limits.numbers[.size] ?? 0...1_472)
                    number("flows", "Flows", limits.numbers[.flows] ?? 1...64)
                }
            }
        }
    }

    private func value(_ name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    private static let more = ["count", "interval", "queries", "maxTTL", "size", "flows"]
    private var isOpen: Bool { Self.more.contains { value($0) != nil } }

    private func choice(_ name: String, _ legend: String, _ choices: [(value: String, name: String, about: String)])
        -> HTML
    {
        let chosen = value(name) ?? choices.first?.value
        return HTML(.fieldset) {
            HTML(.legend) { legend }
            HTML(.div, .class("options")) {
                for choice in choices {
                    HTML(.label, choice.about.isEmpty ? nil : .title(choice.about)) {
                        HTML(
                            .input, .type("radio"), .name(name), .value(choice.value),
                            choice.value == chosen ? .checked : nil)
                        choice.name
                    }
                }
            }
        }
    }

    private var from: HTML {
        let chosen = values["from"] ?? []
        return HTML(.fieldset) {
            HTML(.legend) { "From" }
            HTML(.div, .class("options")) {
                for (index, vantage) in vantages.enumerated() {
                    let isChosen = chosen.isEmpty ? index == 0 : chosen.contains(vantage)
                    HTML(.label) {
                        HTML(
                            .input, .type("checkbox"), .name("from"), .value(vantage),
                            isChosen ? .checked : nil)
                        UntrustedText(vantage)
                    }
                }
            }
        }
    }

    private func number(_ name: String, _ label: String, _ range: ClosedRange<Int>, _ kind: String = "") -> HTML {
        HTML(.label, .class("field \(kind)")) {
            label
            HTML(
                .input, .type("number"), .name(name), .value(value(name) ?? ""), .number(range),
                .title("from \(range.lowerBound) to \(range.upperBound)"))
        }
    }

    private func time(_ name: String, _ label: String) -> HTML {
        HTML(.label, .class("field")) {
            label
            HTML(
                .input, .name(name), .value(value(name) ?? ""), .plain, .title("seconds, or with a unit such as 200ms"))
        }
    }
}
