import Testing
import TraceCore

@testable import GeoKit

@Suite(.onItsOwnThread) struct `Text on maps` {
    @Test(arguments: [false, true])
    func `is never wider than it is thought to be`(isBold: Bool) {
        for sign in (0x20...0x7E).compactMap(Unicode.Scalar.init).map(String.init) + [
            "\u{2192}", "\u{2026}", "\u{2013}",
        ] {
            let real = SVGText.width(sign, size: 10, isBold: isBold)
            let thought = MapText.width(sign, size: 10, isBold: isBold)
            #expect(thought >= real - 1e-9 && thought < real * 1.5, "\(sign): \(thought), \(real)")
        }
    }

    @Test(arguments: [0.0, 3, 20, 60, 200, 900])
    func `is cut to the room there is`(room: Double) {
        let shown = MapText.cut("ae12.cr1.nrt1.pacific.example", size: 12, room: room)
        #expect(MapText.width(shown, size: 12) <= room)
        #expect(room < 200 || shown == "ae12.cr1.nrt1.pacific.example")
        #expect(room > 3 || shown.isEmpty)
    }

    @Test(arguments: 1...6, [80.0, 140, 300, 2000])
    func `as a list stays in its lines and says how much is left out`(limit: Int, room: Double) {
        let items = (1...9).map { UntrustedText("place number \($0)") }
        let lines = MapText.lines(items, opening: "at:", separator: ",", size: 10, room: room, limit: limit)
        #expect(lines.count <= limit)
        #expect(lines.allSatisfy { MapText.width($0, size: 10) <= room || room < 100 }, "\(lines)")
        let text = lines.joined(separator: " ")
        let shown = text.split(separator: ",").count { $0.contains("place") }
        if text.contains("more") {
            #expect(text.hasSuffix(" and \(9 - shown) more") || room < 100, "\(text)")
        } else {
            #expect(shown == 9)
        }
    }

    @Test func `gives round trips as far as they can be told apart`() {
        #expect(MapText.time(.microseconds(640)) == "0.6 ms")
        #expect(MapText.time(.microseconds(12_340)) == "12.3 ms")
        #expect(MapText.time(.microseconds(287_100)) == "287 ms")
    }
}
