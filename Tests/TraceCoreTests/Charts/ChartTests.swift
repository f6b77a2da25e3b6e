import Testing
import TraceCoreFuzzChecks

@testable import TraceCore

@Suite struct `Charts` {
    private static let widths = [360, 800, 1600]

    private func check(_ svg: String, width: Int) {
        let reading = ChartReading(svg)
        #expect(reading.width == Double(width))
        #expect(reading.elements.first?.attributes["role"] == "img")
        #expect(reading.all("title").count == 1 && reading.all("desc").count == 1 && reading.all("style").count == 1)
        let names = Set(reading.elements.map(\.name))
        #expect(names.isSubset(of: ["svg", "title", "desc", "style", "rect", "path", "text"]))
        let attributes = Set(reading.elements.flatMap(\.attributes.keys))
        #expect(!attributes.contains { $0.hasSuffix("href") || $0.hasPrefix("on") || $0 == "style" })
        #expect(!svg.contains("nan") && !svg.contains("url(") && !svg.contains("@import"))
        for box in reading.boxes() {
            #expect(
                box.left >= 0 && box.right <= reading.width && box.top >= 0 && box.bottom <= reading.height,
                "\(box) leaves a picture of \(reading.width) by \(reading.height)")
        }
        let boxes = reading.boxes(share: 0.9)
        for (index, box) in boxes.enumerated() {
            for other in boxes[(index + 1)...] where box.overlaps(other) {
                Issue.record("\(box) overlaps \(other) at width \(width)")
            }
        }
    }

    @Test(arguments: ChartRuns.Kind.allCases, widths)
    func `of the demo are whole and readable at any width`(kind: ChartRuns.Kind, width: Int) async throws {
        let events = try await ChartRuns.demo(kind)
        check(try ChartRuns.svg(kind, events, width: width), width: width)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `of strange runs keep their text inside, and apart`(seed: UInt64) throws {
        let events = ChartRuns.strange(seed: seed)
        for kind in ChartRuns.Kind.allCases {
            for width in [280, 360, 1600] {
                let svg = try ChartRuns.svg(kind, events, width: width)
                check(svg, width: width)
                #expect(svg == (try ChartRuns.svg(kind, events, width: width)))
                try checkTerminalText(Array(svg.utf8))
            }
        }
    }
}
