import TraceCore

/// The style sheet of a picture.
///
/// People with any kind of colour vision can tell the route colours apart (after Okabe and Ito). They are darker on a
/// light background. Dashes distinguish the routes without colour.
struct MapStyle {
    let appearance: GeoMap.Appearance
    let routes: Int

    private struct Theme {
        let paper, sea, land, borders, net, rim, ink, soft: String
        let routes: [String]
    }

    private static let light = Theme(
        paper: "#ffffff", sea: "#e8eff4", land: "#c9cfcb", borders: "#e8eff4", net: "#d5e0e8", rim: "#b4c3ce",
        ink: "#1c2733", soft: "#566370",
        routes: ["#0067a8", "#cc4e00", "#007d5f", "#a8448a", "#8f6a00", "#3f4650"])
    private static let dark = Theme(
        paper: "#10151a", sea: "#17202a", land: "#37434e", borders: "#17202a", net: "#222e3a", rim: "#46535f",
        ink: "#eef2f5", soft: "#a3b0bb",
        routes: ["#5bb8f0", "#ff8f4a", "#34cfa3", "#ee9fcf", "#f2cf3a", "#f4f6f8"])

    private static let dashes: [[Double]] = [
        [], [9, 3], [9, 2.5, 1.5, 2.5], [4, 2.5], [14, 3, 3, 3], [6, 2, 1.5, 2, 1.5, 2],
    ]

    /// The class for the colour of a route.
    static func color(_ route: Int) -> String { "c\(route % light.routes.count)" }

    /// The class for the dashes of a route. When the colours repeat, the dashes differ.
    static func dash(_ route: Int) -> String {
        "d\((route + route / light.routes.count) % dashes.count)"
    }

    /// The classes of the picture element.
    var classes: String {
        switch appearance {
        case .automatic: "geomap geomap-automatic"
        case .light: "geomap geomap-light"
        case .dark: "geomap geomap-dark"
        }
    }

    /// The style sheet. Its rules apply only to pictures of this kind, so it can be part of a page.
    var css: String {
        var css = Self.common
        switch appearance {
        case .automatic:
            css += colors(Self.light, root: "geomap-automatic")
            css += "@media (prefers-color-scheme:dark){\n" + colors(Self.dark, root: "geomap-automatic") + "}\n"
        case .light: css += colors(Self.light, root: "geomap-light")
        case .dark: css += colors(Self.dark, root: "geomap-dark")
        }
        css += sizes(.medium)
        css += "@media (max-width:560px){\n" + sizes(.small) + "}\n"
        css += "@media (min-width:1100px){\n" + sizes(.large) + "}\n"
        return css
    }

    private static let common = """
        .geomap{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
        .geomap path{fill:none;stroke-linejoin:round}
        .geomap .borders{stroke-width:.8}
        .geomap .net{stroke-width:.7}
        .geomap .rim{stroke-width:1.2}
        .geomap .case,.geomap .way{stroke-linecap:round}
        .geomap .gap{stroke-opacity:.75}
        .geomap text{stroke:none}
        .geomap .label{font-weight:600}
        .geomap .halo{stroke-linejoin:round;paint-order:stroke}
        .geomap .title{font-weight:700}
        .geomap .name{font-weight:600}

        """

    private func colors(_ theme: Theme, root: String) -> String {
        let rules = [
            (".paper", "fill:\(theme.paper)"), (".sea", "fill:\(theme.sea)"), (".land", "fill:\(theme.land)"),
            (".borders", "stroke:\(theme.borders)"), (".net", "stroke:\(theme.net)"), (".rim", "stroke:\(theme.rim)"),
            (".case", "stroke:\(theme.sea)"), ("text", "fill:\(theme.ink)"),
            (".soft", "fill:\(theme.soft)"), (".halo", "stroke:\(theme.sea)"), (".leader", "stroke:\(theme.soft)"),
            (".pin", "stroke:\(theme.sea)"), (".arrow", "stroke:\(theme.sea)"), (".fill.shared", "fill:\(theme.ink)"),
            (".way.shared", "stroke:\(theme.ink)"), (".bare", "fill:none"),
            (".ring", "fill:\(theme.sea)"), (".ring.shared", "fill:\(theme.sea);stroke:\(theme.ink)"),
        ]
        var css = rules.map { ".\(root) \($0.0){\($0.1)}\n" }.joined()
        for route in 0..<min(routes, theme.routes.count) {
            let name = Self.color(route)
            let color = theme.routes[route]
            css += ".\(root) .way.\(name),.\(root) .ring.\(name){stroke:\(color)}\n"
            css += ".\(root) .fill.\(name){fill:\(color)}\n"
        }
        return css
    }

    private func sizes(_ scale: MapScale) -> String {
        func number(_ value: Double) -> String { PathData.number(value) }
        var css = ""
        for other in MapScale.allCases {
            css += ".geomap .\(other.rawValue){display:\(other == scale ? "inline" : "none")}\n"
        }
        css += ".geomap .way{stroke-width:\(number(scale.stroke))}\n"
        css += ".geomap .case{stroke-width:\(number(scale.stroke * 1.9))}\n"
        for index in Set((0..<routes).map { ($0 + $0 / Self.light.routes.count) % Self.dashes.count }).sorted() {
            let dashes = Self.dashes[index]
            guard !dashes.isEmpty else { continue }
            let lengths = dashes.map { number($0 * scale.factor) }.joined(separator: " ")
            css += ".geomap .d\(index){stroke-dasharray:\(lengths)}\n"
        }
        css += ".geomap .gap{stroke-dasharray:.1 \(number(scale.stroke * 2.1))}\n"
        return css
    }
}

extension GeoMap {
    /// The style sheet of all maps that follow the reader's system, for pages that allow no style within elements. The width
    /// of the element around a map decides which size of text is shown, if it is a container.
    package static let styleSheet = MapStyle(appearance: .automatic, routes: 6).css
        .replacing("@media (max-width", with: "@container (max-width")
        .replacing("@media (min-width", with: "@container (min-width")
}
