import TraceCoreFuzzChecks
import Testing
import TraceCore

@testable import TraceCoreCommandLine

@Suite struct `Names that strangers gave, on the screen` {
    /// What a name can be made of to do harm.
    static let weapons: [String] = [
        "\u{1B}[2J", "\u{1B}[31m", "\u{1B}]0;title\u{7}", "\u{1B}]8;;http://evil.example\u{1B}\\",
        "\u{1B}]52;c;QQ==\u{7}",
        "\u{9B}2J", "\u{9D}0;t\u{9C}", "\u{90}q\u{9C}", "\u{1B}P+q\u{1B}\\", "\u{1B}[?1049l", "\u{1B}c", "\u{1B}(0",
        "\u{E}",
        "\r", "\n", "\t", "\u{8}", "\u{7}", "\u{0}", "\u{7F}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}",
        "\u{2028}",
        "\u{85}", "\u{AD}", "\u{E0041}", "\u{FE0F}", "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "東京",
        "\u{FFFD}",
        "\\u{1b}", "…", "█", "😀", "\u{1F1E9}\u{1F1EA}", "\u{10FFFF}", "%s%n", "0.0%   10", " ", "a", "z9", ".",
    ]

    /// Ten thousand names: of the weapons, of any bytes at all, empty ones, and ones of 255 bytes.
    static let names: [UntrustedText] = {
        var random = SeededGenerator(seed: 52)
        return (0..<10_000).map { number in
            switch number % 5 {
            case 0: UntrustedText(decoding: (0..<255).map { _ in UInt8.random(in: 0...255, using: &random) })
            case 1: UntrustedText(decoding: (0..<number % 40).map { _ in UInt8.random(in: 0...255, using: &random) })
            case 2: UntrustedText(String((0..<8).flatMap { _ in weapons.randomElement(using: &random)! }.prefix(255)))
            case 3: UntrustedText(weapons[number / 5 % weapons.count] + "host.example")
            default: UntrustedText(number % 10 == 4 ? "" : "host" + weapons.randomElement(using: &random)!)
            }
        }
    }()

    /// A path on which so many of the names answer, many at each hop.
    private func view(of names: ArraySlice<UntrustedText>) -> PathView {
        var view = PathView()
        let target = IPAddress(v6: 1 << 120)
        let run = RunDescription(
            verb: "monitor", target: ProbeTarget(name: names.first?.raw, address: target),
            method: ProbeMethod(rawValue: names.last?.raw ?? ""), mode: names.first?.raw ?? "", startedAt: .epoch)
        view.apply(ProbeEvent(at: .zero, .started(run)))
        for (index, name) in names.enumerated() {
            let from = IPAddress(v6: UInt128(index + 1))
            let probe = Probe(
                id: index, target: target, ttl: UInt8(index / 8 + 1), sequence: index % 8, flow: UInt16(index % 8))
            view.apply(ProbeEvent(at: .zero, .sent(probe)))
            view.apply(
                ProbeEvent(at: .zero, .reply(probe, ProbeReply(from: from, rtt: .milliseconds(1), kind: .timeExceeded)))
            )
            view.apply(ProbeEvent(at: .zero, .named(from, name)))
        }
        let error = ProbeError(.network, names.first?.raw ?? "", remedy: names.last?.raw)
        view.apply(ProbeEvent(at: .zero, .sendFailed(Probe(id: 999, target: target, ttl: 1, sequence: 9), error)))
        view.apply(ProbeEvent(at: .zero, .ended(RunEnd(.failed, error: error))))
        return view
    }

    @Test func `let no control byte and no sequence of theirs reach the terminal, and move nothing`() {
        #expect(Self.names.count == 10_000)
        var painter = FramePainter(allowsColor: true, allowsUnicode: true)
        var shown = 0
        for start in stride(from: 0, to: Self.names.count, by: 200) {
            let view = view(of: Self.names[start..<start + 200])
            for display in [PathScreenState.Display.latency, .history, .paths].prefix(start % 2000 == 0 ? 3 : 1) {
                var state = PathScreenState()
                (state.display, state.showsAddressesToo) = (display, display != .latency)
                let size = ScreenSize(columns: 100, rows: 216)
                let frame = PathDrawing(view, state, PathPictures.placed, size: size).frame
                painter.forget()
                var screen = ScreenEmulator(columns: size.columns, rows: size.rows)
                let bytes = painter.paint(frame)
                screen.feed(bytes)
                #expect(screen.violations.isEmpty, "\(screen.violations.prefix(3))")
                // Apart from the escape byte of the painter's own sequences, nothing below a space and no DEL.
                #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x1B })
                let text = screen.text
                #expect(text == frame.text)
                if display == .paths { expectAllPaths(text) }
                shown += text.count { $0.contains("\\u{") || $0.contains("\\x{") }
                if display == .latency { expectFiguresInPlace(screen) }
            }
        }
        // Not because they were left out.
        #expect(shown > 5000)
    }

    /// There are eight paths, each with all of its hops, and hostile names among them.
    private func expectAllPaths(_ text: [String]) {
        #expect(text[3].hasPrefix("8 paths, "))
        for ttl in 1...25 {
            let number = (ttl < 10 ? " " : "") + "\(ttl). "
            #expect(text.count { $0.hasPrefix(number) } == 8)
        }
        #expect(text.contains { $0.contains("\\u{1b}") })
    }

    /// The loss of every hop ends where its heading does.
    private func expectFiguresInPlace(_ screen: ScreenEmulator) {
        let heading = screen.rows[3].map(\.text)
        guard let end = heading.firstIndex(of: "%") else {
            Issue.record("no heading: \(heading.joined())")
            return
        }
        let figures = screen.rows.filter { $0[2].text == "." && $0[1].text.first?.isNumber == true }
        #expect(figures.count == 25)
        for row in figures { #expect(row[(end - 4)...end].map(\.text).joined() == " 0.0%") }
    }

    @Test func `let nothing through to a report either`() throws {
        for start in stride(from: 0, to: Self.names.count, by: 200) {
            let path = try #require(view(of: Self.names[start..<start + 200]).report)
            let report = MTRReport(
                path, hosts: start % 400 == 0 ? .names : .both, sourceName: Self.names[start].raw)
            let json = try JSON.text(report, style: .pretty).split(separator: "\n").map(String.init)
            let csv = report.csvLines()
            for line in report.textLines() + report.textLines(isWide: true) + csv + json {
                #expect(line.unicodeScalars.allSatisfy { $0.isHarmless })
            }
            #expect(csv.count == path.hops.count + 1)
        }
    }
}
