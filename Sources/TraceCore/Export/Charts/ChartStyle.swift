/// The style sheet of a chart, for light and dark screens.
///
/// Blue and orange stay apart with any kind of colour vision, and nothing is told by colour alone: losses have a height, lines a
/// pattern and a label, marks a shape. The shades of one kind get steadily darker, or lighter on dark paper.
package enum ChartStyle {
    private struct Theme {
        let paper, ink, soft, grid, data, band, middle: String
        /// Shades of a cell: how much slower it was.
        let slower: [String]
        /// Shades of a loss bar: how much was lost.
        let losses: [String]
    }

    private static let light = Theme(
        paper: "#ffffff", ink: "#1c2733", soft: "#55616d", grid: "#e1e7ec", data: "#0067a8", band: "#0067a8",
        middle: "#00365c", slower: ["#e6eff6", "#b5d3ea", "#74abd6", "#3578ad"],
        losses: ["#e9a268", "#d97b2b", "#b95000", "#7c2a00"])
    private static let dark = Theme(
        paper: "#10151a", ink: "#eef2f5", soft: "#a3b0bb", grid: "#26313b", data: "#5bb8f0", band: "#5bb8f0",
        middle: "#d3ecfc", slower: ["#1a2a38", "#24506f", "#3a82b0", "#78bfe9"],
        losses: ["#8c4a17", "#c2661c", "#f08a3c", "#ffc08f"])

    /// The number of shades for how much slower a cell was.
    static let slowerShades = light.slower.count
    /// The number of shades for how much was lost.
    static let lossShades = light.losses.count

    /// The rules apply only to charts, so that one can be part of a page.
    package static let css =
        common + colors(light) + "@media (prefers-color-scheme:dark){\n" + colors(dark) + "}\n"

    private static let common = """
        .tracechart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;\
        max-width:100%;height:auto}
        .tracechart path{fill:none;stroke-linejoin:round}
        .tracechart .title,.tracechart .strong{font-weight:700}
        .tracechart .grid,.tracechart .axis{stroke-width:1}
        .tracechart .dots{stroke-width:4;stroke-linecap:round}
        .tracechart .hollow,.tracechart .whisker{stroke-width:1.3}
        .tracechart .lost{stroke-width:1.8}
        .tracechart .p50,.tracechart .middle{stroke-width:1.8}
        .tracechart .p90{stroke-width:1.3;stroke-dasharray:7 4}
        .tracechart .p99{stroke-width:1.3;stroke-dasharray:1.5 3.5}
        .tracechart .silent{stroke-width:1.3;stroke-dasharray:2 5}
        .tracechart .wide{fill-opacity:.25}
        .tracechart .narrow{fill-opacity:.42}
        .tracechart .median{stroke-width:3}

        """

    private static func colors(_ theme: Theme) -> String {
        var rules = [
            (".paper", "fill:\(theme.paper)"), ("text", "fill:\(theme.ink)"), (".soft", "fill:\(theme.soft)"),
            (".grid", "stroke:\(theme.grid)"), (".axis", "stroke:\(theme.soft)"), (".dots", "stroke:\(theme.data)"),
            (".whisker", "stroke:\(theme.data)"), (".hollow", "stroke:\(theme.soft)"),
            (".lost", "stroke:\(theme.losses[2])"), ("text.strong", "fill:\(theme.losses[2])"),
            (".p50", "stroke:\(theme.ink)"), (".p90", "stroke:\(theme.ink)"), (".p99", "stroke:\(theme.ink)"),
            (".silent", "stroke:\(theme.soft)"), (".wide", "fill:\(theme.band)"), (".narrow", "fill:\(theme.band)"),
            (".middle", "stroke:\(theme.middle)"), (".median", "stroke:\(theme.middle)"),
            (".beyond", "fill:\(theme.data)"), (".change", "fill:\(theme.ink);stroke:\(theme.paper)"),
        ]
        for (index, shade) in theme.slower.enumerated() { rules.append((".s\(index)", "fill:\(shade)")) }
        for (index, shade) in theme.losses.enumerated() { rules.append((".l\(index)", "fill:\(shade)")) }
        // The element has to be in the rule, or that for every path would win.
        return rules.map { selector, rule in
            let isOfPath = selector.hasPrefix(".") && selector != ".paper" && selector != ".soft"
            return ".tracechart \(isOfPath ? "path" : "")\(selector){\(rule)}\n"
        }.joined()
    }
}
