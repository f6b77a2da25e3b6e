internal import TraceCore
internal import TraceCoreHTTP
internal import TraceCorePages

extension CloudPages {
    /// The job that a form asks for.
    ///
    /// - Throws: What is wrong with it.
    func job(
        _ items: [(key: String, value: String)], _ catalogue: CloudCatalogue
    ) throws(HTTPFault) -> CloudDesk.Job {
        func values(_ name: String) -> [String] { items.filter { $0.key == name && !$0.value.isEmpty }.map(\.value) }
        func number(_ name: String, _ range: ClosedRange<Int>, _ usual: Int) throws(HTTPFault) -> Int {
            guard let text = values(name).first else { return usual }
            guard let value = Int(text), range.contains(value) else {
                throw HTTPFault(
                    .badRequest, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        let providers = values("provider")
        for provider in providers where !catalogue.providers.contains(where: { $0.code == provider }) {
            throw HTTPFault(.badRequest, "there is no provider \(UntrustedText(provider).word)")
        }
        let continents = values("continent")
        for continent in continents where !Self.continents.contains(where: { $0.0 == continent }) {
            throw HTTPFault(.badRequest, "there is no continent \(UntrustedText(continent).word)")
        }
        let from = values("from")
        for name in from where !places.contains(name) {
            throw HTTPFault(.badRequest, "there is no vantage point \(UntrustedText(name).word)")
        }
        let chosen = places.filter { from.contains($0) }
        let all = Set(catalogue.providers.map(\.code))
        return CloudDesk.Job(
            asked: .now, providers: Set(providers) == all ? [] : providers,
            continents: continents.count == Self.continents.count ? [] : continents,
            rounds: try number("rounds", 1...100, 10), paths: try number("paths", 0...300, 10),
            from: chosen.isEmpty ? nil : chosen)
    }

    /// The names of the vantage points; this machine is `here`, unless another is called so.
    var places: [String] {
        let others = vantages.withLock { $0 }
        return others.contains("here") ? others : ["here"] + others
    }

    private static let continents = [
        ("AF", "Africa"), ("AS", "Asia"), ("EU", "Europe"), ("ME", "Middle East"), ("NA", "North America"),
        ("OC", "Oceania"),
        ("SA", "South America"),
    ]

    /// What can be asked.
    var form: HTML {
        func choice(_ name: String, _ legend: String, _ choices: [(String, String)]) -> HTML {
            HTML(.fieldset) {
                HTML(.legend) { legend }
                HTML(.div, .class("options")) {
                    for (code, text) in choices {
                        HTML(.label) {
                            HTML(.input, .type("checkbox"), .name(name), .value(code))
                            UntrustedText(text)
                        }
                    }
                }
            }
        }
        func number(_ name: String, _ label: String, _ value: Int, _ range: ClosedRange<Int>) -> HTML {
            HTML(.label, .class("field")) {
                label
                HTML(.input, .type("number"), .name(name), .value("\(value)"), .number(range))
            }
        }
        return HTML(.form, .action(Link(["runs"])), .post) {
            HTML(.div, .class("choices")) {
                choice(
                    "provider", "Providers; none chosen are all", desk.catalogue.providers.map { ($0.code, $0.name) })
                choice("continent", "Continents; none chosen are all", Self.continents)
                if places != ["here"] { choice("from", "From; none chosen is here", places.map { ($0, $0) }) }
                number("rounds", "Rounds", 10, 1...100)
                number("paths", "Ways to trace", 10, 0...300)
            }
            HTML(.p) { HTML(.button, .type("submit")) { "Start" } }
        }
    }
}
